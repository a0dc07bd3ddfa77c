import type { SubtaskSample, VertexHistory } from '../../collector/model/index.js';
import { sum } from '../numbers.js';
import { elapsedMs, growth } from '../signals/window.js';

/** A scale-out that brought less than a tenth of what it should have is without effect (autoscaler: ineffective scaling). */
const GAIN_MIN_SHARE = 0.1;
const MIN_SPAN_MS = 30_000;

interface Era {
  readonly parallelism: number;
  readonly perSecond: number;
}

/**
 * Whether this vertex was given more subtasks within the kept history and served no more for it: then what it waits
 * for is at its own limit, and more of the same is no advice (DESIGN promise 3).
 */
export function scaleOutWasFutile(vertex: VertexHistory): boolean {
  const eras = erasOf(vertex);
  const now = eras.at(-1);
  if (now === undefined) return false;
  return eras.slice(0, -1).some((before) => {
    if (before.parallelism >= now.parallelism) return false;
    const hoped = before.perSecond * (now.parallelism / before.parallelism - 1);
    return now.perSecond - before.perSecond < GAIN_MIN_SHARE * hoped;
  });
}

/** Times of constant parallelism, oldest first. */
function erasOf(vertex: VertexHistory): Era[] {
  return deploymentsOf(vertex.subtasks.flatMap(({ samples }) => runsOf(samples)))
    .map((runs) => ({
      parallelism: runs.length,
      perSecond: sum(runs.map((run) => ((growth(run, 'recordsIn') ?? 0) / (elapsedMs(run) ?? Infinity)) * 1000)),
      spanMs: Math.min(...runs.map((run) => (run.at(-1)?.atMs ?? 0) - (run[0]?.atMs ?? 0))),
    }))
    .filter((era) => era.spanMs >= MIN_SPAN_MS && era.perSecond > 0);
}

/** The readings of one subtask between two starts. */
type Run = readonly SubtaskSample[];

const startOf = (run: Run): number => run[0]?.startMs ?? run[0]?.atMs ?? 0;

/**
 * Starts of one deployment lie within seconds of each other. The number of the attempt does not tell it: a subtask that a
 * rescale adds begins with attempt 0 beside others in their second (1.20.3, adaptive scheduler).
 */
const DEPLOYMENT_MS = 10_000;

function deploymentsOf(runs: readonly Run[]): readonly (readonly Run[])[] {
  const deployments: Run[][] = [];
  let newestMs = -Infinity;
  for (const run of [...runs].sort((a, b) => startOf(a) - startOf(b))) {
    if (startOf(run) - newestMs > DEPLOYMENT_MS) deployments.push([]);
    deployments.at(-1)?.push(run);
    newestMs = startOf(run);
  }
  return deployments;
}

function runsOf(samples: readonly SubtaskSample[]): readonly Run[] {
  const runs = new Map<string, SubtaskSample[]>();
  for (const sample of samples) {
    // Right after a start a subtask runs and tells no records yet (1.20.3, the first reading).
    if (sample.state !== 'RUNNING' || sample.recordsIn === undefined) continue;
    const key = `${sample.attempt}|${sample.startMs ?? 0}`;
    const run = runs.get(key);
    if (run === undefined) runs.set(key, [sample]);
    else run.push(sample);
  }
  return [...runs.values()];
}
