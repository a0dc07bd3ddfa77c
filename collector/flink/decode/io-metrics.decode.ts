import { z } from 'zod';
import { count, toCount } from './fields.decode.js';

export interface IoMetrics {
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly bytesOut: number | undefined;
  readonly busyMs: number | undefined;
  readonly idleMs: number | undefined;
  readonly backPressuredMs: number | undefined;
}

export const NO_IO_METRICS: IoMetrics = {
  recordsIn: undefined,
  recordsOut: undefined,
  bytesIn: undefined,
  bytesOut: undefined,
  busyMs: undefined,
  idleMs: undefined,
  backPressuredMs: undefined,
};

const complete = z
  .unknown()
  .optional()
  .transform((raw) => raw !== false);

/**
 * The `metrics` of a vertex or subtask. While any `…-complete` is false the figures are placeholders (all zero), so
 * none of them is taken (REST-TRUTH fact 6). The accumulated times exist from 1.16 on; a legacy source has busy "NaN".
 */
export const ioMetrics = z
  .object({
    'read-bytes': count,
    'read-bytes-complete': complete,
    'write-bytes': count,
    'write-bytes-complete': complete,
    'read-records': count,
    'read-records-complete': complete,
    'write-records': count,
    'write-records-complete': complete,
    'accumulated-backpressured-time': z.unknown().optional(),
    'accumulated-idle-time': z.unknown().optional(),
    'accumulated-busy-time': z.unknown().optional(),
  })
  .transform((raw): IoMetrics => {
    const isComplete =
      raw['read-bytes-complete'] &&
      raw['write-bytes-complete'] &&
      raw['read-records-complete'] &&
      raw['write-records-complete'];
    if (!isComplete) return NO_IO_METRICS;
    return {
      recordsIn: raw['read-records'],
      recordsOut: raw['write-records'],
      bytesIn: raw['read-bytes'],
      bytesOut: raw['write-bytes'],
      busyMs: toCount(raw['accumulated-busy-time']),
      idleMs: toCount(raw['accumulated-idle-time']),
      backPressuredMs: toCount(raw['accumulated-backpressured-time']),
    };
  })
  .optional()
  .transform((metrics) => metrics ?? NO_IO_METRICS);
