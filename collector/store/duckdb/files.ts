import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const RECORDS_FILE = 'weir-records.duckdb';
export const DAY_MS = 86_400_000;

const DAY_FILE = /^weir-(\d{4}-\d{2}-\d{2})\.duckdb$/;

/** The UTC day of a time, `2026-11-21`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const dayStartMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const dayFile = (day: string): string => `weir-${day}.duckdb`;

/** Days that have a file, oldest first. */
export function daysIn(dir: string): readonly string[] {
  return readdirSync(dir)
    .flatMap((name) => DAY_FILE.exec(name)?.[1] ?? [])
    .sort();
}

const walOf = (path: string): string => `${path}.wal`;

export function deleteFile(dir: string, name: string): void {
  rmSync(join(dir, name), { force: true });
  rmSync(join(dir, walOf(name)), { force: true });
}

/** Moves a file and its log out of the way without losing them; the new name. */
export function moveAside(dir: string, name: string, nowMs: number): string {
  const suffix = `damaged-${new Date(nowMs).toISOString().replace(/[:.]/g, '')}`;
  const target = `${name}.${suffix}`;
  renameSync(join(dir, name), join(dir, target));
  if (existsSync(join(dir, walOf(name)))) renameSync(join(dir, walOf(name)), join(dir, `${target}.wal`));
  return target;
}

/** Moves only the log aside, so that what was written into the file itself stays; undefined when there is none. */
export function moveLogAside(dir: string, name: string, nowMs: number): string | undefined {
  const log = walOf(name);
  return existsSync(join(dir, log)) ? moveAside(dir, log, nowMs) : undefined;
}
