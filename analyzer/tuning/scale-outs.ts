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

/** Times of constant parallelism, oldest first: subtasks of one attempt number run together. */
function erasOf(vertex: VertexHistory): Era[] {
  const attempts = new Map<string, SubtaskSample[][]>();
  for (const { samples } of vertex.subtasks) {
    for (const [key, run] of runsOf(samples)) attempts.set(key, [...(attempts.get(key) ?? []), run]);
  }
  return [...attempts]
    .map(([key, runs]) => ({
      startMs: Number(key.split('|')[1] ?? 0),
      parallelism: runs.length,
      perSecond: sum(runs.map((run) => ((growth(run, 'recordsIn') ?? 0) / (elapsedMs(run) ?? Infinity)) * 1000)),
      spanMs: Math.min(...runs.map((run) => (run.at(-1)?.atMs ?? 0) - (run[0]?.atMs ?? 0))),
    }))
    .filter((era) => era.spanMs >= MIN_SPAN_MS && era.perSecond > 0)
    .sort((a, b) => a.startMs - b.startMs);
}

/** Starts of one deployment lie within seconds of each other; ten seconds tell deployments apart. */
const DEPLOYMENT_MS = 10_000;

function runsOf(samples: readonly SubtaskSample[]): Map<string, SubtaskSample[]> {
  const runs = new Map<string, SubtaskSample[]>();
  for (const sample of samples) {
    if (sample.state !== 'RUNNING') continue;
    const key = `${sample.attempt}|${Math.round((sample.startMs ?? 0) / DEPLOYMENT_MS) * DEPLOYMENT_MS}`;
    runs.set(key, [...(runs.get(key) ?? []), sample]);
  }
  return runs;
}
