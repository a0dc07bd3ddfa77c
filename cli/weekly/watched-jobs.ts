import type { SeriesStore } from '../../collector/index.js';
import { ROLLUP_BUCKET_MS } from '../../collector/store/limits.js';
import { joined } from '../../reports/coverage.js';
import type { Span } from '../../reports/facts.js';

/** A job is its name: redeployments of the week are one. */
export interface WatchedJob {
  readonly cluster: string;
  readonly jobName: string;
  readonly watched: readonly Span[];
}

/** Steps in which the store is asked for its jobs: a hole that lies within one is not seen. */
const STEP_MS = 3_600_000;

export const keyOfJob = ({ cluster, jobName }: { readonly cluster: string; readonly jobName: string }): string =>
  JSON.stringify([cluster, jobName]);

/** Which jobs were read in a range, and when; one query of the store for each hour. */
export async function watchedJobs(store: SeriesStore, range: Span): Promise<ReadonlyMap<string, WatchedJob>> {
  const spans = new Map<string, { cluster: string; jobName: string; watched: Span[] }>();
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += STEP_MS) {
    const toMs = Math.min(range.toMs, fromMs + STEP_MS);
    for (const { cluster, jobName, firstMs, lastMs } of await store.jobs({ fromMs, toMs })) {
      const key = keyOfJob({ cluster, jobName });
      const job = spans.get(key) ?? { cluster, jobName, watched: [] };
      spans.set(key, job);
      // A rolled up figure says only in which five minutes something was read.
      job.watched.push({ fromMs: firstMs, toMs: Math.min(toMs, lastMs + ROLLUP_BUCKET_MS) });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return new Map([...spans].map(([key, job]) => [key, { ...job, watched: joined(job.watched) }]));
}
