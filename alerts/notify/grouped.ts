import { jobNotice, manyJobsNotice, type Context } from './compose.js';
import type { Notice, NoticeItem } from './notice.js';
import { MANY_JOBS, type Route } from './settings.js';
import { groupBy } from './waiting.js';

export interface ToTell {
  readonly key: string;
  readonly item: NoticeItem;
  readonly owner: string | undefined;
  /** Notices that this one ends or reminds of. */
  readonly follows: readonly string[];
}

export interface Grouping {
  readonly kind: 'opened' | 'reminder' | 'resolved';
  readonly route: Route;
  readonly context: Context;
  readonly nowMs: number;
  readonly nextId: () => string;
  /** It was said just now that many jobs of the cluster are in trouble. */
  readonly isStorm: boolean;
}

/** Causes of one cluster as messages: one per job; one for all where there are many jobs. */
export function groupedNotices<T extends ToTell>(
  causes: readonly T[],
  { kind, route, context, nowMs, nextId, isStorm }: Grouping,
): readonly { readonly notice: Notice; readonly causes: readonly T[] }[] {
  const jobs = [...groupBy(causes, ({ item }) => item.jobName).values()];
  const isMany = jobs.length >= (isStorm ? 2 : MANY_JOBS);
  return (isMany ? [causes] : jobs).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const notice = (isMany ? manyJobsNotice : jobNotice)({
      id: nextId(),
      kind,
      route,
      cluster: first.item.cluster,
      owner: first.owner,
      items: group.map(({ item }) => item),
      follows: group.flatMap(({ follows }) => follows),
      nowMs,
      context,
    });
    return [{ notice, causes: group }];
  });
}
