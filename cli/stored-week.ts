import type { SeriesStore } from '../collector/index.js';
import { SNOOZE_MS_MAX, storedSnoozes } from '../dashboard/server/watch/snoozes.js';
import type { Prices } from '../reports/cost.js';
import type { Week } from '../reports/facts.js';
import { WEEK_MS } from '../reports/iso-week.js';
import type { FleetInput } from '../reports/model.js';
import { jobSection, type JobSection, type WeekSnoozes } from '../reports/section.js';
import { jobWeek } from './weekly/job-week.js';
import { watchedJobs } from './weekly/watched-jobs.js';

export interface StoredWeekOptions {
  readonly week: string;
  /** Monday 00:00 UTC. */
  readonly fromMs: number;
  /** A week that is not over is known until now. */
  readonly nowMs: number;
  readonly prices?: Prices;
  readonly ownerOf?: (cluster: string) => string | undefined;
}

/**
 * What is stored of a week and the one before, judged one job after the other: a fleet's week does not fit into memory.
 * Rejects only when the store itself is broken.
 */
export async function storedWeek(store: SeriesStore, options: StoredWeekOptions): Promise<FleetInput> {
  const { week, fromMs, nowMs, prices, ownerOf = () => undefined } = options;
  const whole: Week = { week, fromMs, toMs: fromMs + WEEK_MS };
  const range = { fromMs, toMs: Math.max(fromMs, Math.min(whole.toMs, nowMs)) };
  const rangeBefore = { fromMs: fromMs - WEEK_MS, toMs: fromMs };
  // Queries see only what is written.
  await store.flush();
  const snoozes = await snoozesOf(store, whole);
  const jobs = await watchedJobs(store, range);
  const jobsBefore = await watchedJobs(store, rangeBefore);
  const sections: JobSection[] = [];
  for (const [key, job] of jobs) {
    const { cluster, jobName } = job;
    const jobBefore = jobsBefore.get(key);
    const owner = ownerOf(cluster);
    const now = await jobWeek({ store, job, range }, { figures: true });
    const before =
      jobBefore === undefined
        ? undefined
        : await jobWeek({ store, job: jobBefore, range: rangeBefore }, { figures: false });
    sections.push(
      jobSection({
        cluster,
        jobName,
        ...(owner === undefined ? {} : { owner }),
        now,
        ...(before === undefined ? {} : { before }),
        range,
        rangeBefore,
        snoozes,
        ...(prices === undefined ? {} : { prices }),
      }),
    );
  }
  const gone = [...jobsBefore].flatMap(([key, { cluster, jobName }]) => {
    const owner = ownerOf(cluster);
    return jobs.has(key) ? [] : [{ cluster, jobName, ...(owner === undefined ? {} : { owner }) }];
  });
  return {
    week: whole,
    knownToMs: range.toMs,
    sections,
    gone,
    ...(prices === undefined ? {} : { currency: prices.currency }),
  };
}

/** A snooze that was ended before the week, or in it, is not told. */
async function snoozesOf(store: SeriesStore, { fromMs, toMs }: Week): Promise<WeekSnoozes> {
  const records = await storedSnoozes(store, fromMs - SNOOZE_MS_MAX, toMs);
  return new Map(
    records
      .filter(({ untilMs, atMs }) => untilMs > atMs && untilMs > fromMs)
      .map(({ findingId, untilMs, reason }) => [findingId, { untilMs, reason }]),
  );
}
