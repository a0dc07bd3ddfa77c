import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BundleSink } from './recorder.js';

const pack = promisify(gzip);

export interface BundleFile extends BundleSink {
  /** Packed. */
  readonly bytes: number;
  close(): Promise<void>;
}

/**
 * A new file, for its owner's eyes; one that exists is left alone and the call rejects. Every append is a gzip member of its
 * own: the whole is one gzip file, and a file that is cut off can be read up to its last whole round.
 */
export async function createBundleFile(path: string): Promise<BundleFile> {
  return new GzipBundleFile(await open(path, 'wx', 0o600));
}

class GzipBundleFile implements BundleFile {
  readonly #file: FileHandle;
  #last: Promise<void> = Promise.resolve();
  bytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  append(lines: string): Promise<void> {
    this.#last = this.#last.then(async () => {
      const packed = await pack(lines);
      await this.#file.appendFile(packed);
      this.bytes += packed.byteLength;
    });
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
