import { z } from 'zod';
import { defined, type Checkpoint, type CheckpointStats, type CheckpointStatus } from '../../model/index.js';
import { maskText } from '../mask.js';
import { fromSchema } from './body.decode.js';
import { count, countOrZero, flag, optionalText, timestamp, timestampOrZero } from './fields.decode.js';

function toStatus(raw: unknown): CheckpointStatus {
  return raw === 'IN_PROGRESS' || raw === 'COMPLETED' || raw === 'FAILED' ? raw : 'UNKNOWN';
}

/** One checkpoint, in the history and in `…/details/:checkpointid` alike. */
export const checkpoint = z
  .object({
    id: z.number().int().nonnegative(),
    status: z.unknown().optional().transform(toStatus),
    is_savepoint: flag,
    trigger_timestamp: timestampOrZero,
    latest_ack_timestamp: timestamp,
    end_to_end_duration: countOrZero,
    state_size: countOrZero,
    checkpointed_size: count,
    processed_data: count,
    persisted_data: count,
    num_subtasks: countOrZero,
    num_acknowledged_subtasks: countOrZero,
    failure_timestamp: timestamp,
    failure_message: optionalText,
  })
  .transform((raw) =>
    defined<Checkpoint>({
      id: raw.id,
      status: raw.status,
      isSavepoint: raw.is_savepoint,
      triggerMs: raw.trigger_timestamp,
      latestAckMs: raw.latest_ack_timestamp,
      durationMs: raw.end_to_end_duration,
      stateSizeBytes: raw.state_size,
      checkpointedSizeBytes: raw.checkpointed_size,
      processedBytes: raw.processed_data,
      persistedBytes: raw.persisted_data,
      subtasks: raw.num_subtasks,
      acknowledgedSubtasks: raw.num_acknowledged_subtasks,
      failureMs: raw.failure_timestamp,
      failureMessage: raw.failure_message === undefined ? undefined : maskText(raw.failure_message),
      details: undefined,
    }),
  );

const counts = z
  .object({
    total: countOrZero,
    completed: countOrZero,
    failed: countOrZero,
    in_progress: countOrZero,
    restored: countOrZero,
  })
  .transform(({ total, completed, failed, in_progress, restored }) => ({
    total,
    completed,
    failed,
    inProgress: in_progress,
    restored,
  }));

/** `GET /jobs/:jobid/checkpoints` */
export const decodeCheckpoints = fromSchema<CheckpointStats>(
  z.object({ counts, history: z.array(checkpoint).nullish() }).transform((raw) => ({
    counts: raw.counts,
    history: raw.history ?? [],
  })),
);
