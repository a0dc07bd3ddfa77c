import { z } from 'zod';
import type { Checkpoint } from '../../model/index.js';
import { fromSchema } from './body.decode.js';
import { checkpoint } from './checkpoints.decode.js';

export interface CheckpointDetails {
  readonly checkpoint: Checkpoint;
  /** The vertices that took part; those that had finished before are not among them. */
  readonly vertexIds: readonly string[];
}

const tasks = z.object({ tasks: z.record(z.string(), z.unknown()).optional() });

/** `GET /jobs/:jobid/checkpoints/details/:checkpointid` */
export const decodeCheckpointDetails = fromSchema<CheckpointDetails>(
  z
    .unknown()
    .transform((raw) => ({ one: raw, rest: raw }))
    .pipe(z.object({ one: checkpoint, rest: tasks }))
    .transform((raw) => ({ checkpoint: raw.one, vertexIds: Object.keys(raw.rest.tasks ?? {}) })),
);
