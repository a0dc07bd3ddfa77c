import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.js';
import { EMPTY_BATCH, KEY, subtaskRow, VERTEX } from '../../testing/store-rows.js';
import type { SeriesQuery } from '../series-store.js';
import { openDuckDbStore, type DuckDbStore, type DuckDbStoreOptions } from './duckdb-store.js';
import { StoreLockedError } from './errors.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const TODAY_MS = Date.parse('2026-11-21T00:00:00Z');
const NOON_MS = TODAY_MS + DAY / 2;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-duckdb-'));
  cleanUps.push(() => {
    rmSync(dir, { recursive: true });
  });
  return dir;
}

async function open(dir: string, clock: ManualClock, more: Partial<DuckDbStoreOptions> = {}): Promise<DuckDbStore> {
  const store = await openDuckDbStore({ dir, clock, autoFlush: false, ...more });
  cleanUps.push(() => store.close().catch(() => undefined));
  return store;
}

const query = (fromMs: number, toMs: number, points = 10): SeriesQuery => ({
  cluster: KEY.cluster,
  jobName: KEY.jobName,
  vertexId: VERTEX,
  metric: 'busyRatio',
  fromMs,
  toMs,
  points,
});

/** Rows of `minutes`, one every 10 s, busy as given. */
function appendMinutes(store: DuckDbStore, fromMs: number, minutes: number, busyRatio: number): void {
  const rows = Array.from({ length: minutes * 6 }, (_, index) => subtaskRow(fromMs + index * 10_000, 0, { busyRatio }));
  store.append({ ...EMPTY_BATCH, subtasks: rows });
}

const files = (dir: string): readonly string[] =>
  readdirSync(dir)
    .filter((name) => !name.endsWith('.wal'))
    .sort();

describe('files', () => {
  it('are one a day, and a reopened store has all of them', async () => {
    const dir = newDir();
    const clock = createManualClock(NOON_MS);
    const store = await open(dir, clock);
    appendMinutes(store, TODAY_MS - 5 * MINUTE, 10, 0.5);
    await store.close();
    expect(files(dir)).toEqual(['weir-2026-11-20.duckdb', 'weir-2026-11-21.duckdb', 'weir-records.duckdb']);
    const again = await open(dir, clock);
    const points = await again.series(query(TODAY_MS - 5 * MINUTE, TODAY_MS + 5 * MINUTE));
    expect(points).toHaveLength(10);
    expect(points.every((point) => point.value === 0.5)).toBe(true);
  });

  it('older than the retention are deleted whole, and the roll-up answers in their place', async () => {
    const dir = newDir();
    const clock = createManualClock(TODAY_MS + 10 * MINUTE);
    const store = await open(dir, clock, { retention: { rawMs: 2 * DAY, rollupMs: 30 * DAY } });
    appendMinutes(store, TODAY_MS, 10, 0.4);
    store.append({ ...EMPTY_BATCH, subtasks: [subtaskRow(TODAY_MS, 1, { busyRatio: 0.9 })] });
    await store.flush();
    await store.maintain(TODAY_MS + 3 * DAY + MINUTE);
    expect(files(dir)).toEqual(['weir-records.duckdb']);
    const points = await store.series(query(TODAY_MS, TODAY_MS + 10 * MINUTE, 2));
    expect(points).toEqual([
      { atMs: TODAY_MS, value: 0.9 },
      { atMs: TODAY_MS + 5 * MINUTE, value: expect.closeTo(0.4, 9) },
    ]);
  });

  it('are rolled up once, however often that is asked', async () => {
    const clock = createManualClock(NOON_MS + 60 * MINUTE);
    const store = await open(newDir(), clock, { retention: { rawMs: DAY, rollupMs: 30 * DAY } });
    const row = { ...KEY, state: 'RUNNING' as const };
    const jobs = [0, 1, 2].map((index) => ({ ...row, atMs: NOON_MS + index * MINUTE, figures: { lagRecords: index } }));
    store.append({ ...EMPTY_BATCH, jobs });
    await store.flush();
    await store.maintain(NOON_MS + 60 * MINUTE);
    await store.maintain(NOON_MS + 60 * MINUTE);
    await store.maintain(NOON_MS + 3 * DAY);
    expect(await store.jobs({ fromMs: TODAY_MS, toMs: TODAY_MS + DAY })).toMatchObject([{ lastState: 'RUNNING' }]);
    const { vertexId: _none, ...ofJob } = query(NOON_MS, NOON_MS + 5 * MINUTE, 1);
    expect(await store.series({ ...ofJob, metric: 'lagRecords' })).toEqual([{ atMs: NOON_MS, value: 2 }]);
  });

  it('can be dropped before a time', async () => {
    const dir = newDir();
    const store = await open(dir, createManualClock(NOON_MS));
    appendMinutes(store, TODAY_MS - 5 * MINUTE, 10, 0.5);
    await store.flush();
    await store.dropBefore(TODAY_MS + MINUTE);
    expect(files(dir)).toEqual(['weir-2026-11-21.duckdb', 'weir-records.duckdb']);
  });

  it('samples older than the retention are not written at all', async () => {
    const dir = newDir();
    const store = await open(dir, createManualClock(NOON_MS));
    appendMinutes(store, TODAY_MS - 20 * DAY, 1, 0.5);
    await store.flush();
    expect(files(dir)).toEqual(['weir-records.duckdb']);
    expect(store.health().queuedRows).toBe(0);
  });
});

describe('a damaged file', () => {
  it.each([
    ['weir-2026-11-21.duckdb', 'garbage'],
    ['weir-2026-11-21.duckdb', 'cut'],
    ['weir-records.duckdb', 'garbage'],
  ])('%s (%s) is moved aside, said, and a new one begun', async (name, damage) => {
    const dir = newDir();
    const clock = createManualClock(NOON_MS);
    const store = await open(dir, clock);
    appendMinutes(store, NOON_MS, 600, 0.5);
    await store.close();
    const path = join(dir, name);
    const bytes = readFileSync(path);
    writeFileSync(path, damage === 'cut' ? bytes.subarray(0, bytes.length / 2) : 'not a database '.repeat(500));
    const said: string[] = [];
    const again = await open(dir, clock, { log: (line) => said.push(line) });
    expect(again.health().damagedFiles).toMatchObject([{ movedTo: expect.stringContaining(`${name}.damaged-`) }]);
    expect(said.join()).toContain('is damaged');
    expect(existsSync(join(dir, again.health().damagedFiles[0]?.movedTo ?? ''))).toBe(true);
    appendMinutes(again, NOON_MS, 1, 0.7);
    await again.flush();
    expect(again.health()).toMatchObject({ ok: true });
  });

  it('with only its log damaged keeps the file and gives the log away', async () => {
    const dir = newDir();
    await writeUntilKilled(dir);
    const log = join(dir, 'weir-2026-11-21.duckdb.wal');
    const bytes = readFileSync(log);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x55, middle);
    writeFileSync(log, bytes);
    const store = await open(dir, createManualClock(NOON_MS));
    expect(store.health().damagedFiles).toMatchObject([{ movedTo: expect.stringContaining('.wal.damaged-') }]);
    appendMinutes(store, NOON_MS, 1, 0.7);
    await store.flush();
    expect(store.health().ok).toBe(true);
  }, 30_000);
});

describe('writing', () => {
  it('happens by itself every few seconds', async () => {
    const clock = createManualClock(NOON_MS);
    const written: number[] = [];
    const store = await open(newDir(), clock, {
      autoFlush: true,
      observer: { onWrite: (_s, rows) => written.push(rows) },
    });
    appendMinutes(store, NOON_MS, 1, 0.5);
    expect(store.health().queuedRows).toBe(6);
    await clock.advance(5_000);
    await store.flush();
    expect(store.health()).toMatchObject({ queuedRows: 0, writtenRows: 6 });
    expect(written).toEqual([6]);
  });

  it('drops the oldest rows when the queue is full, and counts them', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS), { maxQueuedRows: 4 });
    appendMinutes(store, NOON_MS, 1, 0.5);
    expect(store.health()).toMatchObject({ queuedRows: 4, droppedRows: 2 });
    await store.flush();
    const points = await store.series(query(NOON_MS, NOON_MS + MINUTE, 6));
    expect(points[0]?.atMs).toBe(NOON_MS + 20_000);
  });

  it('survives kill -9: what was flushed is there, whole', async () => {
    const dir = newDir();
    const acknowledged = await writeUntilKilled(dir);
    expect(acknowledged).toBeGreaterThanOrEqual(5);
    const store = await open(dir, createManualClock(NOON_MS));
    expect(store.health().damagedFiles).toEqual([]);
    const points = await store.series({ ...query(NOON_MS, NOON_MS + 100_000_000, 2000), subtask: 0 });
    const found = points.filter((point) => point.value !== null).length;
    expect(found).toBeGreaterThanOrEqual(acknowledged);
    const whole = await store.series({ ...query(NOON_MS, NOON_MS + 100_000_000, 2000), metric: 'recordsInPerSecond' });
    // Each flush writes 50 subtasks with a rate of 1: a partial one would show a smaller sum.
    expect(new Set(whole.flatMap((point) => point.value ?? []))).toEqual(new Set([50]));
  }, 30_000);
});

/** Runs the writer child until it has acknowledged five flushes, then kills it while it goes on; how many were said to be written. */
function writeUntilKilled(dir: string): Promise<number> {
  const script = fileURLToPath(new URL('../../testing/store-writer.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, dir, String(NOON_MS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(() => child.kill('SIGKILL'));
  let acknowledged = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    acknowledged += text.split('\n').length - 1;
    if (acknowledged >= 5) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve(acknowledged)));
}

describe('a directory in use', () => {
  it('is refused with what to do', async () => {
    const dir = newDir();
    const script = fileURLToPath(new URL('../../testing/store-writer.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, dir, String(NOON_MS)], { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanUps.push(() => child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const opening = openDuckDbStore({ dir, clock: createManualClock(NOON_MS), autoFlush: false });
    await expect(opening).rejects.toThrow(StoreLockedError);
    await expect(opening).rejects.toThrow(/in use by another process .* another directory/);
    expect(files(dir)).toContain('weir-records.duckdb');
  }, 30_000);
});
