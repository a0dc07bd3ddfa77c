import {
  defined,
  type Checkpoint,
  type CheckpointConfig,
  type CheckpointSubtask,
} from '../../collector/model/index.js';
import { START_MS, type CheckpointSpec, type JobSpec, type PhaseSpec } from './job-spec.js';

/** Exactly once, every 10 s, hash map state: the lab's settings. */
export function buildCheckpointConfig(spec: JobSpec): CheckpointConfig | undefined {
  if (spec.checkpointing === 'none') return undefined;
  const { checkpointing = {} } = spec;
  return {
    mode: 'exactly_once',
    ...(checkpointing === 'off' ? {} : { intervalMs: 10_000 }),
    timeoutMs: 600_000,
    minPauseMs: 0,
    maxConcurrent: 1,
    unaligned: false,
    tolerableFailures: 0,
    stateBackend: 'HashMapStateBackend',
    externalized: true,
    ...(checkpointing === 'off' ? {} : checkpointing),
  };
}

const FIRST_SECONDS = 40;
const APART_SECONDS = 20;

export function buildCheckpoint(checkpoint: CheckpointSpec, index: number, spec: JobSpec): Checkpoint {
  const atSeconds = checkpoint.at ?? FIRST_SECONDS + index * APART_SECONDS;
  const triggerMs = (spec.startMs ?? START_MS) + atSeconds * 1000;
  const details = Object.entries(spec.vertices).flatMap(([vertexId, { parallelism }]) =>
    Array.from({ length: parallelism }, (_, subtask) => detailOf(checkpoint, vertexId, subtask, triggerMs)),
  );
  const acknowledged = details.filter((detail) => detail.acknowledged);
  const durationMs = checkpoint.durationMs ?? Math.max(0, ...acknowledged.map((detail) => detail.endToEndMs ?? 0));
  const failed = checkpoint.failed !== undefined;
  return {
    id: index + 1,
    status: failed ? 'FAILED' : 'COMPLETED',
    isSavepoint: checkpoint.savepoint ?? false,
    triggerMs,
    latestAckMs: triggerMs + durationMs,
    durationMs,
    stateSizeBytes:
      checkpoint.stateBytes ?? acknowledged.reduce((total, detail) => total + (detail.stateSizeBytes ?? 0), 0),
    ...(checkpoint.writtenBytes === undefined ? {} : { checkpointedSizeBytes: checkpoint.writtenBytes }),
    ...(checkpoint.persistedBytes === undefined ? {} : { persistedBytes: checkpoint.persistedBytes }),
    subtasks: details.length,
    acknowledgedSubtasks: acknowledged.length,
    ...(checkpoint.failed === undefined
      ? {}
      : { failureMs: triggerMs + durationMs, failureMessage: checkpoint.failed }),
    ...(checkpoint.phases === undefined && checkpoint.silent === undefined ? {} : { details }),
  };
}

function detailOf(checkpoint: CheckpointSpec, vertexId: string, subtask: number, triggerMs: number): CheckpointSubtask {
  if (checkpoint.silent?.includes(vertexId) === true) return { vertexId, subtask, acknowledged: false };
  const phases = phasesOf(checkpoint.phases?.[vertexId], subtask);
  const { start = 5, align = 0, sync = 0, async = 2, bytes } = phases;
  const endToEndMs = start + align + sync + async;
  return defined<CheckpointSubtask>({
    vertexId,
    subtask,
    acknowledged: true,
    ackMs: triggerMs + endToEndMs,
    endToEndMs,
    startDelayMs: start,
    alignmentMs: align,
    syncMs: sync,
    asyncMs: async,
    stateSizeBytes: bytes,
    checkpointedSizeBytes: bytes,
    unaligned: false,
  });
}

function phasesOf(phases: PhaseSpec | readonly PhaseSpec[] | undefined, subtask: number): PhaseSpec {
  return (isEach(phases) ? phases[subtask] : phases) ?? {};
}

function isEach(phases: PhaseSpec | readonly PhaseSpec[] | undefined): phases is readonly PhaseSpec[] {
  return Array.isArray(phases);
}
