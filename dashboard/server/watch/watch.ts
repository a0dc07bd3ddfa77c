import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  beatShare,
  type ClusterCollector,
  type CollectorStatus,
  type JobEvent,
  type RoundResult,
  type SeriesStore,
} from '../../../collector/index.js';
import { defined, type JobHistory, type JobSeasons } from '../../../collector/model/index.js';
import { analyzeJob, type AnalysisOptions, type JobReport } from '../../../analyzer/engine/analyze.js';
import type { LiveFinding, Snooze } from '../../../analyzer/engine/finding.js';
import type { Lives } from '../../../analyzer/engine/lifecycle.js';
import { withoutUncertain } from '../../../analyzer/engine/certain.js';
import type { AdviceCost } from '../../../analyzer/engine/recommendation.js';
import { withSnoozes } from '../../../analyzer/engine/snooze.js';
import { inLanguage } from '../../../analyzer/text.js';
import { presentCluster } from '../present/cluster.js';
import { EraBook } from './era-book.js';
import { LedgerBook } from './ledger-book.js';
import { encodeLives, restoreLives, LIVES_KIND } from './lives-record.js';
import { pictureEveryMs, takePicture } from './pictures.js';
import { RollingTrend } from './rolling-trend.js';
import { Turns } from './turns.js';
import { SnoozeBook } from './snoozes.js';

export interface WatchedCluster {
  readonly collector: ClusterCollector;
  readonly simulated: boolean;
}

/** What more slots and memory of a job cost in a week; undefined where that is not known. */
export type PriceOf = (
  cost: Pick<AdviceCost, 'slots' | 'memoryBytes'>,
  report: JobReport,
) => Required<Pick<AdviceCost, 'money' | 'currency'>> | undefined;

export interface WatchOptions {
  /** Watched from the start; others may come with `put`. */
  readonly clusters: readonly WatchedCluster[];
  readonly store: SeriesStore;
  /** Analysis options of one job: rules switched off or set otherwise for it. */
  readonly analysis: (cluster: string, jobName: string) => AnalysisOptions;
  readonly nowMs: () => number;
  /** What is usual for a job by the kept weeks; missing: nobody looks it up. */
  readonly seasons?: (cluster: string, jobName: string) => JobSeasons | undefined;
  /** What a change would cost in a week; missing: no prices are configured. */
  readonly priceOf?: PriceOf;
  /** Every job is judged after every round, whatever that costs: a replay must come out the same on any machine. */
  readonly judgesAll?: boolean;
  readonly onAnalysis?: (seconds: number) => void;
  /** A bug met while analysing one job; the others go on. */
  readonly onBug?: (error: Error) => void;
}

/** What the service knows now: the collectors' readings, judged after each round. */
export interface Watch {
  /** Begins to watch; `first` runs before the live rounds (the demo makes its past there). */
  start(first?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
  /** Watches one more cluster, or the one of its name by another collector: its findings go on. */
  put(cluster: WatchedCluster): void;
  /** Ends a cluster and forgets it; what is stored stays. */
  remove(name: string): Promise<void>;
  statuses(): readonly (CollectorStatus & { readonly simulated: boolean })[];
  reports(): readonly JobReport[];
  report(cluster: string, jobId: string): JobReport | undefined;
  /** Somebody looks at a job: the subtasks of all its vertices are read in every beat for a minute. */
  look(cluster: string, jobId: string): void;
  trends(cluster: string, jobName: string): { readonly lag: RollingTrend; readonly health: RollingTrend };
  /** Puts a finding aside, or back when the time has passed; every reader sees it at once. False: there are too many. */
  snooze(finding: LiveFinding, snooze: Snooze): boolean;
  /** True once every cluster had its first round, answered or not; one that comes later does not take that back. */
  ready(): boolean;
  onChange(listener: (change: WatchChange) => void): () => void;
}

export interface WatchChange {
  readonly cluster: string;
  readonly atMs: number;
  readonly jobIds: readonly string[];
}

/** Findings outlive a restart of the service when they are this young. */
const LIVES_RESTORED_MS = 600_000;
/** Findings are written when one opens or ends, and at least this often: the report counts time by them. */
const LIVES_SAVED_MS = 60_000;
/** Without a reading for longer than this, nobody looked: the cluster was away, or the machine that Weir runs on stood still. */
const PAUSE_MS = 60_000;
/** A cluster of a thousand jobs is judged in parts this long, so that requests and pages are answered in between. */
const TURN_MS = 25;
/** Half an hour of trend at a point a minute. */
const TREND_POINTS = 30;
const TREND_STEP_MS = 60_000;

export function createWatch(options: WatchOptions): Watch {
  const { store, analysis, nowMs, judgesAll = false } = options;
  const clusters = [...options.clusters];
  const reports = new Map<string, Map<string, JobReport>>();
  const lives = new Map<string, Lives>();
  const trendsByJob = new Map<string, { lag: RollingTrend; health: RollingTrend }>();
  const savedMs = new Map<string, number>();
  const picturedMs = new Map<string, number>();
  const firstRounds = new Set<string>();
  /** Last round that could be read, by cluster. */
  const readMs = new Map<string, number>();
  const turnsByCluster = new Map<string, Turns>();
  const snoozes = new SnoozeBook(store);
  const ledgers = new LedgerBook(store);
  const eraBook = new EraBook(store);
  const listeners = new Set<(change: WatchChange) => void>();
  const subscriptions = new Map<ClusterCollector, () => void>();
  let listening = false;
  let started = false;
  /** Collectors begun so far: each has its place in the beat. */
  let begun = 0;
  let wasReady = false;

  function trends(cluster: string, jobName: string): { lag: RollingTrend; health: RollingTrend } {
    const key = jobKey(cluster, jobName);
    const known = trendsByJob.get(key);
    if (known !== undefined) return known;
    const fresh = {
      lag: new RollingTrend(TREND_POINTS, TREND_STEP_MS),
      health: new RollingTrend(TREND_POINTS, TREND_STEP_MS),
    };
    trendsByJob.set(key, fresh);
    return fresh;
  }

  function certain(report: JobReport): JobReport {
    const recommendations = withoutUncertain(report.recommendations, report.findings);
    return recommendations === report.recommendations ? report : { ...report, recommendations };
  }

  function priced(report: JobReport): JobReport {
    const { priceOf } = options;
    if (priceOf === undefined || report.recommendations.length === 0) return report;
    const recommendations = report.recommendations.map((advice) => ({
      ...advice,
      cost: { ...advice.cost, ...priceOf(advice.cost, report) },
    }));
    return { ...report, recommendations };
  }

  function judge(read: JobHistory, key: string, awayMs: number): JobReport | undefined {
    const seasons = options.seasons?.(read.cluster, read.jobName);
    const eras = eraBook.of(key);
    const isPlain = seasons === undefined && eras === undefined;
    const history = isPlain ? read : { ...read, ...defined({ seasons, eras }) };
    const startedMs = performance.now();
    try {
      const before = resumed(lives.get(key) ?? new Map(), awayMs);
      const rules = analysis(history.cluster, history.jobName);
      const { report: judged, lives: after } = analyzeJob(history, before, judgedAtMs(history, nowMs()), rules);
      const followed = ledgers.follow(key, priced(certain(judged)));
      const asleep = snoozes.active(nowMs());
      const report = asleep.size === 0 ? followed : withSnoozes(followed, asleep);
      lives.set(key, after);
      eraBook.follow(key, report);
      const events = findingEvents(before, after, history);
      store.appendEvents(events);
      if (events.length > 0 || report.atMs - (savedMs.get(key) ?? 0) >= LIVES_SAVED_MS) {
        savedMs.set(key, report.atMs);
        store.saveReport({ ...idsOf(history), atMs: report.atMs, kind: LIVES_KIND, body: encodeLives(after) });
      }
      const lag = report.signals.get('lag');
      trends(history.cluster, history.jobName).lag.add(report.atMs, lag.ok ? lag.value.lagSeconds : undefined);
      trends(history.cluster, history.jobName).health.add(report.atMs, report.reachable ? report.health : undefined);
      if (
        report.reachable &&
        (events.length > 0 || report.atMs - (picturedMs.get(key) ?? 0) >= pictureEveryMs(report))
      ) {
        picturedMs.set(key, report.atMs);
        keepPicture(report);
      }
      return report;
    } catch (error) {
      options.onBug?.(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    } finally {
      const tookMs = performance.now() - startedMs;
      turnsByCluster.get(history.cluster)?.note(tookMs);
      options.onAnalysis?.(tookMs / 1000);
    }
  }

  function keepPicture(report: JobReport): void {
    const watched = clusters.find(({ collector }) => collector.status().name === report.cluster);
    if (watched === undefined) return;
    const { lag, health } = trends(report.cluster, report.jobName);
    const cluster = presentCluster({ ...watched.collector.status(), simulated: watched.simulated });
    takePicture(store, report, cluster, { lag: lag.at(report.atMs), health: health.at(report.atMs) });
  }

  async function onRound(collector: ClusterCollector, result: RoundResult): Promise<void> {
    store.append(result.batch);
    const histories = [...collector.histories(nowMs())].sort((a, b) => a.detail.startMs - b.detail.startMs);
    const known = reports.get(result.cluster) ?? new Map<string, JobReport>();
    const next = new Map<string, JobReport>();
    const awayMs = timeAway(result);
    const keys = new Set<string>();
    const turns = turnsOf(result);
    const watched = jobsElsewhere(result.cluster) + histories.length;
    let sinceMs = performance.now();
    for (const history of histories) {
      let key = jobKey(history.cluster, history.jobName);
      for (let nth = 1; keys.has(key); nth += 1) key = jobKey(history.cluster, history.jobName, nth);
      keys.add(key);
      const before = known.get(history.jobId);
      if (before !== undefined && !judgesAll && turns.mayWait(history, before, watched, nowMs())) {
        next.set(history.jobId, before);
        continue;
      }
      const report = judge(history, key, awayMs) ?? before;
      if (report !== undefined) {
        next.set(history.jobId, report);
        focusOnFindings(collector, report);
      }
      if (performance.now() - sinceMs < TURN_MS) continue;
      await nextTurn();
      sinceMs = performance.now();
    }
    if (!subscriptions.has(collector)) return;
    reports.set(result.cluster, next);
    if (result.ok) forget(result.cluster, keys);
    firstRounds.add(result.cluster);
    for (const listener of listeners)
      listener({ cluster: result.cluster, atMs: result.atMs, jobIds: [...next.keys()] });
  }

  function jobsElsewhere(cluster: string): number {
    return [...reports].reduce((jobs, [other, { size }]) => jobs + (other === cluster ? 0 : size), 0);
  }

  function turnsOf({ cluster }: RoundResult): Turns {
    const turns = turnsByCluster.get(cluster) ?? new Turns();
    turnsByCluster.set(cluster, turns);
    turns.begin(nowMs());
    return turns;
  }

  function snooze(finding: LiveFinding, until: Snooze): boolean {
    if (!snoozes.set(finding, until, nowMs())) return false;
    layOverReports();
    for (const listener of listeners) listener({ cluster: finding.cluster, atMs: nowMs(), jobIds: [finding.jobId] });
    return true;
  }

  function layOverReports(): void {
    const active = snoozes.active(nowMs());
    for (const jobs of reports.values())
      for (const [jobId, report] of jobs) jobs.set(jobId, withSnoozes(report, active));
  }

  /** How long nobody looked at the cluster before this round; 0 when the round before was not long ago. */
  function timeAway({ cluster, ok, atMs }: RoundResult): number {
    if (!ok) return 0;
    const sinceMs = readMs.get(cluster) ?? atMs;
    readMs.set(cluster, atMs);
    return atMs - sinceMs > PAUSE_MS ? atMs - sinceMs : 0;
  }

  /** What is kept of a job goes when the collector has forgotten the job: batch clusters see new names without end. */
  function forget(cluster: string, kept: ReadonlySet<string>): void {
    const ofCluster = jobKey(cluster, '').slice(0, -'""]'.length);
    for (const map of [lives, trendsByJob, savedMs, picturedMs])
      for (const key of map.keys()) if (key.startsWith(ofCluster) && !kept.has(key)) map.delete(key);
    for (const book of [ledgers, eraBook])
      for (const key of book.keys()) if (key.startsWith(ofCluster) && !kept.has(key)) book.forget(key);
  }

  function listen(collector: ClusterCollector): void {
    const ends = [
      collector.onPart((batch) => void store.append(batch)),
      collector.onRound((result) => onRound(collector, result)),
    ];
    subscriptions.set(collector, () => {
      for (const end of ends) end();
    });
  }

  /** Ends a collector: its rounds under way count for nothing. */
  async function drop({ collector }: WatchedCluster): Promise<void> {
    subscriptions.get(collector)?.();
    subscriptions.delete(collector);
    await collector.stop();
  }

  function put(cluster: WatchedCluster): void {
    const { name } = cluster.collector.status();
    const index = clusters.findIndex(({ collector }) => collector.status().name === name);
    const [before] = clusters.splice(index < 0 ? clusters.length : index, 1, cluster);
    if (before !== undefined) drop(before).catch(options.onBug);
    if (listening) listen(cluster.collector);
    if (started) begin(cluster);
  }

  function begin({ collector }: WatchedCluster): void {
    collector.start(beatShare(begun));
    begun += 1;
  }

  async function remove(name: string): Promise<void> {
    const index = clusters.findIndex(({ collector }) => collector.status().name === name);
    const [gone] = index < 0 ? [] : clusters.splice(index, 1);
    if (gone === undefined) return;
    const ended = drop(gone);
    reports.delete(name);
    firstRounds.delete(name);
    readMs.delete(name);
    turnsByCluster.delete(name);
    forget(name, new Set());
    for (const listener of listeners) listener({ cluster: name, atMs: nowMs(), jobIds: [] });
    await ended;
  }

  return {
    async start(first) {
      const restored = await restoreLives(store, nowMs(), LIVES_RESTORED_MS);
      for (const { cluster, jobName, lives: kept } of restored)
        lives.set(jobKey(cluster, jobName), seenAt(kept, nowMs()));
      await ledgers.restore(nowMs(), jobKey);
      await eraBook.restore(nowMs(), jobKey);
      for (const { collector } of clusters) listen(collector);
      listening = true;
      await first?.();
      // The demo's clock is right only when its past is made.
      await snoozes.restore(nowMs());
      layOverReports();
      started = true;
      for (const cluster of clusters) begin(cluster);
    },
    async stop() {
      for (const end of subscriptions.values()) end();
      await Promise.all(clusters.map(({ collector }) => collector.stop()));
    },
    put,
    remove,
    statuses: () => clusters.map(({ collector, simulated }) => ({ ...collector.status(), simulated })),
    reports: () => [...reports.values()].flatMap((jobs) => [...jobs.values()]),
    report: (cluster, jobId) => reports.get(cluster)?.get(jobId),
    look(cluster, jobId) {
      clusters.find(({ collector }) => collector.status().name === cluster)?.collector.focus(jobId);
    },
    trends,
    snooze,
    ready: () => (wasReady ||= started && clusters.every(({ collector }) => firstRounds.has(collector.status().name))),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A verdict wants the subtasks of its vertex in every beat, however wide the job is. */
export function focusOnFindings(collector: Pick<ClusterCollector, 'focus'>, { jobId, findings }: JobReport): void {
  const vertexIds = findings.flatMap(({ state, basis, severity, subject }) =>
    state === 'resolved' || basis !== 'measured' || severity === 'info' ? [] : (subject.vertexId ?? []),
  );
  if (vertexIds.length > 0) collector.focus(jobId, vertexIds);
}

/** While a cluster cannot be read its jobs are shown as they were last seen, not as windows that run empty. */
function judgedAtMs({ reachable, rounds }: JobHistory, nowMs: number): number {
  return reachable ? nowMs : (rounds.findLast(({ ok }) => ok)?.atMs ?? nowMs);
}

/** Findings of before a restart: the time in which Weir did not run does not count against them. */
function seenAt(lives: Lives, nowMs: number): Lives {
  return new Map(
    [...lives].map(([id, life]) => [
      id,
      life.state === 'firing' ? { ...life, lastSeenMs: Math.max(life.lastSeenMs, nowMs) } : life,
    ]),
  );
}

/** Time in which nobody could look does not count against a finding: it neither ends nor opens by it. */
function resumed(lives: Lives, awayMs: number): Lives {
  if (awayMs === 0) return lives;
  return new Map(
    [...lives].map(([id, life]) => [
      id,
      life.state === 'firing' ? { ...life, lastSeenMs: life.lastSeenMs + awayMs } : life,
    ]),
  );
}

/** Two jobs of one name that run side by side are told apart by which started first. */
function jobKey(cluster: string, jobName: string, nth = 0): string {
  return JSON.stringify(nth === 0 ? [cluster, jobName] : [cluster, jobName, nth]);
}

function idsOf({ cluster, jobName, jobId }: JobHistory): { cluster: string; jobName: string; jobId: string } {
  return { cluster, jobName, jobId };
}

/** What opened and what ended in this beat, for the time line. The store keeps one language: English. */
function findingEvents(before: Lives, after: Lives, history: JobHistory): readonly JobEvent[] {
  return [...after.values()].flatMap(({ id, state, finding, lastSeenMs, resolvedMs }): JobEvent[] => {
    const was = before.get(id)?.state;
    const text = inLanguage(finding.title, 'en');
    if (state === 'firing' && was !== 'firing')
      return [{ ...idsOf(history), atMs: lastSeenMs, kind: 'finding-opened', text, ref: id }];
    if (state === 'resolved' && was === 'firing')
      return [{ ...idsOf(history), atMs: resolvedMs ?? lastSeenMs, kind: 'finding-closed', text, ref: id }];
    return [];
  });
}
