import type { Checkpoint } from '../model/index.js';
import { EMPTY_BATCH } from '../store/empty-batch.js';
import type { JobKey, SeriesBatch, SeriesStore, SubtaskRow, VertexRow } from '../store/series-store.js';

export const KEY: JobKey = { cluster: 'prod', jobName: 'orders', jobId: 'a'.repeat(32) };
export const VERTEX = 'b'.repeat(32);

export { EMPTY_BATCH };

export const subtaskRow = (atMs: number, subtask: number, figures: SubtaskRow['figures']): SubtaskRow => ({
  ...KEY,
  atMs,
  vertexId: VERTEX,
  subtask,
  attempt: 0,
  figures,
});

export const vertexRow = (atMs: number, figures: VertexRow['figures']): VertexRow => ({
  ...KEY,
  atMs,
  vertexId: VERTEX,
  figures,
});

/** Appends and flushes; whether the store says that it keeps it. */
export async function keep(store: SeriesStore, part: Partial<SeriesBatch>): Promise<boolean> {
  const kept = store.append({ ...EMPTY_BATCH, ...part });
  await store.flush();
  return kept;
}

export const checkpointOf = (id: number, triggerMs: number, more: Partial<Checkpoint> = {}): Checkpoint => ({
  id,
  status: 'COMPLETED',
  isSavepoint: false,
  triggerMs,
  durationMs: 1_200,
  stateSizeBytes: 5_000,
  subtasks: 2,
  acknowledgedSubtasks: 2,
  ...more,
});
