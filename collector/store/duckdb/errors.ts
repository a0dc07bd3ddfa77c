/** Another process has the data directory: only one Weir may own it. */
export class StoreLockedError extends Error {
  constructor(dir: string, detail: string) {
    super(
      `The data directory ${dir} is in use by another process (${detail}): stop that one, or give this one another directory.`,
    );
    this.name = 'StoreLockedError';
  }
}

/** A file was written by a Weir that is newer than this one. */
export class StoreVersionError extends Error {
  constructor(file: string, version: string, known: string) {
    super(
      `${file} has schema version ${version}, this Weir knows ${known}: update Weir, or give it another data directory.`,
    );
    this.name = 'StoreVersionError';
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const isLockError = (message: string): boolean => /could not set lock|conflicting lock/i.test(message);

/** Failures of the machine and not of the file: moving the file aside would lose data and help nothing. */
export const isMachineError = (message: string): boolean =>
  /permission denied|no space left|read-only file system|too many open files|cannot open file/i.test(message);

export const isLogError = (message: string): boolean => /\bWAL\b/i.test(message);

/**
 * The catalog of a file whose checkpoint failed, for want of memory or disk. DuckDB takes nothing more into it and reads nothing from it until
 * it is attached anew; what was committed is in its log.
 */
export function invalidatedCatalog(message: string): string | undefined {
  const match = /Checkpoint failed for database "(\w+)"|Database "(\w+)" has been invalidated/.exec(message);
  return match?.[1] ?? match?.[2];
}

/** There is no room for more, and no older day to give up. */
export class DiskFullError extends Error {
  constructor(problem: string) {
    super(`${problem}, and there is no older day to give up: nothing is written until there is room`);
    this.name = 'DiskFullError';
  }
}
