import type { ClusterWatch } from './cluster-watch.js';
import type { Context } from './compose.js';
import { clusterKey } from './entries.js';
import { backHeadline, goneHeadline, unknownHeadline } from './headline.js';
import { linksBelow } from './links.js';
import { routesForCluster } from './match.js';
import type { Notice } from './notice.js';
import { waits } from './quiet-hours.js';
import { ABSENT_MS, type Route } from './settings.js';
import type { Told } from './told.js';

export interface ClusterNoticeParts {
  readonly routes: readonly Route[];
  readonly context: Context;
  readonly clusters: ClusterWatch;
  readonly told: Told;
  readonly startedMs: number;
}

/** Clusters that cannot be read, and those that can be again, for one route. To be unknown is a warning: nobody saw anything fail. */
export function clusterNotices(parts: ClusterNoticeParts, route: Route, nowMs: number): readonly Notice[] {
  if (waits(route.quietHours, 'warning', nowMs)) return [];
  return [...lost(parts, route, nowMs), ...found(parts, route, nowMs)];
}

function lost({ routes, context, clusters, told }: ClusterNoticeParts, route: Route, nowMs: number): Notice[] {
  return clusters.lost(nowMs).flatMap(({ view: { cluster, owner, jobNames }, sinceMs }) => {
    const key = clusterKey(route.name, cluster);
    const before = told.get(key);
    if (before !== undefined && nowMs - before.toldMs < route.repeatMs) return [];
    if (!routesForCluster(routes, { cluster, owner, jobNames }).includes(route)) return [];
    const notice = noticeOf({ route, cluster, owner, context }, told.nextNoticeId(route, nowMs), nowMs, {
      kind: 'cluster-unknown',
      headline: unknownHeadline(cluster, sinceMs, jobNames.length, route.language),
      follows: told.firstNotice(key),
    });
    told.set(key, {
      what: 'cluster',
      route: route.name,
      cluster,
      ...(owner === undefined ? {} : { owner }),
      sinceMs,
      noticeId: before?.noticeId ?? notice.id,
      toldMs: nowMs,
    });
    return [notice];
  });
}

function found({ context, clusters, told, startedMs }: ClusterNoticeParts, route: Route, nowMs: number): Notice[] {
  return told.all().flatMap(([key, entry]) => {
    if (entry.what !== 'cluster' || entry.route !== route.name) return [];
    const { cluster, owner, sinceMs, noticeId } = entry;
    const isBack = clusters.isReachable(cluster);
    const isStillLost = clusters.isKnown(cluster) || nowMs - startedMs < ABSENT_MS;
    if (!isBack && isStillLost) return [];
    told.set(key, undefined);
    if (!route.tellsResolved) return [];
    const headline = isBack
      ? backHeadline(cluster, sinceMs, nowMs, route.language)
      : goneHeadline(cluster, route.language);
    const said = { kind: 'cluster-back', headline, follows: [noticeId] } as const;
    return [noticeOf({ route, cluster, owner, context }, told.nextNoticeId(route, nowMs), nowMs, said)];
  });
}

function noticeOf(
  about: {
    readonly route: Route;
    readonly cluster: string;
    readonly owner: string | undefined;
    readonly context: Context;
  },
  id: string,
  nowMs: number,
  said: Pick<Notice, 'kind' | 'headline' | 'follows'>,
): Notice {
  const { route, cluster, owner, context } = about;
  const link =
    context.publicUrl === undefined ? undefined : linksBelow(context.publicUrl, route.language).fleet(cluster);
  return {
    ...said,
    id,
    route: route.name,
    language: route.language,
    atMs: nowMs,
    severity: 'warning',
    cluster,
    ...(owner === undefined ? {} : { owner }),
    items: [],
    more: 0,
    ...(link === undefined ? {} : { link }),
  };
}
