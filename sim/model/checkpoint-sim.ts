import type { VertexState } from './vertex-sim.js';

export interface SimSubtaskPhases {
  readonly vertexId: string;
  readonly subtask: number;
  readonly startDelayMs: number;
  readonly alignmentMs: number;
  readonly syncMs: number;
  readonly asyncMs: number;
  readonly stateBytes: number;
}

export interface SimCheckpoint {
  readonly id: number;
  readonly triggerMs: number;
  /** When the last subtask will have acknowledged. */
  readonly endMs: number;
  readonly expired: boolean;
  readonly phases: readonly SimSubtaskPhases[];
}

/** Barriers pass a subtask that has nothing queued in about this time. */
const HOP_MS = 3;
const IDLE_RATE = 1;

/**
 * Sends one barrier through the job as it stands: it queues behind the records that wait, aligns where inputs arrive
 * at different times, then the subtask snapshots and uploads.
 */
export function takeCheckpoint(
  id: number,
  triggerMs: number,
  order: readonly VertexState[],
  inputsOf: (vertexId: string) => readonly VertexState[],
  uploadBytesPerSecond: number,
  timeoutMs: number,
  sizeFactor = 1,
): SimCheckpoint {
  const phases: SimSubtaskPhases[] = [];
  const exitMs = new Map<string, number[]>();
  for (const vertex of order) {
    const arrivals = inputsOf(vertex.vertexId).flatMap((input) => {
      const exits = exitMs.get(input.vertexId) ?? [];
      return exits.length === 0 ? [] : [Math.max(...exits)];
    });
    const exits = vertex.subtasks.map((subtask, index) => {
      const queueMs = (subtask.left / Math.max(IDLE_RATE, subtask.perSecond)) * 1000;
      const startDelayMs = arrivals.length === 0 ? HOP_MS : Math.min(...arrivals) + queueMs + HOP_MS;
      const alignmentMs = arrivals.length === 0 ? 0 : Math.max(...arrivals) - Math.min(...arrivals);
      const { syncMs, stateBytesPerSubtask, large } = vertex.spec;
      const stateBytes = stateBytesPerSubtask * sizeFactor * (large?.subtask === index ? large.factor : 1);
      const asyncMs = (stateBytes / uploadBytesPerSecond) * 1000;
      phases.push({
        vertexId: vertex.vertexId,
        subtask: index,
        startDelayMs,
        alignmentMs,
        syncMs,
        asyncMs,
        stateBytes,
      });
      subtask.stallMs += syncMs;
      return startDelayMs + alignmentMs + syncMs;
    });
    exitMs.set(vertex.vertexId, exits);
  }
  const wholeMs = Math.max(...phases.map(wholeMsOf));
  return { id, triggerMs, phases, expired: wholeMs > timeoutMs, endMs: triggerMs + Math.min(wholeMs, timeoutMs) };
}

/** From the trigger to the acknowledgement. One sum for all who ask: in another order it differs by a rounding. */
export function wholeMsOf({ startDelayMs, alignmentMs, syncMs, asyncMs }: SimSubtaskPhases): number {
  return startDelayMs + alignmentMs + syncMs + asyncMs;
}
