import { z } from 'zod';
import type { SeriesStore } from '../../../collector/index.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import type { ClusterSummary } from '../../contract.js';
import { jobPage, type BilingualPage } from '../present/job-page.js';
import type { JobTrends } from '../present/job-row.js';

/** Kind of the records that hold a job's page as it was. */
export const PICTURE_KIND = 'page';
/** A picture is taken when a finding opens or ends, and at least this often. */
export const PICTURE_EVERY_MS = 300_000;
/** So long after it was taken a picture still tells how the job was; later, Weir did not watch. */
export const PICTURE_STANDS_MS = 2 * PICTURE_EVERY_MS;
/** About a thousand vertices. Of a job whose page is larger no past is kept. */
const MAX_PICTURE_CHARS = 1024 * 1024;
const VERSION = 1;

/** Writes down what the page shows now. Subtasks and what is over are left out: the store keeps a picture every few minutes. */
export function takePicture(store: SeriesStore, report: JobReport, cluster: ClusterSummary, trends: JobTrends): void {
  const page = jobPage(report, cluster, report.atMs, trends);
  const compact: BilingualPage = {
    ...page,
    vertices: page.vertices.map((vertex) => ({ ...vertex, subtasks: [] })),
    findings: page.findings.filter(({ state }) => state !== 'resolved'),
  };
  const body = JSON.stringify({ version: VERSION, page: compact });
  if (body.length > MAX_PICTURE_CHARS) return;
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
  const page = newest === undefined ? undefined : decodePicture(newest.body);
  return newest === undefined || page === undefined ? undefined : { atMs: newest.atMs, page };
}

const list = z.array(z.looseObject({}));
/** Checks the frame. What is inside was written by this version of the page, which the number says. */
const pictureSchema = z.object({
  version: z.literal(VERSION),
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
function decodePicture(body: string): BilingualPage | undefined {
  try {
    const read = pictureSchema.safeParse(JSON.parse(body));
    return read.success ? (read.data.page as unknown as BilingualPage) : undefined; // By its version number, see above.
  } catch {
    return undefined;
  }
}
