import { z } from 'zod';
import { defined, type CheckpointConfig } from '../../model/index.js';
import { fromSchema } from './body.decode.js';
import { count, countOrZero, flag, optionalText } from './fields.decode.js';

function toMode(raw: string | undefined): CheckpointConfig['mode'] {
  return raw === 'exactly_once' || raw === 'at_least_once' ? raw : 'unknown';
}

const externalization = z
  .object({
    enabled: flag,
    delete_on_cancellation: z
      .unknown()
      .optional()
      .transform((raw) => (typeof raw === 'boolean' ? raw : undefined)),
  })
  .optional();

/** `"Unknown"` stands there while the job initialises. */
const named = optionalText.transform((name) => (name === 'Unknown' ? undefined : name));

/** `GET /jobs/:jobid/checkpoints/config`; an interval of 2^63−1 means that periodic checkpoints are off. */
export const decodeCheckpointConfig = fromSchema(
  z
    .object({
      mode: optionalText,
      interval: count,
      timeout: countOrZero,
      min_pause: countOrZero,
      max_concurrent: countOrZero,
      externalization,
      state_backend: named,
      checkpoint_storage: named,
      unaligned_checkpoints: flag,
      aligned_checkpoint_timeout: count,
      tolerable_failed_checkpoints: count,
    })
    .transform((raw) =>
      defined<CheckpointConfig>({
        mode: toMode(raw.mode),
        intervalMs: raw.interval,
        timeoutMs: raw.timeout,
        minPauseMs: raw.min_pause,
        maxConcurrent: raw.max_concurrent,
        unaligned: raw.unaligned_checkpoints,
        alignedTimeoutMs: raw.aligned_checkpoint_timeout,
        tolerableFailures: raw.tolerable_failed_checkpoints,
        stateBackend: raw.state_backend,
        checkpointStorage: raw.checkpoint_storage,
        externalized: raw.externalization?.enabled ?? false,
        deleteOnCancellation: raw.externalization?.delete_on_cancellation,
      }),
    ),
);
