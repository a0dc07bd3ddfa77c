import { z } from 'zod';
import { defined, type JobException } from '../../model/index.js';
import { MAX_STACKTRACE_CHARS } from '../limits.js';
import { maskText } from '../mask.js';
import { fromSchema } from './body.decode.js';
import { optionalText, timestampOrZero } from './fields.decode.js';

/** What a job has failed with. */
export interface JobExceptions {
  /** Entries and the concurrent ones below them, newest entry first. */
  readonly exceptions: readonly JobException[];
  /** False when the history was empty and older fields stood in: the same failure comes again with another time. */
  readonly isHistory: boolean;
}

const entry = z.object({
  exceptionName: optionalText,
  stacktrace: optionalText,
  timestamp: timestampOrZero,
  taskName: optionalText,
  taskManagerId: optionalText,
});
const entryWithConcurrent = entry.extend({ concurrentExceptions: z.array(entry).nullish() });
const legacyEntry = z.object({
  exception: optionalText,
  task: optionalText,
  timestamp: timestampOrZero,
  taskManagerId: optionalText,
});

/** Longer than what is kept by more than any secret. */
const MAX_MASKED_CHARS = MAX_STACKTRACE_CHARS + 4_000;

/** The class at the head of a stack trace, `java.lang.Error: why` → `java.lang.Error`. */
const className = (stacktrace: string): string => /^[\w.$]+/.exec(stacktrace)?.[0] ?? 'unknown';

function toException(raw: z.infer<typeof entry>, concurrent: boolean): JobException {
  // Masked before it is cut: of a secret that the cut goes through, half would stay.
  const stacktrace = maskText((raw.stacktrace ?? '').slice(0, MAX_MASKED_CHARS)).slice(0, MAX_STACKTRACE_CHARS);
  return defined<JobException>({
    atMs: raw.timestamp,
    exceptionName: raw.exceptionName ?? className(stacktrace),
    stacktrace,
    taskName: raw.taskName,
    taskManagerId: raw.taskManagerId,
    concurrent,
  });
}

function fromHistory(entries: readonly z.infer<typeof entryWithConcurrent>[]): readonly JobException[] {
  return entries.flatMap((raw) => [
    toException(raw, false),
    ...(raw.concurrentExceptions ?? []).map((below) => toException(below, true)),
  ]);
}

function fromLegacy(raw: z.infer<typeof body>): readonly JobException[] {
  const listed = (raw['all-exceptions'] ?? []).map((one) =>
    toException(
      {
        exceptionName: undefined,
        stacktrace: one.exception,
        timestamp: one.timestamp,
        taskName: one.task,
        taskManagerId: one.taskManagerId,
      },
      false,
    ),
  );
  const root = raw['root-exception'];
  if (listed.length > 0 || root === undefined) return listed;
  const alone = { exceptionName: undefined, taskName: undefined, taskManagerId: undefined };
  return [toException({ ...alone, stacktrace: root, timestamp: raw.timestamp }, false)];
}

const body = z.object({
  'root-exception': optionalText,
  timestamp: timestampOrZero,
  'all-exceptions': z.array(legacyEntry).nullish(),
  exceptionHistory: z.object({ entries: z.array(entryWithConcurrent) }).optional(),
});

/**
 * `GET /jobs/:jobid/exceptions`. Up to 1.17 the history is empty while the job restarts, and only the older top-level
 * fields say why (REST-TRUTH §1.3); from 2.0 on they are gone.
 */
export const decodeExceptions = fromSchema<JobExceptions>(
  body.transform((raw) => {
    const entries = raw.exceptionHistory?.entries ?? [];
    return entries.length > 0
      ? { exceptions: fromHistory(entries), isHistory: true }
      : { exceptions: fromLegacy(raw), isHistory: false };
  }),
);
