import { z } from 'zod';
import type { SeriesStore } from '../../../collector/index.js';
import type { JobEras } from '../../../collector/model/index.js';
import { newestRecords } from './newest-records.js';

/** Kind of the record that holds what the vertices of a job served at past parallelisms. */
export const ERAS_KIND = 'eras';

const era = z.object({ parallelism: z.number().int().positive(), perSecond: z.number().positive(), atMs: z.number() });
const record = z.array(z.tuple([z.string(), z.array(era)]));

export function encodeEras(eras: JobEras): string {
  return JSON.stringify([...eras]);
}

/** A record of another shape (another Weir's) gives none: they are seen again. */
export function decodeEras(body: string): JobEras {
  try {
    return new Map(record.parse(JSON.parse(body)));
  } catch {
    return new Map();
  }
}

/** The newest record of each job. */
export async function restoreEras(
  store: SeriesStore,
  nowMs: number,
  youngerThanMs: number,
): Promise<readonly { readonly cluster: string; readonly jobName: string; readonly eras: JobEras }[]> {
  const records = await newestRecords(store, ERAS_KIND, nowMs, youngerThanMs);
  return records.map(({ cluster, jobName, body }) => ({ cluster, jobName, eras: decodeEras(body) }));
}
