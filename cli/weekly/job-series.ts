import type { SeriesMetric, SeriesQuery, SeriesStore } from '../../collector/index.js';
import { MAX_POINTS, ROLLUP_BUCKET_MS } from '../../collector/store/limits.js';
import type { JobWeek, Span } from '../../reports/facts.js';
import type { WatchedJob } from './watched-jobs.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Job = Pick<WatchedJob, 'cluster' | 'jobName'>;

/** A week in steps of a roll-up is as many points as one answer has. */
function query(
  { cluster, jobName }: Job,
  { fromMs, toMs }: Span,
  metric: SeriesMetric,
  stepMs: number,
  more: Pick<SeriesQuery, 'vertexId'> = {},
): SeriesQuery {
  const points = Math.max(1, Math.min(MAX_POINTS, Math.ceil((toMs - fromMs) / stepMs)));
  return { cluster, jobName, metric, fromMs, toMs, points, ...more };
}

async function valuesOf(store: SeriesStore, asked: SeriesQuery): Promise<readonly number[]> {
  return (await store.series(asked)).flatMap(({ value }) => value ?? []);
}

/** Highest backlog of each five minutes. */
export function lagRecordsOf(store: SeriesStore, job: Job, range: Span): Promise<readonly number[]> {
  return valuesOf(store, query(job, range, 'lagRecords', ROLLUP_BUCKET_MS));
}

/** What Flink's counter rose by; a redeployment sets it to zero, which is no restart. */
export async function restartsOf(store: SeriesStore, job: Job, range: Span): Promise<number | undefined> {
  const counts = await valuesOf(store, query(job, range, 'restarts', ROLLUP_BUCKET_MS));
  if (counts.length === 0) return undefined;
  return counts.reduce((total, count, i) => total + Math.max(0, i === 0 ? 0 : count - (counts[i - 1] ?? 0)), 0);
}

/** Of the busiest of these vertices, hour by hour; one query of the store. */
export async function busyOf(
  store: SeriesStore,
  job: Job,
  range: Span,
  vertexIds: readonly string[],
): Promise<readonly number[]> {
  if (vertexIds.length === 0) return [];
  const lines = await store.seriesOf(
    vertexIds.map((vertexId) => query(job, range, 'busyRatio', HOUR_MS, { vertexId })),
  );
  const highest = new Map<number, number>();
  for (const { atMs, value } of lines.flat())
    if (value !== null) highest.set(atMs, Math.max(highest.get(atMs) ?? 0, value));
  return [...highest.values()];
}

/** Day by day, because the store answers with the newest 5,000: of a job with more a day the share is that of those. */
export async function checkpointCounts(store: SeriesStore, job: Job, range: Span): Promise<JobWeek['checkpoints']> {
  let completed = 0;
  let failed = 0;
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += DAY_MS) {
    const { cluster, jobName } = job;
    const day = { fromMs, toMs: Math.min(range.toMs, fromMs + DAY_MS) };
    for (const { status, isSavepoint } of await store.checkpoints({ cluster, jobName }, day)) {
      if (isSavepoint) continue;
      if (status === 'COMPLETED') completed += 1;
      if (status === 'FAILED') failed += 1;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return completed + failed === 0 ? undefined : { completed, failed };
}
