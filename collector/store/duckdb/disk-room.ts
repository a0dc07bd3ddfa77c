import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskLimits {
  readonly maxBytes: number;
  readonly minFreeBytes: number;
}

export interface DiskRoom {
  readonly usedBytes: number;
  /** What is too much or too little, in words; missing while there is room. */
  readonly problem?: string;
}

/** What a data directory takes, and whether it may take more. */
export async function diskRoom(dir: string, { maxBytes, minFreeBytes }: DiskLimits): Promise<DiskRoom> {
  const sizes = await Promise.all((await readdir(dir)).map((name) => sizeOf(join(dir, name))));
  const usedBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const { bavail, bsize } = await statfs(dir);
  const freeBytes = bavail * bsize;
  if (usedBytes > maxBytes)
    return { usedBytes, problem: `the data directory takes ${inMb(usedBytes)} of at most ${inMb(maxBytes)}` };
  if (freeBytes < minFreeBytes)
    return { usedBytes, problem: `the disk has ${inMb(freeBytes)} left of at least ${inMb(minFreeBytes)}` };
  return { usedBytes };
}

/** A file that has just gone takes nothing. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const inMb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
