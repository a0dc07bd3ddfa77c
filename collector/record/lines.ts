import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from './limits.js';

/** What to do about a file that is no bundle, and about a bundle that cannot be used. */
export const GIVE_ANOTHER = 'give a file that `weir record` wrote';
export const AGAIN = 'record again, or ask for the file again';

/** A line that ended, or what keeps the file from being read on. */
export type LineOrProblem = { readonly line: string } | { readonly problem: string };

/**
 * The lines of a gzip file that are whole: what follows the last line end of a file that is cut off is left out. Only `\n`
 * ends a line, because names from Flink may hold anything that Unicode calls a line end.
 */
export async function* unpackedLines(path: string, maxBytes = MAX_UNPACKED_BYTES): AsyncGenerator<LineOrProblem> {
  // Without this a file that is cut off would be an error, and what came before it lost.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const errors: Error[] = [];
  pipeline(createReadStream(path), gunzip, (error) => {
    if (error) errors.push(error);
  });
  gunzip.setEncoding('utf8');
  let rest = '';
  let chars = 0;
  try {
    // With an encoding set the chunks are texts.
    for await (const chunk of gunzip as AsyncIterable<string>) {
      chars += chunk.length;
      if (chars > maxBytes) {
        yield { problem: `it unpacks to more than ${maxBytes / 1e6} MB, which no recording does: ${GIVE_ANOTHER}` };
        return;
      }
      const parts = chunk.split('\n');
      parts[0] = rest + (parts[0] ?? '');
      rest = parts.pop() ?? '';
      for (const line of parts) yield { line };
    }
  } catch (cause) {
    yield { problem: problemOf((errors[0] ?? cause) as NodeJS.ErrnoException) }; // Streams of Node fail with Errors.
  }
}

function problemOf({ code = '', message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return `there is no such file: ${GIVE_ANOTHER}`;
    case 'EACCES':
    case 'EISDIR':
      return `it cannot be read (${code}): ${GIVE_ANOTHER}`;
    case 'Z_DATA_ERROR':
      return message === 'incorrect header check'
        ? `it is not a gzip file: ${GIVE_ANOTHER}`
        : `its gzip data are damaged (${message}): ${AGAIN}`;
    default:
      return `it cannot be read (${code === '' ? message : code}): ${AGAIN}`;
  }
}
