import type { Checkpoint } from '../model/index.js';
import type { JobKey, SeriesBatch, SubtaskRow } from '../store/series-store.js';

export const KEY: JobKey = { cluster: 'prod', jobName: 'orders', jobId: 'a'.repeat(32) };
export const VERTEX = 'b'.repeat(32);

export const EMPTY_BATCH: SeriesBatch = {
  subtasks: [],
  taskManagers: [],
  jobs: [],
  checkpoints: [],
  exceptions: [],
  events: [],
};

export const subtaskRow = (atMs: number, subtask: number, figures: SubtaskRow['figures']): SubtaskRow => ({
  ...KEY,
  atMs,
  vertexId: VERTEX,
  subtask,
  attempt: 0,
  figures,
});

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
