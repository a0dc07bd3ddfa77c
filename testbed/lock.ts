import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onProcessEnd } from './cleanup.js';
import { waitFor } from './wait.js';

/** A download of some hundred megabytes on a slow line. */
const LONGEST_HOLD_MS = 20 * 60_000;

/** Runs `task` while no other process, and no other caller in this one, holds the lock file. */
export async function withLock<T>(lockFile: string, task: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  await waitFor(async () => tryLock(lockFile) || undefined, {
    what: `the lock ${lockFile} becomes free (delete it if no other testbed is running)`,
    timeoutMs: LONGEST_HOLD_MS,
  });
  const release = (): void => rmSync(lockFile, { force: true });
  const unregister = onProcessEnd(release);
  try {
    return await task();
  } finally {
    unregister();
    release();
  }
}

function tryLock(lockFile: string): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAbandoned(lockFile)) rmSync(lockFile, { force: true });
    return false;
  }
}

/** A process that was killed leaves its lock behind. */
function isAbandoned(lockFile: string): boolean {
  let owner: number;
  try {
    owner = Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return false;
  }
  // Written and read at the same moment: empty for a blink.
  if (!Number.isInteger(owner) || owner <= 0) return false;
  return !isAlive(owner);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Moves a finished directory to its place in one step: it is there completely or not at all. If another process was
 * faster, after both took over an abandoned lock, its result is as good.
 */
export function publishDirectory(finished: string, place: string): void {
  try {
    renameSync(finished, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
