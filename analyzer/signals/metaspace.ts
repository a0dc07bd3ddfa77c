import type { TaskManagerSample } from '../../collector/model/index.js';
import { oncePerWindow } from './per-process-window.js';
import { lineThrough, type TrendLine } from './trend-line.js';

/** Metaspace since classes were last unloaded there. */
export interface MetaspaceRun {
  readonly windowMs: number;
  readonly usedBytes: number;
  readonly sizeBytes: number;
  /** At the first reading of the run. */
  readonly startBytes: number;
  /** Times it rose, each with readings before and after at which it did not. */
  readonly steps: number;
  /** Through the tops of the steps, and the last reading: between two steps it is known that nothing comes. */
  readonly line?: TrendLine;
}

/** Less is a class or two, not a job's. */
const STEP_SHARE = 0.01;
/** It fell: class loaders went. */
const FALL_SHARE = 0.02;

/** Undefined where neither use nor size is told. */
export const metaspaceRunOf = oncePerWindow((samples): MetaspaceRun | undefined => {
  const known = samples.flatMap(({ atMs, metaspaceUsedBytes: used }: TaskManagerSample) =>
    used === undefined ? [] : [[atMs, used] as const],
  );
  const sizeBytes = samples.at(-1)?.metaspaceMaxBytes;
  const from = known.findLastIndex(([, used], i) => used < (known[i - 1]?.[1] ?? 0) * (1 - FALL_SHARE));
  const run = known.slice(Math.max(0, from));
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || sizeBytes === undefined || sizeBytes <= 0) return undefined;
  const steps = stepsIn(run, STEP_SHARE * sizeBytes);
  const line = lineThrough([...steps, last], 'accumulates');
  return {
    windowMs: last[0] - first[0],
    usedBytes: last[1],
    sizeBytes,
    startBytes: first[1],
    steps: steps.length,
    ...(line === undefined ? {} : { line }),
  };
});

type Point = readonly [atMs: number, bytes: number];

/**
 * Where each step ends. Rises in readings that follow each other are one step; what rises from the first reading on is the
 * start of the process.
 */
function stepsIn(run: readonly Point[], leastBytes: number): readonly Point[] {
  const steps: Point[] = [];
  let level = run[0]?.[1] ?? 0;
  let before: 'start' | 'rise' | 'flat' = 'start';
  for (const point of run.slice(1)) {
    const isRise = point[1] - level >= leastBytes;
    if (isRise && before === 'rise') steps.pop();
    if (isRise && before !== 'start') steps.push(point);
    if (isRise || point[1] < level) level = point[1];
    if (!isRise) before = 'flat';
    else if (before === 'flat') before = 'rise';
  }
  return steps;
}
