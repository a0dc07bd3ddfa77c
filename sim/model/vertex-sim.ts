import type { VertexSpec } from './spec.js';

/** One subtask's queue and the counters that Flink would show, since its start. */
export interface SubtaskState {
  /** Records that wait in its input buffers. */
  queue: number;
  /** Sources: records that the outside holds for it. */
  pending: number;
  busyMs: number;
  idleMs: number;
  backPressuredMs: number;
  recordsIn: number;
  recordsOut: number;
  bytesIn: number;
  bytesOut: number;
  /** Standing still for a snapshot: taken from the next steps. */
  stallMs: number;
  /** Records that it could not work off in the last step: what a barrier waits behind. */
  left: number;
  /** Event time that it has reached; of a source, what it has emitted. */
  watermarkMs: number | undefined;
  /** Event time moved in the last step. */
  isMoving: boolean;
  /** Records per second of the last step, for queue delays. */
  perSecond: number;
  /** Flink's gauges: means of the last minute. */
  busyRatio: number;
  backPressuredRatio: number;
  recordsInPerSecond: number;
  recordsOutPerSecond: number;
  readonly taskManager: number;
}

export interface VertexState {
  readonly vertexId: string;
  spec: VertexSpec;
  readonly subtasks: SubtaskState[];
  /** Records that fit into the input buffers of one subtask. */
  readonly queueLimit: number;
}

/** Two exclusive buffers a channel and eight floating ones a gate, on both sides of the wire (Flink's defaults). */
const BUFFER_BYTES = 32 * 1024;
const EXCLUSIVE_PER_CHANNEL = 2;
const FLOATING_PER_GATE = 8;
const BOTH_SIDES = 2;

export function queueLimitOf(inputParallelism: number, recordBytes: number): number {
  const buffers = BOTH_SIDES * (EXCLUSIVE_PER_CHANNEL * inputParallelism + FLOATING_PER_GATE);
  return Math.max(1, Math.floor((buffers * BUFFER_BYTES) / recordBytes));
}

export function createVertex(
  vertexId: string,
  spec: VertexSpec,
  queueLimit: number,
  taskManagerOf: (subtask: number) => number,
): VertexState {
  return {
    vertexId,
    spec,
    queueLimit,
    subtasks: Array.from({ length: spec.parallelism }, (_, subtask) => ({
      queue: 0,
      pending: (spec.source?.backlog ?? 0) / spec.parallelism,
      busyMs: 0,
      idleMs: 0,
      backPressuredMs: 0,
      recordsIn: 0,
      recordsOut: 0,
      bytesIn: 0,
      bytesOut: 0,
      stallMs: 0,
      left: 0,
      watermarkMs: undefined,
      isMoving: false,
      perSecond: 0,
      busyRatio: 0,
      backPressuredRatio: 0,
      recordsInPerSecond: 0,
      recordsOutPerSecond: 0,
      taskManager: taskManagerOf(subtask),
    })),
  };
}
