import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { SeriesStore } from '../../../collector/index.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import type { ClusterSummary } from '../../contract.js';
import { jobPage, type BilingualPage } from '../present/job-page.js';
import type { JobTrends } from '../present/job-row.js';
import { presentVerticesAlone } from '../present/vertices.js';

/** Kind of the records that hold a job's page as it was. */
export const PICTURE_KIND = 'page';
/** A picture is taken when a finding opens or ends, and at least this often: of a job that needs someone, and of one that does not. */
const ILL_EVERY_MS = 300_000;
const WELL_EVERY_MS = 1_800_000;
/** So many times longer than to the next one a picture still tells how the job was; later, Weir did not watch. */
const STANDS_FOR = 2;
/** No picture stands longer. */
export const PICTURE_STANDS_MS = STANDS_FOR * WELL_EVERY_MS;
/** About a thousand vertices. Of a job whose page is larger no past is kept. */
const MAX_PICTURE_CHARS = 1024 * 1024;
const VERSION = 2;

export function pictureEveryMs({ worst }: JobReport): number {
  return worst === 'warning' || worst === 'critical' ? ILL_EVERY_MS : WELL_EVERY_MS;
}

/** Writes down what the page shows now. Subtasks and what is over are left out: the store keeps a picture every few minutes. */
export function takePicture(store: SeriesStore, report: JobReport, cluster: ClusterSummary, trends: JobTrends): void {
  const page = jobPage(report, cluster, report.atMs, trends, presentVerticesAlone);
  const compact: BilingualPage = {
    ...page,
    findings: page.findings.filter(({ state }) => state !== 'resolved'),
  };
  const text = JSON.stringify({ version: VERSION, standsMs: STANDS_FOR * pictureEveryMs(report), page: compact });
  if (text.length > MAX_PICTURE_CHARS) return;
  // A tenth of the size: names and texts repeat.
  const body = deflateRawSync(text).toString('base64');
  const { cluster: name, jobName, jobId, atMs } = report;
  store.saveReport({ cluster: name, jobName, jobId, atMs, kind: PICTURE_KIND, body });
}

export interface Picture {
  readonly atMs: number;
  readonly page: BilingualPage;
}

/**
 * The newest picture of a job as of a time. A job is found by its name, so that its past before a redeployment is its
 * own; where two run side by side, by its id.
 */
export async function pictureAt(
  store: SeriesStore,
  job: { readonly cluster: string; readonly jobId: string; readonly jobName?: string },
  atMs: number,
): Promise<Picture | undefined> {
  const { cluster, jobId, jobName } = job;
  const records = await store.loadReports({
    cluster,
    ...(jobName === undefined ? { jobId } : { jobName }),
    kind: PICTURE_KIND,
    fromMs: atMs - PICTURE_STANDS_MS,
    toMs: atMs + 1,
  });
  const newest = records.findLast((record) => record.jobId === jobId) ?? records.at(-1);
  const picture = newest === undefined ? undefined : decodePicture(newest.body);
  if (newest === undefined || picture === undefined || atMs - newest.atMs > picture.standsMs) return undefined;
  return { atMs: newest.atMs, page: picture.page };
}

const list = z.array(z.looseObject({}));
/** Checks the frame. What is inside was written by this version of the page, which the number says. */
const pictureSchema = z.object({
  version: z.literal(VERSION),
  standsMs: z.number(),
  page: z.looseObject({
    job: z.looseObject({ jobId: z.string(), name: z.string() }),
    cluster: z.looseObject({ name: z.string() }),
    answer: z.object({ en: z.string(), 'zh-CN': z.string() }),
    vertices: list,
    edges: list,
    taskManagers: list,
    findings: list,
    recommendations: list,
    coverage: z.looseObject({ notEvaluated: list, clear: z.array(z.string()) }),
  }),
});

/** A picture of another shape (another Weir's) is none. */
function decodePicture(body: string): { readonly standsMs: number; readonly page: BilingualPage } | undefined {
  try {
    const text = inflateRawSync(Buffer.from(body, 'base64'), { maxOutputLength: MAX_PICTURE_CHARS * 4 });
    const read = pictureSchema.safeParse(JSON.parse(text.toString('utf8')));
    if (!read.success) return undefined;
    const { standsMs, page } = read.data;
    return { standsMs, page: page as unknown as BilingualPage }; // By its version number, see above.
  } catch {
    return undefined;
  }
}
