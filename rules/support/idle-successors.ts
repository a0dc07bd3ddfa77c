import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { CheckpointSignal } from '../../analyzer/signals/checkpoints.js';
import type { LoadSignal, VertexLoad } from '../../analyzer/signals/load.js';
import { median, present } from '../../analyzer/numbers.js';

const PRESSED = 0.5;
const SUCCESSOR_BUSY_MAX = 0.3;
const SUCCESSOR_PRESSURE_MAX = 0.1;
/** An aligned barrier blocks a channel, and what is behind it looks idle meanwhile. */
const ALIGNMENT_MAX_MS = 1000;

/** A vertex that waits to emit although everything it emits to rests (diagnosis §3.6). */
export interface PressedOverIdle {
  readonly vertex: VertexLoad;
  readonly successors: readonly VertexLoad[];
  readonly successorBusy: number;
}

export function pressedOverIdle(job: JobFacts, load: LoadSignal): readonly PressedOverIdle[] {
  const found: PressedOverIdle[] = [];
  for (const vertex of load.values()) {
    if ((vertex.backPressuredMax ?? 0) < PRESSED) continue;
    const outputs = job.topology.outputsOf(vertex.vertexId);
    const successors = present(outputs.map(({ toVertexId }) => load.get(toVertexId)));
    if (outputs.length === 0 || successors.length < outputs.length) continue;
    const rests = successors.every(
      ({ busyMax = 1, backPressuredMax = 1 }) =>
        busyMax < SUCCESSOR_BUSY_MAX && backPressuredMax < SUCCESSOR_PRESSURE_MAX,
    );
    if (rests)
      found.push({ vertex, successors, successorBusy: Math.max(...successors.map(({ busyMax = 0 }) => busyMax)) });
  }
  return found;
}

export function alignsLong({ anatomies }: CheckpointSignal): boolean {
  return (median(present(anatomies.map(({ phases }) => phases.alignment?.ms))) ?? 0) > ALIGNMENT_MAX_MS;
}
