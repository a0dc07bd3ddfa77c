import { z } from 'zod';
import { JOB_STATES, TASK_STATES, type JobState, type TaskCounts, type TaskState } from '../../model/index.js';

/** From here on a figure is one of Flink's sentinels: 2^63−1 "none", −2^63 "no watermark yet". */
const INT64_EDGE = 9.2e18;

/**
 * A finite number, from a JSON number or from text (metric values, big integers); `"NaN"`, `"Infinity"`, null and
 * Flink's int64 sentinels are missing.
 */
export function toFigure(raw: unknown): number | undefined {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : NaN;
  return Number.isFinite(value) && Math.abs(value) < INT64_EDGE ? value : undefined;
}

/** A figure that cannot be negative: Flink says −1 where it does not know. */
export function toCount(raw: unknown): number | undefined {
  const value = toFigure(raw);
  return value === undefined || value < 0 ? undefined : value;
}

/** A JSON object: neither null nor a list. */
export const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** The last moment that a date can hold; from a later one nobody could make a text. */
const MAX_EPOCH_MS = 8.64e15;

/** An epoch time: 0 and −1 mean "never". */
export function toTimestamp(raw: unknown): number | undefined {
  const value = toFigure(raw);
  return value === undefined || value <= 0 || value > MAX_EPOCH_MS ? undefined : value;
}

/**
 * A word or number as text; empty for anything else. `String` is not for foreign values: a list may nest too deep for it, and
 * an object may carry a `toString` that is no function.
 */
export function toText(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : '';
}

export const figure = z.unknown().optional().transform(toFigure);
export const count = z.unknown().optional().transform(toCount);
export const countOrZero = z
  .unknown()
  .optional()
  .transform((raw) => toCount(raw) ?? 0);
export const timestamp = z.unknown().optional().transform(toTimestamp);
export const timestampOrZero = z
  .unknown()
  .optional()
  .transform((raw) => toTimestamp(raw) ?? 0);
export const flag = z
  .unknown()
  .optional()
  .transform((raw) => raw === true);
export const optionalText = z
  .unknown()
  .optional()
  .transform((raw) => (typeof raw === 'string' && raw !== '' ? raw : undefined));
/** Ids go into request paths, so nothing but Flink's own form is taken. */
export const id32 = z.string().regex(/^[0-9a-fA-F]{32}$/, 'is not an id of 32 hexadecimal digits');

const jobStates: ReadonlySet<string> = new Set(JOB_STATES);
const taskStates: ReadonlySet<string> = new Set(TASK_STATES);

export function toJobState(raw: unknown): JobState {
  // The set holds exactly the members of the type.
  return typeof raw === 'string' && jobStates.has(raw) ? (raw as JobState) : 'UNKNOWN';
}

export function toTaskState(raw: unknown): TaskState {
  // The set holds exactly the members of the type.
  return typeof raw === 'string' && taskStates.has(raw) ? (raw as TaskState) : 'UNKNOWN';
}

export const jobState = z.unknown().optional().transform(toJobState);
export const taskState = z.unknown().optional().transform(toTaskState);

/** `{RUNNING: 2, …}`; `/jobs/overview` writes the states in lower case, with a `total` beside them. */
export const taskCounts = z
  .record(z.string(), z.unknown())
  .optional()
  .transform((raw = {}): TaskCounts => {
    const counts: Partial<Record<TaskState, number>> = {};
    for (const [key, value] of Object.entries(raw)) {
      const state = toTaskState(key.toUpperCase());
      const tasks = toCount(value);
      if (state !== 'UNKNOWN' && tasks !== undefined) counts[state] = tasks;
    }
    return counts;
  });
