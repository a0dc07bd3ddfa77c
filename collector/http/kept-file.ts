import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.js';
import { FILE_MAX_AGE_MS } from './limits.js';

/** A file that a request needs and that cannot be read. */
export class UnreadableFileError extends Error {
  constructor(what: string, why: string) {
    super(`${what} cannot be read (${why})`);
  }
}

/** The text of a file, read again when it is old, because mounted secrets rotate. */
export type KeptFile = () => Promise<string>;

/**
 * `what` names the file in messages, such as "the bearer token file". A file that was read once and cannot be read now
 * (it is just being replaced) leaves the last text in force: if that is no longer good, the other side says so.
 */
export function createKeptFile(path: string, what: string, clock: Clock): KeptFile {
  let text: string | undefined;
  let readMs = 0;
  return async () => {
    if (text !== undefined && clock.nowMs() - readMs < FILE_MAX_AGE_MS) return text;
    try {
      text = await readFile(path, 'utf8');
      readMs = clock.nowMs();
    } catch (error) {
      if (text === undefined) throw new UnreadableFileError(what, (error as Error).message); // node:fs rejects with Errors.
    }
    return text;
  };
}
