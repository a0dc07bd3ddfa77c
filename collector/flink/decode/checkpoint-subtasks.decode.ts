import { z } from 'zod';
import { defined, type CheckpointSubtask } from '../../model/index.js';
import { fromSchema, type Decoded } from './body.decode.js';
import { count, timestamp } from './fields.decode.js';

const phase = z.object({ sync: count, async: count }).optional();
const alignment = z.object({ duration: count }).optional();

const subtask = z.object({
  index: z.number().int().nonnegative(),
  status: z.unknown().optional(),
  ack_timestamp: timestamp,
  end_to_end_duration: count,
  state_size: count,
  checkpointed_size: count,
  start_delay: count,
  unaligned_checkpoint: z
    .unknown()
    .optional()
    .transform((raw) => (typeof raw === 'boolean' ? raw : undefined)),
  checkpoint: phase,
  alignment,
});

const decodeRaw = fromSchema(z.object({ subtasks: z.array(subtask) }));

/**
 * `GET /jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid`. The body's own summary is not used:
 * its percentiles are always "NaN" (REST-TRUTH §1.2).
 */
export function decodeCheckpointSubtasks(body: unknown, vertexId: string): Decoded<readonly CheckpointSubtask[]> {
  const decoded = decodeRaw(body);
  if (!decoded.ok) return decoded;
  return { ok: true, value: decoded.value.subtasks.map((raw) => toSubtask(raw, vertexId)) };
}

function toSubtask(raw: z.infer<typeof subtask>, vertexId: string): CheckpointSubtask {
  // Otherwise it says `pending_or_failed`, and nothing more.
  if (raw.status !== 'completed') return { vertexId, subtask: raw.index, acknowledged: false };
  return defined<CheckpointSubtask>({
    vertexId,
    subtask: raw.index,
    acknowledged: true,
    ackMs: raw.ack_timestamp,
    endToEndMs: raw.end_to_end_duration,
    startDelayMs: raw.start_delay,
    alignmentMs: raw.alignment?.duration,
    syncMs: raw.checkpoint?.sync,
    asyncMs: raw.checkpoint?.async,
    stateSizeBytes: raw.state_size,
    checkpointedSizeBytes: raw.checkpointed_size,
    unaligned: raw.unaligned_checkpoint,
  });
}
