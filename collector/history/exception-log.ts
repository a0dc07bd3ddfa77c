import type { JobExceptions } from '../flink/decode/exceptions.decode.js';
import { MAX_EXCEPTIONS_PER_JOB } from '../limits.js';
import type { JobException } from '../model/index.js';

const keyOf = (exception: JobException): string =>
  `${exception.atMs}|${exception.concurrent ? 1 : 0}|${exception.taskName ?? ''}|${exception.exceptionName}`;

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
    for (const key of [...this.#known.keys()].slice(0, Math.max(0, this.#known.size - MAX_EXCEPTIONS_PER_JOB)))
      this.#known.delete(key);
    return added;
  }

  /** Oldest first. */
  all(): readonly JobException[] {
    const known = [...this.#known.values()];
    const isNew = (exception: JobException): boolean => !this.#known.has(keyOf(exception));
    return [...known, ...this.#provisional.filter(isNew)].sort((a, b) => a.atMs - b.atMs);
  }
}
