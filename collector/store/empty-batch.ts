import type { SeriesBatch } from './series-store.js';

/** A batch of nothing, to lay rows over. */
export const EMPTY_BATCH: SeriesBatch = {
  subtasks: [],
  vertices: [],
  taskManagers: [],
  jobs: [],
  checkpoints: [],
  exceptions: [],
  events: [],
};
