import { z } from 'zod';
import { defined, type ParallelismRange, type Rescale } from '../../model/index.js';
import { fromSchema } from './body.decode.js';
import { count, id32, optionalText, timestampOrZero } from './fields.decode.js';

/** Entries of one answer that are looked at; the history's own default length is 0, a usual one 10. */
const MAX_RESCALES = 100;

const range = z.object({ parallelism: z.object({ lowerBound: count, upperBound: count }) });

/**
 * `GET /jobs/:jobid/resource-requirements` (adaptive scheduler, 1.18+): what each vertex may have, by vertex id. A bound of
 * −1 means the default: 1, and the vertex's max parallelism, which is not named here.
 */
export const decodeResourceRequirements = fromSchema(
  z
    .record(id32, range)
    .transform(
      (raw): ReadonlyMap<string, ParallelismRange> =>
        new Map(
          Object.entries(raw).map(([vertexId, { parallelism }]) => [
            vertexId,
            defined<ParallelismRange>({ lower: parallelism.lowerBound ?? 1, upper: parallelism.upperBound }),
          ]),
        ),
    ),
);

const rescale = z
  .object({
    rescaleUuid: id32,
    startTimestampInMillis: timestampOrZero,
    endTimestampInMillis: timestampOrZero,
    terminalState: optionalText,
    triggerCause: optionalText,
    terminatedReason: optionalText,
  })
  .transform((raw) =>
    defined<Rescale>({
      id: raw.rescaleUuid,
      startMs: raw.startTimestampInMillis,
      endMs: raw.endTimestampInMillis === 0 ? undefined : raw.endTimestampInMillis,
      outcome: raw.terminalState,
      cause: raw.triggerCause,
      reason: raw.terminatedReason,
    }),
  );

/** `GET /jobs/:jobid/rescales/history` (adaptive scheduler, 2.3+, history switched on): oldest first; Flink has the newest first. */
export const decodeRescales = fromSchema(
  z.array(rescale).transform((raw): readonly Rescale[] => raw.slice(0, MAX_RESCALES).reverse()),
);
