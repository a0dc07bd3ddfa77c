import type { SeriesStore } from '../../../collector/index.js';

export interface NewestRecord {
  readonly cluster: string;
  readonly jobName: string;
  readonly body: string;
}

/** Of each job the newest record of a kind that is younger than so much. */
export async function newestRecords(
  store: SeriesStore,
  kind: string,
  nowMs: number,
  youngerThanMs: number,
): Promise<readonly NewestRecord[]> {
  const records = await store.loadReports({ kind, fromMs: nowMs - youngerThanMs, toMs: nowMs });
  return [...new Map(records.map((one) => [JSON.stringify([one.cluster, one.jobName]), one])).values()];
}
