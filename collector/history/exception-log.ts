import type { JobExceptions } from '../flink/decode/exceptions.decode.js';
import { MAX_EXCEPTIONS_PER_JOB } from '../limits.js';
import type { JobException } from '../model/index.js';

const keyOf = (exception: JobException): string =>
  `${exception.atMs}|${exception.concurrent ? 1 : 0}|${exception.taskName ?? ''}|${exception.exceptionName}`;

/** Words of the trace without its numbers and names of attempts: alike for failures of one cause. */
const KIND_CHARS = 2_000;
const kinds = new WeakMap<JobException, string>();

/** Of each failure once: a job that fails every second asks for the kinds of two hundred with each of them. */
function kindOf(exception: JobException): string {
  const known = kinds.get(exception);
  if (known !== undefined) return known;
  const words = exception.stacktrace.slice(0, KIND_CHARS).replace(/[\d:@#]+|\b[0-9a-f]{8,}\b/g, '');
  const kind = `${exception.exceptionName}|${words}`;
  kinds.set(exception, kind);
  return kind;
}

/** All exceptions a job was seen with; Flink itself remembers 16. */
export class ExceptionLog {
  readonly #known = new Map<string, JobException>();
  /** Stand-ins from before the history had them: they come again with another time (REST-TRUTH §1.3). */
  #provisional: readonly JobException[] = [];

  /** Adds a reading; what is new in it, oldest first. Stand-ins are kept but not reported as new. */
  add(reading: JobExceptions): readonly JobException[] {
    if (!reading.isHistory) {
      if (reading.exceptions.length > 0) this.#provisional = [...reading.exceptions].reverse();
      return [];
    }
    this.#provisional = [];
    const added: JobException[] = [];
    for (const exception of [...reading.exceptions].reverse()) {
      const key = keyOf(exception);
      if (this.#known.has(key)) continue;
      this.#known.set(key, exception);
      added.push(exception);
    }
    while (this.#known.size > MAX_EXCEPTIONS_PER_JOB) this.#forgetOne();
    return added;
  }

  /**
   * The oldest but one of the kind that there are most of: a job that fails every second for want of slots must not drive out the
   * loss of the TaskManager that began it (seen on 1.20.3: 280 failures in five minutes).
   */
  #forgetOne(): void {
    const byKind = new Map<string, string[]>();
    for (const [key, exception] of this.#known) {
      const kind = kindOf(exception);
      const keys = byKind.get(kind);
      if (keys === undefined) byKind.set(kind, [key]);
      else keys.push(key);
    }
    const most = [...byKind.values()].reduce((a, b) => (b.length > a.length ? b : a));
    this.#known.delete(most[1] ?? most[0] ?? '');
  }

  /** Oldest first. */
  all(): readonly JobException[] {
    const known = [...this.#known.values()];
    const isNew = (exception: JobException): boolean => !this.#known.has(keyOf(exception));
    return [...known, ...this.#provisional.filter(isNew)].sort((a, b) => a.atMs - b.atMs);
  }
}
