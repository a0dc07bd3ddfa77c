import { GC_SHARE } from './thresholds.js';

/** Vertices that hold their job back. */
export const AT_LIMIT = '(flink:vertex_at_limit:busy or flink:source_at_limit:busy)';

/** Not where a full vertex or garbage collection is the cause: that one alerts, and this would be its symptom. */
export const unlessHeldBack = (job: string): string =>
  `unless on (${job}) ${AT_LIMIT} unless on (${job}) (flink:job_gc:max >= ${GC_SHARE})`;
