import type { SeriesStore } from '../collector/index.js';
import { decodeLives, LIVES_KIND } from '../dashboard/server/watch/lives-record.js';
import { SNOOZE_MS_MAX, storedSnoozes } from '../dashboard/server/watch/snoozes.js';
import type { WeeklyReports } from '../dashboard/server/routes/context.js';
import { WEEK_MS, weekStartMs } from '../reports/iso-week.js';
import {
  jobSection,
  reportOfSections,
  type JobSection,
  type ReportedLife,
  type StoredFindings,
  type WatchedJob,
  type Week,
  type WeeklyReport,
  type WeekSnoozes,
} from '../reports/model.js';
import { renderReport } from '../reports/render.js';

/** Records decoded before the event loop gets a turn: a service that reports goes on watching meanwhile. */
const RECORDS_PER_TURN = 200;

/** The weekly reports as the API serves them. */
export function weeklyReportsOf(store: SeriesStore): WeeklyReports {
  return {
    startMs: weekStartMs,
    async render(week, fromMs, format, language) {
      return renderReport(await storedWeek(store, week, fromMs), format, language);
    },
  };
}

/** The report over what is stored of a week, one job after the other: a fleet's week does not fit into memory. */
export async function storedWeek(store: SeriesStore, week: string, fromMs: number): Promise<WeeklyReport> {
  const range: Week = { week, fromMs, toMs: fromMs + WEEK_MS };
  const snoozes = await snoozesOf(store, range);
  const sections: JobSection[] = [];
  for (const job of await jobsByName(store, range)) {
    sections.push(jobSection(range, job, await storedFindings(store, job, range), snoozes));
  }
  return reportOfSections(range, sections);
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

/** A job is its name: redeployments of the week are one. */
async function jobsByName(store: SeriesStore, range: Week): Promise<readonly WatchedJob[]> {
  const byName = new Map<string, WatchedJob>();
  for (const { cluster, jobName, firstMs, lastMs } of await store.jobs(range)) {
    const key = JSON.stringify([cluster, jobName]);
    const before = byName.get(key);
    byName.set(key, {
      cluster,
      jobName,
      firstMs: Math.min(before?.firstMs ?? firstMs, firstMs),
      lastMs: Math.max(before?.lastMs ?? lastMs, lastMs),
    });
  }
  return [...byName.values()];
}

/** The store answers with the newest records of a range, so a week is asked for backwards until nothing is left. */
async function storedFindings(
  store: SeriesStore,
  { cluster, jobName }: WatchedJob,
  { fromMs, toMs }: Week,
): Promise<readonly StoredFindings[]> {
  const found: StoredFindings[] = [];
  for (let untilMs = toMs; untilMs > fromMs;) {
    const page = await store.loadReports({ cluster, jobName, kind: LIVES_KIND, fromMs, toMs: untilMs });
    for (const [i, { atMs, body }] of page.entries()) {
      found.push({ cluster, jobName, atMs, lives: [...decodeLives(body).values()].map(reportedLife) });
      if (i % RECORDS_PER_TURN === RECORDS_PER_TURN - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    untilMs = page[0]?.atMs ?? fromMs;
  }
  return found;
}

function reportedLife({ id, state, firstSeenMs, lastSeenMs, finding }: ReportedLife): ReportedLife {
  const { rule, title, severity, subject } = finding;
  return { id, state, firstSeenMs, lastSeenMs, finding: { rule, title, severity, subject } };
}
