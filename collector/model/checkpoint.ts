/** `GET /jobs/:id/checkpoints/config`. Missing: the job takes no checkpoints. */
export interface CheckpointConfig {
  readonly mode: 'exactly_once' | 'at_least_once' | 'unknown';
  /** Missing when periodic checkpoints are off (Flink says 2^63−1). */
  readonly intervalMs?: number;
  readonly timeoutMs: number;
  readonly minPauseMs: number;
  readonly maxConcurrent: number;
  readonly unaligned: boolean;
  readonly alignedTimeoutMs?: number;
  readonly tolerableFailures?: number;
  readonly stateBackend?: string;
  readonly checkpointStorage?: string;
  readonly externalized: boolean;
  readonly deleteOnCancellation?: boolean;
}

export interface CheckpointCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
  readonly restored: number;
}

export type CheckpointStatus = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'UNKNOWN';

/** Phases of one subtask in one checkpoint; an aligned one takes startDelay + alignment + sync + async. */
export interface CheckpointSubtask {
  readonly vertexId: string;
  readonly subtask: number;
  /** False while this subtask has not acknowledged: then nothing else here is known. */
  readonly acknowledged: boolean;
  readonly ackMs?: number;
  readonly endToEndMs?: number;
  readonly startDelayMs?: number;
  readonly alignmentMs?: number;
  readonly syncMs?: number;
  readonly asyncMs?: number;
  readonly stateSizeBytes?: number;
  readonly checkpointedSizeBytes?: number;
  readonly unaligned?: boolean;
}

export interface Checkpoint {
  readonly id: number;
  readonly status: CheckpointStatus;
  readonly isSavepoint: boolean;
  readonly triggerMs: number;
  readonly latestAckMs?: number;
  readonly durationMs: number;
  readonly stateSizeBytes: number;
  /** What this checkpoint wrote (1.15+); for incremental ones less than the state. */
  readonly checkpointedSizeBytes?: number;
  readonly processedBytes?: number;
  /** In-flight data written by an unaligned checkpoint. */
  readonly persistedBytes?: number;
  readonly subtasks: number;
  readonly acknowledgedSubtasks: number;
  readonly failureMs?: number;
  readonly failureMessage?: string;
  /** Phases per subtask; missing when they were not read (kept only for some checkpoints). */
  readonly details?: readonly CheckpointSubtask[];
}

/** `GET /jobs/:id/checkpoints`: what the JobManager still remembers, newest first. */
export interface CheckpointStats {
  readonly counts: CheckpointCounts;
  readonly history: readonly Checkpoint[];
}
