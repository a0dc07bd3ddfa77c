import type { JobEvent, SeriesStore } from '../../collector/index.js';
import { MAX_RECORDS } from '../../collector/store/limits.js';
import { decodeLives, LIVES_KIND } from '../../dashboard/server/watch/lives-record.js';
import { pictureAt, type Picture } from '../../dashboard/server/watch/pictures.js';
import type { FindingMark, JobMoment, JobWeek, SeenFinding, Span } from '../../reports/facts.js';
import { momentOf, seenFinding } from '../../reports/moment.js';
import { busyOf, checkpointCounts, lagRecordsOf, restartsOf } from './job-series.js';
import type { WatchedJob } from './watched-jobs.js';

/** Moments of a week that are looked at: four a day show a daily peak, and a fleet's week is read in minutes. */
export const MOMENT_STEP_MS = 6 * 3_600_000;
/** A job that has more to tell in a week fails in a loop; the newest are kept. */
const MAX_EVENT_PAGES = 10;
/** Openings whose findings no moment shows, and which are looked up one by one. */
const MAX_SHORT_LIVED = 40;
/** Vertices whose load is read: those that were the busiest at some moment. */
const MAX_BUSY_VERTICES = 20;

interface Read {
  readonly store: SeriesStore;
  readonly job: WatchedJob;
  readonly range: Span;
}

/** What the report needs of one job and week; `figures: false` leaves out what it does not compare. */
export async function jobWeek(read: Read, { figures }: { readonly figures: boolean }): Promise<JobWeek> {
  const { store, job, range } = read;
  const pictures = await picturesOf(read);
  const moments = pictures.map(({ atMs, page }) => momentOf(atMs, page));
  const events = await eventsOf(read);
  const marks = events.flatMap(markOf);
  const frame: JobWeek = {
    watched: job.watched,
    moments,
    marks,
    shortLived: await shortLived(read, moments, marks),
    states: events.flatMap(({ kind, atMs, text }) => (kind === 'state' ? [{ atMs, state: text }] : [])),
    lagRecords: [],
    busyRatios: [],
  };
  if (!figures) return frame;
  const restarts = await restartsOf(store, job, range);
  const checkpoints = await checkpointCounts(store, job, range);
  return {
    ...frame,
    lagRecords: await lagRecordsOf(store, job, range),
    busyRatios: await busyOf(store, job, range, busiestVertices(pictures)),
    ...(restarts === undefined ? {} : { restarts }),
    ...(checkpoints === undefined ? {} : { checkpoints }),
  };
}

/** The job's page every six hours, and at the end of what is known. */
async function picturesOf({ store, job, range }: Read): Promise<readonly Picture[]> {
  const found: Picture[] = [];
  for (let beginMs = range.fromMs; beginMs < range.toMs; beginMs += MOMENT_STEP_MS) {
    // One moment earlier than the step ends, so that it belongs to it.
    const atMs = Math.min(beginMs + MOMENT_STEP_MS, range.toMs) - 1;
    const { cluster, jobName } = job;
    const picture = await pictureAt(store, { cluster, jobName, jobId: '' }, atMs);
    if (picture !== undefined && picture.atMs >= beginMs) found.push(picture);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return found;
}

function busiestVertices(pictures: readonly Picture[]): readonly string[] {
  const busiest = new Map<string, number>();
  for (const { page } of pictures)
    for (const { vertexId, busyRatioMax = 0 } of page.vertices)
      busiest.set(vertexId, Math.max(busiest.get(vertexId) ?? 0, busyRatioMax));
  return [...busiest]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_BUSY_VERTICES)
    .map(([vertexId]) => vertexId);
}

/** The store answers with the newest events of a range, so a week is asked for backwards until nothing is left. */
async function eventsOf({ store, job: { cluster, jobName }, range }: Read): Promise<readonly JobEvent[]> {
  const pages: (readonly JobEvent[])[] = [];
  for (let toMs = range.toMs; toMs > range.fromMs && pages.length < MAX_EVENT_PAGES;) {
    const page = await store.events({ cluster, jobName }, { fromMs: range.fromMs, toMs });
    pages.unshift(page);
    toMs = page.length < MAX_RECORDS ? range.fromMs : (page[0]?.atMs ?? range.fromMs);
  }
  return pages.flat();
}

function markOf({ kind, ref, atMs }: JobEvent): FindingMark[] {
  if (ref === undefined || (kind !== 'finding-opened' && kind !== 'finding-closed')) return [];
  return [{ id: ref, atMs, firing: kind === 'finding-opened' }];
}

/** Pages and lives are written whenever a finding opens; they say what it was. */
async function shortLived(
  { store, job, range }: Read,
  moments: readonly JobMoment[],
  marks: readonly FindingMark[],
): Promise<ReadonlyMap<string, SeenFinding>> {
  const seen = new Set(moments.flatMap(({ findings }) => findings.map(({ id }) => id)));
  const { cluster, jobName } = job;
  const found = new Map<string, SeenFinding>();
  let lookedUp = 0;
  for (const { id, atMs } of marks.toReversed()) {
    if (seen.has(id) || found.has(id) || lookedUp >= MAX_SHORT_LIVED) continue;
    lookedUp += 1;
    const picture = await pictureAt(store, { cluster, jobName, jobId: '' }, atMs);
    const shown = picture?.page.findings.find((finding) => finding.id === id);
    if (shown !== undefined) {
      found.set(id, seenFinding(shown));
      continue;
    }
    const at = { fromMs: Math.max(range.fromMs, atMs), toMs: atMs + 1 };
    const records = await store.loadReports({ cluster, jobName, kind: LIVES_KIND, ...at });
    const life = records.flatMap(({ body }) => decodeLives(body).get(id) ?? []).at(-1);
    if (life !== undefined) found.set(id, seenFinding({ ...life.finding, ...placeOf(id, job) }));
  }
  return found;
}

/** A life is not placed among the other findings: nothing explains it yet. */
function placeOf(id: string, { cluster, jobName }: WatchedJob) {
  const place = { id, cluster, jobName, jobId: '', causedBy: [], rank: 0, firstSeenMs: 0, lastSeenMs: 0 };
  return { ...place, state: 'firing' as const };
}
