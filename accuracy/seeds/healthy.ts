import type { JobSpec, SourceSpec } from '../../sim/model/spec.js';
import { drawCalmJob } from './calm-job.js';
import type { Draw } from './draw.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Small jobs, and steps as long as Flink's own metrics are fresh: a thousand days of them can be lived through. */
const SIZE = { vertices: [3, 8], subtasks: 32, parallelism: 2 } as const;
const STEP_MS = 10_000;

/**
 * A job that is well on a day that is not quiet: a daily wave, bursts of a few minutes, state that varies, slow and fast
 * checkpoints. At its peak the busiest vertex has a fifth of its time left.
 */
export function drawHealthyDay(draw: Draw, name: string): JobSpec {
  const swing = draw.uniform(0, 0.3);
  const burst = draw.chance(0.5) ? draw.uniform(1.05, 1.3) : 1;
  const busyMax = (0.8 / 1.1 / (1 + swing) / burst) * draw.uniform(0.3, 1);
  const { spec } = drawCalmJob(draw, { name, size: SIZE, busyMax, cpuShare: [0.1, 0.9], stepMs: STEP_MS });
  const bursts = {
    everyMs: draw.uniform(2, 6) * HOUR_MS,
    lengthMs: draw.uniform(2, 10) * MINUTE_MS,
    factor: burst,
  };
  const livelier = (source: SourceSpec): SourceSpec => ({
    ...source,
    dailySwing: swing,
    jitter: draw.uniform(0.02, 0.1),
    ...(burst > 1 ? { bursts } : {}),
  });
  return {
    ...spec,
    vertices: spec.vertices.map((vertex) =>
      vertex.source === undefined ? vertex : { ...vertex, source: livelier(vertex.source) },
    ),
    checkpoints: {
      ...spec.checkpoints,
      intervalMs: draw.pick([30_000, 60_000, 300_000]),
      sizeSwing: draw.uniform(0.1, 0.6),
    },
  };
}
