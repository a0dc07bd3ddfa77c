import { ClusterWatch } from './cluster-watch.js';
import { clusterNotices } from './cluster-notices.js';
import { itemOf, type Context } from './compose.js';
import { Endings } from './endings.js';
import { clusterKey, findingKey, type Decision, type Entry, type ToldFinding } from './entries.js';
import { groupedNotices, type Grouping, type ToTell } from './grouped.js';
import { routesFor } from './match.js';
import type { Notice } from './notice.js';
import { waits } from './quiet-hours.js';
import { FORGOTTEN_MS, MAX_ENTRIES, STORM_MS, STORM_WAIT_MS, type Route } from './settings.js';
import type { ClusterView, Sighting } from './sighting.js';
import { Told } from './told.js';
import { groupBy, Waiting, type Wait } from './waiting.js';

export interface LedgerOptions {
  readonly routes: readonly Route[];
  readonly context: Context;
  /** Told in an earlier life of the service. */
  readonly told: ReadonlyMap<string, Entry>;
  readonly startedMs: number;
}

/**
 * Decides who is to be told what and when: routing, grouping, quiet hours, repeats, ends, each cause once. Neither clock nor IO: the
 * caller tells the time, keeps what was decided, and sends.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #told: Told;
  readonly #waiting = new Waiting();
  readonly #endings = new Endings();
  readonly #clusters = new ClusterWatch();
  /** When a route was last told of many jobs of a cluster at once. */
  readonly #stormMs = new Map<string, number>();
  /** Causes that there was no room to keep in mind. */
  dropped = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#told = new Told(options.told);
    const names = new Set(options.routes.map(({ name }) => name));
    for (const [key, { route }] of options.told) if (!names.has(route)) this.#told.set(key, undefined);
  }

  /** What a round of a cluster has shown. */
  observe(view: ClusterView, nowMs: number): void {
    this.#clusters.hear(view, nowMs);
    if (view.state === 'unknown') return;
    const seen = new Map(view.sightings.map((sighting) => [sighting.findingId, sighting]));
    for (const [key, entry] of this.#told.all())
      if (entry.what === 'finding' && entry.cluster === view.cluster)
        this.#endings.follow(key, entry, seen.get(entry.item.findingId), view, nowMs);
    const wanted = view.sightings.flatMap((sighting) => this.#want(sighting, view.owner, nowMs));
    this.#waiting.keepOf(view.cluster, new Set(wanted));
  }

  /** All that is due now. Kept in mind at once; the caller keeps it on disk with the notices. */
  decide(nowMs: number): Decision {
    const { routes, context, startedMs } = this.#options;
    const parts = { routes, context, startedMs, clusters: this.#clusters, told: this.#told };
    const notices = routes.flatMap((route) => [
      ...this.#ends(route, nowMs),
      ...clusterNotices(parts, route, nowMs),
      ...this.#openings(route, nowMs),
      ...this.#reminders(route, nowMs),
    ]);
    this.#forget(nowMs);
    return { entries: this.#told.takeChanges(), notices };
  }

  /** Keys under which a cause waits to be told; none where it was told already, or is none to tell. */
  #want(sighting: Sighting, owner: string | undefined, nowMs: number): readonly string[] {
    if (!sighting.isToTell) return [];
    return routesFor(this.#options.routes, { ...sighting, owner }).flatMap((route) => {
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
    return [...groupBy(ready, ([, { sighting }]) => sighting.cluster)].flatMap(([cluster, group]) => {
      const sinceMs = Math.min(...group.map(([, wait]) => wait.sinceMs));
      const waitMs = this.#isStorm(route, cluster, nowMs)
        ? Math.max(route.groupWaitMs, STORM_WAIT_MS)
        : route.groupWaitMs;
      return nowMs - sinceMs < waitMs ? [] : this.#tellOpened(route, group, nowMs);
    });
  }

  #isStorm(route: Route, cluster: string, nowMs: number): boolean {
    const atMs = this.#stormMs.get(clusterKey(route.name, cluster));
    return atMs !== undefined && nowMs - atMs < STORM_MS;
  }

  #tellOpened(route: Route, group: readonly (readonly [string, Wait])[], nowMs: number): readonly Notice[] {
    const opened = group.map(([key, { sighting, owner }]) => ({
      key,
      owner,
      item: itemOf(sighting, route.language, this.#options.context),
      follows: this.#told.firstNotice(key),
    }));
    const notices = this.#grouped('opened', route, opened, nowMs, ({ key, owner, item }, noticeId) => {
      this.#waiting.delete(key);
      this.#told.set(key, {
        what: 'finding',
        route: route.name,
        cluster: item.cluster,
        ...(owner === undefined ? {} : { owner }),
        item,
        noticeId: this.#told.firstNotice(key)[0] ?? noticeId,
        toldMs: nowMs,
      });
    });
    for (const { kind, cluster } of notices)
      if (kind === 'many-jobs' && cluster !== undefined) this.#stormMs.set(clusterKey(route.name, cluster), nowMs);
    return notices;
  }

  #ends(route: Route, nowMs: number): readonly Notice[] {
    const over = this.#toldTo(route).flatMap(({ key, entry, ...cause }) => {
      const ending = this.#endings.get(key);
      if (ending === undefined || waits(route.quietHours, entry.item.severity, nowMs)) return [];
      return [{ ...cause, key, ending, item: { ...entry.item, resolvedMs: ending.resolvedMs } }];
    });
    return [...groupBy(over, ({ item }) => item.cluster).values()].flatMap((group) => {
      const sinceMs = Math.min(...group.map(({ ending }) => ending.sinceMs));
      if (nowMs - sinceMs < route.groupWaitMs) return [];
      const notices = route.tellsResolved ? this.#grouped('resolved', route, group, nowMs, () => undefined) : [];
      for (const { key } of group) this.#end(key);
      return notices;
    });
  }

  #end(key: string): void {
    this.#endings.forget(key);
    this.#told.set(key, undefined);
  }

  /** Once one cause of a job is due, all that stand in that job are in the message, and count from now. */
  #reminders(route: Route, nowMs: number): readonly Notice[] {
    const standing = this.#toldTo(route).flatMap((cause) => {
      const sighting = this.#endings.standing(cause.key);
      const isHeld =
        !this.#clusters.isReachable(cause.entry.cluster) || waits(route.quietHours, cause.item.severity, nowMs);
      return sighting === undefined || isHeld
        ? []
        : [{ ...cause, item: itemOf(sighting, route.language, this.#options.context) }];
    });
    return [...groupBy(standing, ({ item }) => item.cluster).values()].flatMap((cluster) => {
      const late = [...groupBy(cluster, ({ item }) => item.jobName).values()].filter((job) =>
        job.some(({ entry }) => nowMs - entry.toldMs >= route.repeatMs),
      );
      return this.#grouped('reminder', route, late.flat(), nowMs, ({ key, entry, item }) =>
        this.#told.set(key, { ...entry, item, toldMs: nowMs }),
      );
    });
  }

  #toldTo(route: Route): readonly (ToTell & { readonly entry: ToldFinding })[] {
    return this.#told.all().flatMap(([key, entry]) => {
      if (entry.what !== 'finding' || entry.route !== route.name) return [];
      return [{ key, entry, item: entry.item, owner: entry.owner, follows: [entry.noticeId] }];
    });
  }

  #grouped<T extends ToTell>(
    kind: Grouping['kind'],
    route: Route,
    causes: readonly T[],
    nowMs: number,
    told: (cause: T, noticeId: string) => void,
  ): readonly Notice[] {
    const { context } = this.#options;
    const nextId = (): string => this.#told.nextNoticeId(route, nowMs);
    const [first] = causes;
    const isStorm = first !== undefined && this.#isStorm(route, first.item.cluster, nowMs);
    return groupedNotices(causes, { kind, route, context, nowMs, nextId, isStorm }).map(({ notice, causes: group }) => {
      for (const cause of group) told(cause, notice.id);
      return notice;
    });
  }

  /** A cluster that was there before a restart and is watched no more leaves nothing behind. */
  #forget(nowMs: number): void {
    for (const [key, atMs] of this.#stormMs) if (nowMs - atMs >= STORM_MS) this.#stormMs.delete(key);
    if (nowMs - this.#options.startedMs < FORGOTTEN_MS) return;
    for (const [key, { what, cluster }] of this.#told.all())
      if (what === 'finding' && this.#endings.get(key) === undefined && !this.#clusters.isKnown(cluster))
        this.#end(key);
  }
}
