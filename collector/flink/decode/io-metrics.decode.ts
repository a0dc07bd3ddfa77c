import { z } from 'zod';
import { isObject, toCount } from './fields.decode.js';

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

/**
 * The `metrics` of a vertex or subtask; undefined for what is no object. While any `…-complete` is false the figures are
 * placeholders (all zero), so none of them is taken (REST-TRUTH fact 6). The accumulated times exist from 1.16 on; a legacy
 * source has busy "NaN". By hand and not by a schema: a fleet of a million subtasks has 17,000 of these a second, and the schema's own
 * objects were two fifths of all that Weir allocated.
 */
export function toIoMetrics(raw: unknown): IoMetrics | undefined {
  if (raw === undefined) return NO_IO_METRICS;
  if (!isObject(raw)) return undefined;
  if (
    raw['read-bytes-complete'] === false ||
    raw['write-bytes-complete'] === false ||
    raw['read-records-complete'] === false ||
    raw['write-records-complete'] === false
  )
    return NO_IO_METRICS;
  return {
    recordsIn: toCount(raw['read-records']),
    recordsOut: toCount(raw['write-records']),
    bytesIn: toCount(raw['read-bytes']),
    bytesOut: toCount(raw['write-bytes']),
    busyMs: toCount(raw['accumulated-busy-time']),
    idleMs: toCount(raw['accumulated-idle-time']),
    backPressuredMs: toCount(raw['accumulated-backpressured-time']),
  };
}

export const ioMetrics = z
  .unknown()
  .optional()
  .transform((raw, context) => {
    const metrics = toIoMetrics(raw);
    if (metrics !== undefined) return metrics;
    context.addIssue('expected object');
    return z.NEVER;
  });
