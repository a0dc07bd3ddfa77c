import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('withLock', () => {
  it('lets two callers in one after the other', async () => {
    const lock = join(dir, 'x.lock');
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} in`);
      await Promise.resolve();
      seen.push(`${name} out`);
    };
    await Promise.all([withLock(lock, task('a')), withLock(lock, task('b'))]);
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    const lock = join(dir, 'x.lock');
    // Above the largest pid of any Linux.
    writeFileSync(lock, '4194305');
    await expect(withLock(lock, async () => 'in')).resolves.toBe('in');
  });

  it('is free again after a failure', async () => {
    const lock = join(dir, 'x.lock');
    await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(lock)).toBe(false);
  });
});
