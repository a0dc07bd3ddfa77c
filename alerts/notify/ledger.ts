import { ClusterWatch } from './cluster-watch.js';
import { backHeadline, goneHeadline, unknownHeadline } from './headline.js';
import { itemOf, jobNotice, manyJobsNotice, type Context } from './compose.js';
import { clusterKey, findingKey, type Decision, type Entry, type ToldFinding } from './entries.js';
import { linksBelow } from './links.js';
import { routesFor, routesForCluster } from './match.js';
import type { Notice, NoticeItem } from './notice.js';
import { waits } from './quiet-hours.js';
import { ABSENT_MS, FORGOTTEN_MS, MANY_JOBS, MAX_ENTRIES, type Route } from './settings.js';
import type { ClusterView, Sighting } from './sighting.js';
import { groupBy, Waiting, type Wait } from './waiting.js';

export interface LedgerOptions {
  readonly routes: readonly Route[];
  readonly context: Context;
  /** Told in an earlier life of the service. */
  readonly told: ReadonlyMap<string, Entry>;
  readonly startedMs: number;
}

/** An end that is still to be told: it waits as a beginning does, so that ends come together too. */
interface Ending {
  readonly sinceMs: number;
  readonly resolvedMs: number;
}

/**
 * Decides who is to be told what and when: routing, grouping, quiet hours, repeats, ends, each cause once. Neither clock nor IO: the
 * caller tells the time, keeps what was decided, and sends.
 */
export class Ledger {
  readonly #routes: readonly Route[];
  readonly #context: Context;
  readonly #told: Map<string, Entry>;
  readonly #waiting = new Waiting();
  readonly #endings = new Map<string, Ending>();
  readonly #absentSinceMs = new Map<string, number>();
  readonly #snoozed = new Set<string>();
  readonly #clusters = new ClusterWatch();
  readonly #startedMs: number;
  #changes = new Map<string, Entry | undefined>();
  #sequence = 0;
  /** Causes that there was no room to keep in mind. */
  dropped = 0;

  constructor({ routes, context, told, startedMs }: LedgerOptions) {
    this.#routes = routes;
    this.#context = context;
    this.#startedMs = startedMs;
    const names = new Set(routes.map(({ name }) => name));
    this.#told = new Map(told);
    for (const [key, { route }] of told) if (!names.has(route)) this.#set(key, undefined);
  }

  /** What a round of a cluster has shown. */
  observe(view: ClusterView, nowMs: number): void {
    this.#clusters.hear(view, nowMs);
    if (view.state === 'unknown') return;
    const seen = new Map(view.sightings.map((sighting) => [sighting.findingId, sighting]));
    for (const [key, entry] of this.#told)
      if (entry.what === 'finding' && entry.cluster === view.cluster) this.#follow(key, entry, seen, view, nowMs);
    const wanted = new Set(view.sightings.flatMap((sighting) => this.#want(sighting, view.owner, nowMs)));
    this.#waiting.keepOf(view.cluster, wanted);
  }

  /** All that is due now. Kept in mind at once; the caller keeps it on disk with the notices. */
  decide(nowMs: number): Decision {
    const notices = this.#routes.flatMap((route) => [
      ...this.#ends(route, nowMs),
      ...this.#clusterNotices(route, nowMs),
      ...this.#openings(route, nowMs),
      ...this.#reminders(route, nowMs),
    ]);
    this.#forget(nowMs);
    const entries = this.#changes;
    this.#changes = new Map();
    return { entries, notices };
  }

  #set(key: string, entry: Entry | undefined): void {
    if (entry === undefined) this.#told.delete(key);
    else this.#told.set(key, entry);
    this.#changes.set(key, entry);
  }

  #nextId(route: Route, nowMs: number): string {
    this.#sequence += 1;
    return `${route.name}-${nowMs.toString(36)}-${this.#sequence}`;
  }

  /** Whether what was told still stands. While Weir is not sure of it, it does. */
  #follow(
    key: string,
    entry: ToldFinding,
    seen: ReadonlyMap<string, Sighting>,
    view: ClusterView,
    nowMs: number,
  ): void {
    const id = entry.item.findingId;
    const sighting = seen.get(id);
    if (sighting !== undefined) {
      this.#endings.delete(key);
      this.#absentSinceMs.delete(key);
      if (sighting.isSnoozed) this.#snoozed.add(key);
      else this.#snoozed.delete(key);
      return;
    }
    if (this.#endings.has(key)) return;
    const resolvedMs = view.state === 'gone' ? nowMs : view.resolved.get(id);
    const sinceMs = this.#absentSinceMs.get(key) ?? nowMs;
    this.#absentSinceMs.set(key, sinceMs);
    if (resolvedMs !== undefined) this.#endings.set(key, { sinceMs: nowMs, resolvedMs });
    else if (nowMs - sinceMs >= ABSENT_MS) this.#endings.set(key, { sinceMs: nowMs, resolvedMs: sinceMs });
  }

  /** Keys under which a cause waits to be told; none where it was told already, or is none to tell. */
  #want(sighting: Sighting, owner: string | undefined, nowMs: number): readonly string[] {
    if (!sighting.isToTell) return [];
    return routesFor(this.#routes, { ...sighting, owner }).flatMap((route) => {
      const key = findingKey(route.name, sighting.findingId);
      const told = this.#told.get(key);
      const isWorse = told?.what === 'finding' && told.item.severity !== 'critical' && sighting.severity === 'critical';
      if (told !== undefined && !isWorse) return [];
      if (told === undefined && this.#told.size + this.#waiting.size >= MAX_ENTRIES) {
        this.dropped += 1;
        return [];
      }
      this.#waiting.add(key, { route, sighting, owner, sinceMs: nowMs });
      return [key];
    });
  }

  #openings(route: Route, nowMs: number): readonly Notice[] {
    const ready = this.#waiting
      .of(route)
      .filter(
        ([, { sighting }]) =>
          this.#clusters.isReachable(sighting.cluster) && !waits(route.quietHours, sighting.severity, nowMs),
      );
    return [...groupBy(ready, ([, { sighting }]) => sighting.cluster).values()].flatMap((group) => {
      const sinceMs = Math.min(...group.map(([, wait]) => wait.sinceMs));
      return nowMs - sinceMs < route.groupWaitMs ? [] : this.#tellOpened(route, group, nowMs);
    });
  }

  #tellOpened(route: Route, group: readonly (readonly [string, Wait])[], nowMs: number): readonly Notice[] {
    const opened = group.map(([key, { sighting, owner }]) => ({
      key,
      owner,
      item: itemOf(sighting, route.language, this.#context),
      follows: this.#firstNotice(key),
    }));
    return this.#grouped('opened', route, opened, nowMs, ({ key, owner, item }, noticeId) => {
      this.#waiting.delete(key);
      this.#set(key, {
        what: 'finding',
        route: route.name,
        cluster: item.cluster,
        ...(owner === undefined ? {} : { owner }),
        item,
        noticeId: this.#firstNotice(key)[0] ?? noticeId,
        toldMs: nowMs,
      });
    });
  }

  #firstNotice(key: string): readonly string[] {
    const told = this.#told.get(key);
    return told === undefined ? [] : [told.noticeId];
  }

  #ends(route: Route, nowMs: number): readonly Notice[] {
    const ended = [...this.#endings].flatMap(([key, ending]) => {
      const entry = this.#told.get(key);
      if (entry?.what !== 'finding' || entry.route !== route.name) return [];
      const { item, owner, noticeId } = entry;
      if (waits(route.quietHours, item.severity, nowMs)) return [];
      return [{ key, owner, follows: [noticeId], ending, item: { ...item, resolvedMs: ending.resolvedMs } }];
    });
    const due = [...groupBy(ended, ({ item }) => item.cluster).values()].filter(
      (group) => nowMs - Math.min(...group.map(({ ending }) => ending.sinceMs)) >= route.groupWaitMs,
    );
    return due.flatMap((group) => {
      const notices = route.tellsResolved ? this.#grouped('resolved', route, group, nowMs, () => undefined) : [];
      for (const { key } of group) this.#end(key);
      return notices;
    });
  }

  #end(key: string): void {
    this.#endings.delete(key);
    this.#absentSinceMs.delete(key);
    this.#snoozed.delete(key);
    this.#set(key, undefined);
  }

  /** Once one cause of a job is due, all that stand in that job are in the message, and count from now. */
  #reminders(route: Route, nowMs: number): readonly Notice[] {
    const standing = [...this.#told].flatMap(([key, entry]) =>
      entry.what === 'finding' &&
      entry.route === route.name &&
      this.#clusters.isReachable(entry.cluster) &&
      !this.#endings.has(key) &&
      !this.#absentSinceMs.has(key) &&
      !this.#snoozed.has(key) &&
      !waits(route.quietHours, entry.item.severity, nowMs)
        ? [{ key, entry, item: entry.item, owner: entry.owner, follows: [entry.noticeId] }]
        : [],
    );
    const due = [...groupBy(standing, ({ item }) => item.cluster).values()].flatMap((cluster) => {
      const jobs = [...groupBy(cluster, ({ item }) => item.jobName).values()];
      const late = jobs.filter((job) => job.some(({ entry }) => nowMs - entry.toldMs >= route.repeatMs));
      return late.length === 0 ? [] : [late.flat()];
    });
    return due.flatMap((group) =>
      this.#grouped('reminder', route, group, nowMs, ({ key, entry }) => this.#set(key, { ...entry, toldMs: nowMs })),
    );
  }

  /** One message per job; one for all where there are many jobs of the cluster. */
  #grouped<
    T extends { readonly item: NoticeItem; readonly owner: string | undefined; readonly follows: readonly string[] },
  >(
    kind: 'opened' | 'reminder' | 'resolved',
    route: Route,
    group: readonly T[],
    nowMs: number,
    told: (one: T, noticeId: string) => void,
  ): readonly Notice[] {
    const jobs = [...groupBy(group, ({ item }) => item.jobName).values()];
    const many = jobs.length >= MANY_JOBS;
    return (many ? [group] : jobs).flatMap((items) => {
      const [first] = items;
      if (first === undefined) return [];
      const notice = (many ? manyJobsNotice : jobNotice)({
        id: this.#nextId(route, nowMs),
        kind,
        route,
        cluster: first.item.cluster,
        owner: first.owner,
        items: items.map(({ item }) => item),
        follows: items.flatMap(({ follows }) => follows),
        nowMs,
        context: this.#context,
      });
      for (const one of items) told(one, notice.id);
      return [notice];
    });
  }

  #clusterNotices(route: Route, nowMs: number): readonly Notice[] {
    return [...this.#lostNotices(route, nowMs), ...this.#foundNotices(route, nowMs)];
  }

  #lostNotices(route: Route, nowMs: number): readonly Notice[] {
    if (waits(route.quietHours, 'warning', nowMs)) return [];
    return this.#clusters.lost(nowMs).flatMap(({ view: { cluster, owner, jobNames }, sinceMs }) => {
      const key = clusterKey(route.name, cluster);
      const told = this.#told.get(key);
      if (told !== undefined && nowMs - told.toldMs < route.repeatMs) return [];
      if (!routesForCluster(this.#routes, { cluster, owner, jobNames }).includes(route)) return [];
      const notice = this.#clusterNotice(route, cluster, owner, nowMs, {
        kind: 'cluster-unknown',
        headline: unknownHeadline(cluster, sinceMs, jobNames.length, route.language),
        follows: told === undefined ? [] : [told.noticeId],
      });
      const owned = owner === undefined ? {} : { owner };
      const noticeId = told?.noticeId ?? notice.id;
      this.#set(key, { what: 'cluster', route: route.name, cluster, ...owned, sinceMs, noticeId, toldMs: nowMs });
      return [notice];
    });
  }

  #foundNotices(route: Route, nowMs: number): readonly Notice[] {
    if (waits(route.quietHours, 'warning', nowMs)) return [];
    return [...this.#told].flatMap(([key, entry]) => {
      if (entry.what !== 'cluster' || entry.route !== route.name) return [];
      const { cluster, owner, sinceMs, noticeId } = entry;
      const isBack = this.#clusters.isReachable(cluster);
      if (!isBack && (this.#clusters.isKnown(cluster) || nowMs - this.#startedMs < ABSENT_MS)) return [];
      this.#set(key, undefined);
      if (!route.tellsResolved) return [];
      const headline = isBack
        ? backHeadline(cluster, sinceMs, nowMs, route.language)
        : goneHeadline(cluster, route.language);
      return [
        this.#clusterNotice(route, cluster, owner, nowMs, { kind: 'cluster-back', headline, follows: [noticeId] }),
      ];
    });
  }

  #clusterNotice(
    route: Route,
    cluster: string,
    owner: string | undefined,
    nowMs: number,
    said: Pick<Notice, 'kind' | 'headline' | 'follows'>,
  ): Notice {
    const { publicUrl } = this.#context;
    return {
      ...said,
      id: this.#nextId(route, nowMs),
      route: route.name,
      language: route.language,
      atMs: nowMs,
      severity: 'warning',
      cluster,
      ...(owner === undefined ? {} : { owner }),
      items: [],
      more: 0,
      ...(publicUrl === undefined ? {} : { link: linksBelow(publicUrl, route.language).fleet(cluster) }),
    };
  }

  /** A cluster that was there before a restart and is watched no more leaves nothing behind. */
  #forget(nowMs: number): void {
    if (nowMs - this.#startedMs < FORGOTTEN_MS) return;
    for (const [key, { what, cluster }] of this.#told)
      if (what === 'finding' && !this.#endings.has(key) && !this.#clusters.isKnown(cluster)) this.#end(key);
  }
}
