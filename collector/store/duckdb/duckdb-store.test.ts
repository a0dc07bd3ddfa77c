import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.js';
import { EMPTY_BATCH, KEY, subtaskRow, VERTEX, vertexRow } from '../../testing/store-rows.js';
import type { SeriesQuery, SubtaskRow } from '../series-store.js';
import { SubtaskRows } from '../subtask-rows.js';
import { Database } from './database.js';
import { openDuckDbStore, type DuckDbStore, type DuckDbStoreOptions } from './duckdb-store.js';
import { StoreLockedError, StoreVersionError } from './errors.js';

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
function appendMinutes(store: DuckDbStore, fromMs: number, minutes: number, busyRatio: number): Promise<boolean> {
  const rows = Array.from({ length: minutes * 6 }, (_, index) => subtaskRow(fromMs + index * 10_000, 0, { busyRatio }));
  return store.append({ ...EMPTY_BATCH, subtasks: rows });
}

const files = (dir: string): readonly string[] =>
  readdirSync(dir)
    .filter((name) => !name.endsWith('.wal'))
    .sort();

describe('a checkpoint of DuckDB that fails', () => {
  it.each(['day_2026_11_21', 'records'])(
    'closes %s and opens it again, and what comes after is written',
    async (catalog) => {
      const clock = createManualClock(NOON_MS);
      const opened = vi.spyOn(Database, 'open');
      const store = await open(newDir(), clock);
      const database = await (opened.mock.results.at(-1)?.value as Promise<Database>); // What `open` answers.
      opened.mockRestore();
      void appendMinutes(store, NOON_MS, 1, 0.25);
      await store.flush();
      await database.writer.run("SET debug_checkpoint_abort = 'before_header'");
      await expect(database.writer.run(`CHECKPOINT ${catalog}`)).rejects.toThrow(/invalidated/);
      await database.writer.run("SET debug_checkpoint_abort = 'none'");

      const kept: Promise<boolean>[] = [];
      for (let minute = 1; minute <= 2; minute += 1) {
        kept.push(appendMinutes(store, NOON_MS + minute * MINUTE, 1, 0.75));
        await store.flush();
        await store.maintain(NOON_MS + 3 * MINUTE);
      }
      await store.flush();
      expect(await Promise.all(kept)).toEqual([true, true]);
      expect(store.health()).toMatchObject({ ok: true, droppedRows: 0, queuedRows: 0 });
      const points = await store.series(query(NOON_MS, NOON_MS + 3 * MINUTE, 3));
      expect(points.map(({ value }) => value)).toEqual([0.25, 0.75, 0.75]);
    },
  );
});

it('writes texts of more than DuckDB holds in memory in several transactions', async () => {
  const store = await open(newDir(), createManualClock(NOON_MS));
  const body = randomBytes(750_000).toString('base64');
  const kept = Array.from({ length: 120 }, (_, i) =>
    store.saveReport({ ...KEY, atMs: NOON_MS + i, kind: 'picture', body }),
  );
  await store.flush();
  expect(await Promise.all(kept)).not.toContain(false);
  expect(store.health()).toMatchObject({ ok: true, droppedRows: 0 });
}, 30_000);

describe('queries', () => {
  it('that run side by side each get their own answer', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS));
    void appendMinutes(store, NOON_MS, 10, 0.5);
    await store.flush();
    const asked = [10, 5, 2, 20, 4].map((points) => query(NOON_MS, NOON_MS + 10 * MINUTE, points));
    const alone = [];
    for (const one of asked) alone.push(await store.series(one));
    expect(alone.every((points) => points.some(({ value }) => value !== null))).toBe(true);
    expect(await Promise.all(asked.map((one) => store.series(one)))).toEqual(alone);
  });
});

describe('files', () => {
  it('are one a day, and a reopened store has all of them', async () => {
    const dir = newDir();
    const clock = createManualClock(NOON_MS);
    const store = await open(dir, clock);
    void appendMinutes(store, TODAY_MS - 5 * MINUTE, 5, 0.5);
    void appendMinutes(store, TODAY_MS, 5, 0.5);
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
    void appendMinutes(store, TODAY_MS, 10, 0.4);
    void store.append({ ...EMPTY_BATCH, subtasks: [subtaskRow(TODAY_MS, 1, { busyRatio: 0.9 })] });
    await store.flush();
    await store.maintain(TODAY_MS + 3 * DAY + MINUTE);
    expect(files(dir)).toEqual(['weir-records.duckdb']);
    const points = await store.series(query(TODAY_MS, TODAY_MS + 10 * MINUTE, 2));
    expect(points).toEqual([
      { atMs: TODAY_MS, value: 0.9 },
      { atMs: TODAY_MS + 5 * MINUTE, value: expect.closeTo(0.4, 9) },
    ]);
  });

  it('answer short steps of long ago from roll-ups, each series its own, also at the ends of the query', async () => {
    const clock = createManualClock(NOON_MS);
    const store = await open(newDir(), clock, { retention: { rawMs: DAY, rollupMs: 90 * DAY } });
    const other = '0'.repeat(32);
    void appendMinutes(store, NOON_MS, 30, 0.5);
    const rows = Array.from({ length: 180 }, (_, i) => ({
      ...subtaskRow(NOON_MS + i * 10_000, 0, { busyRatio: 0.1 }),
      vertexId: other,
    }));
    void store.append({ ...EMPTY_BATCH, subtasks: rows });
    await store.flush();
    await store.maintain(NOON_MS + 3 * DAY);
    // Minutes 1 to 11: the roll-up of minutes 10 to 15 reaches in, and its middle lies after the end.
    const one = query(NOON_MS + MINUTE, NOON_MS + 11 * MINUTE, 10);
    const [first, second] = await store.seriesOf([one, { ...one, vertexId: other }]);
    for (const [points, value] of [
      [first, 0.5],
      [second, 0.1],
    ] as const) {
      const told = (points ?? []).filter((point) => point.value !== null);
      expect(told.map((point) => point.value)).toEqual([value, value, value]);
      expect(told.map(({ atMs }) => (atMs - one.fromMs) / MINUTE)).toEqual([1, 6, 9]);
    }
  });

  it('are rolled up once, however often that is asked', async () => {
    const clock = createManualClock(NOON_MS + 60 * MINUTE);
    const store = await open(newDir(), clock, { retention: { rawMs: DAY, rollupMs: 30 * DAY } });
    const row = { ...KEY, state: 'RUNNING' as const };
    const jobs = [0, 1, 2].map((index) => ({ ...row, atMs: NOON_MS + index * MINUTE, figures: { lagRecords: index } }));
    void store.append({ ...EMPTY_BATCH, jobs });
    await store.flush();
    await store.maintain(NOON_MS + 60 * MINUTE);
    await store.maintain(NOON_MS + 60 * MINUTE);
    await store.maintain(NOON_MS + 3 * DAY);
    expect(await store.jobs({ fromMs: TODAY_MS, toMs: TODAY_MS + DAY })).toMatchObject([{ lastState: 'RUNNING' }]);
    const { vertexId: _none, ...ofJob } = query(NOON_MS, NOON_MS + 5 * MINUTE, 1);
    expect(await store.series({ ...ofJob, metric: 'lagRecords' })).toEqual([{ atMs: NOON_MS, value: 2 }]);
  });

  it('roll up wide vertices with the readings of the whole, and keep the records of a batch', async () => {
    const dir = newDir();
    const store = await open(dir, createManualClock(NOON_MS), { retention: { rawMs: DAY, rollupMs: 30 * DAY } });
    const subtasks = [0, 1].map((subtask) => subtaskRow(NOON_MS, subtask, { busyRatio: 0.2 + subtask / 2 }));
    const vertices = [10, 20, 30].map((s) => vertexRow(NOON_MS + s * 1000, { busyRatio: s / 100, pendingRecords: s }));
    const event = { ...KEY, atMs: NOON_MS, kind: 'state' as const, text: 'RUNNING' };
    void store.append({ ...EMPTY_BATCH, subtasks, vertices, events: [event] });
    await store.flush();
    for (const laterMs of [60 * MINUTE, 65 * MINUTE, 3 * DAY]) await store.maintain(NOON_MS + laterMs);
    expect(files(dir)).toEqual(['weir-records.duckdb']);
    const asked = query(NOON_MS, NOON_MS + 5 * MINUTE, 1);
    expect(await store.seriesOf([asked, { ...asked, metric: 'pendingRecords' }])).toEqual([
      [{ atMs: NOON_MS, value: expect.closeTo((0.7 + 0.1 + 0.2 + 0.3) / 4, 4) }],
      [{ atMs: NOON_MS, value: 30 }],
    ]);
    expect(await store.events(KEY, { fromMs: NOON_MS, toMs: NOON_MS + 1 })).toEqual([event]);
    await store.close();
    const again = await open(dir, createManualClock(NOON_MS + 3 * DAY));
    expect(await again.series(asked)).toHaveLength(1);
  });

  it('answer long steps from roll-ups and what is newer from readings', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS));
    void appendMinutes(store, NOON_MS, 60, 0.5);
    await store.flush();
    await store.maintain(NOON_MS + 40 * MINUTE);
    const points = await store.series(query(NOON_MS, NOON_MS + 60 * MINUTE, 12));
    expect(points.map(({ value }) => value)).toEqual(Array.from({ length: 12 }, () => 0.5));
  });

  it('of an older Weir are moved aside, and a newer Weir is not overwritten', async () => {
    const dir = newDir();
    const clock = createManualClock(NOON_MS);
    await (await open(dir, clock)).close();
    const setVersion = async (version: number): Promise<void> => {
      const instance = await DuckDBInstance.create(join(dir, 'weir-records.duckdb'));
      const connection = await instance.connect();
      await connection.run(`UPDATE weir_meta SET value = '${version}' WHERE key = 'schema_version'`);
      connection.closeSync();
      instance.closeSync();
    };
    await setVersion(1);
    const store = await open(dir, clock);
    expect(store.health().damagedFiles).toMatchObject([{ reason: expect.stringContaining('older Weir') }]);
    await store.close();
    await setVersion(99);
    await expect(open(dir, clock)).rejects.toThrow(StoreVersionError);
  });

  it('can be dropped before a time', async () => {
    const dir = newDir();
    const store = await open(dir, createManualClock(NOON_MS));
    void appendMinutes(store, TODAY_MS - 5 * MINUTE, 5, 0.5);
    void appendMinutes(store, TODAY_MS, 5, 0.5);
    await store.flush();
    await store.dropBefore(TODAY_MS + MINUTE);
    expect(files(dir)).toEqual(['weir-2026-11-21.duckdb', 'weir-records.duckdb']);
  });

  it('samples older than the retention are not written at all', async () => {
    const dir = newDir();
    const store = await open(dir, createManualClock(NOON_MS));
    void appendMinutes(store, TODAY_MS - 20 * DAY, 1, 0.5);
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
    void appendMinutes(store, NOON_MS, 600, 0.5);
    await store.close();
    const path = join(dir, name);
    const bytes = readFileSync(path);
    writeFileSync(path, damage === 'cut' ? bytes.subarray(0, bytes.length / 2) : 'not a database '.repeat(500));
    const said: string[] = [];
    const again = await open(dir, clock, { log: (line) => said.push(line) });
    expect(again.health().damagedFiles).toMatchObject([{ movedTo: expect.stringContaining(`${name}.damaged-`) }]);
    expect(said.join()).toContain('cannot be used');
    expect(existsSync(join(dir, again.health().damagedFiles[0]?.movedTo ?? ''))).toBe(true);
    void appendMinutes(again, NOON_MS, 1, 0.7);
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
    void appendMinutes(store, NOON_MS, 1, 0.7);
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
    void appendMinutes(store, NOON_MS, 1, 0.5);
    expect(store.health().queuedRows).toBe(6);
    await clock.advance(5_000);
    await store.flush();
    expect(store.health()).toMatchObject({ queuedRows: 0, writtenRows: 6 });
    expect(written).toEqual([6]);
  });

  it('drops the oldest batches when the queue is full, whole, and counts and tells it', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS), { maxQueuedRows: 10 });
    const first = appendMinutes(store, NOON_MS, 1, 0.5);
    const second = appendMinutes(store, NOON_MS + MINUTE, 1, 0.5);
    expect(store.health()).toMatchObject({ queuedRows: 6, droppedRows: 6 });
    await store.flush();
    expect(await Promise.all([first, second])).toEqual([false, true]);
    const points = await store.series(query(NOON_MS, NOON_MS + 2 * MINUTE, 12));
    expect(points.find((point) => point.value !== null)?.atMs).toBe(NOON_MS + MINUTE);
  });

  it('of rows in columns leaves what rows one by one leave', async () => {
    const jobs = [KEY, { ...KEY, jobId: 'f'.repeat(32) }];
    const rows: SubtaskRow[] = jobs.flatMap((job, nth) =>
      Array.from({ length: 3_000 }, (_, i) => ({
        ...job,
        vertexId: i < 1_000 ? VERTEX : 'e'.repeat(32),
        atMs: NOON_MS + nth,
        subtask: i,
        attempt: i % 3,
        figures: {
          ...(i % 5 === 0 ? {} : { busyRatio: i / 3_001 }),
          ...(i % 7 === 0 ? {} : { recordsInPerSecond: i / 70, bytesOutPerSecond: i * 3.7 }),
          ...(i % 2 === 0 ? {} : { pendingRecords: i, watermarkMs: NOON_MS - i }),
        },
      })),
    );
    const inColumns = new SubtaskRows();
    for (const { cluster, jobName, jobId, vertexId, ...row } of rows)
      inColumns.add(jobId === KEY.jobId ? KEY : { cluster, jobName, jobId }, vertexId, row);
    const tables: unknown[] = [];
    for (const subtasks of [rows, inColumns]) {
      const dir = newDir();
      const store = await open(dir, createManualClock(NOON_MS));
      void store.append({ ...EMPTY_BATCH, subtasks });
      await store.close();
      const instance = await DuckDBInstance.create(join(dir, 'weir-2026-11-21.duckdb'));
      const connection = await instance.connect();
      const all = 'SELECT * FROM subtask_samples JOIN vertices USING (vertex) ORDER BY job_id, vertex, at_ms, subtask';
      tables.push((await connection.runAndReadAll(all)).getRowObjects());
      connection.closeSync();
      instance.closeSync();
    }
    expect(tables[0]).toHaveLength(6_000);
    expect(tables[1]).toEqual(tables[0]);
  });

  it('of a round without a subtask keeps what happened in it', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS));
    const event = { ...KEY, atMs: NOON_MS, kind: 'state' as const, text: 'RUNNING' };
    const kept = store.append({ ...EMPTY_BATCH, subtasks: new SubtaskRows(), events: [event] });
    await store.flush();
    expect(await kept).toBe(true);
    expect(await store.events(KEY, { fromMs: NOON_MS, toMs: NOON_MS + 1 })).toEqual([event]);
    expect(store.health().ok).toBe(true);
  });

  it('that nobody can do loses its own rows alone, counted', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS));
    const timeless = subtaskRow(Number.POSITIVE_INFINITY, 0, { busyRatio: 0.5 });
    const lost = store.append({ ...EMPTY_BATCH, subtasks: [timeless] });
    await store.flush();
    expect(await lost).toBe(false);
    expect(store.health()).toMatchObject({ ok: false, droppedRows: 1, queuedRows: 0 });
    void appendMinutes(store, NOON_MS, 1, 0.5);
    await store.flush();
    expect(store.health()).toMatchObject({ ok: true, writtenRows: 6 });
  });

  it('survives kill -9 twenty times: no acknowledged batch is lost, none is half', async () => {
    const dir = newDir();
    let acknowledged = 0;
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      acknowledged += await writeUntilKilled(dir, NOON_MS + round * ROUND_MS);
      const store = await openDuckDbStore({ dir, clock: createManualClock(NOON_MS), autoFlush: false });
      expect(store.health().damagedFiles).toEqual([]);
      await store.close();
    }
    const store = await open(dir, createManualClock(NOON_MS));
    const range = { fromMs: NOON_MS, toMs: NOON_MS + KILL_ROUNDS * ROUND_MS };
    const times = new Set((await store.events(KEY, range)).map(({ atMs }) => atMs));
    expect(times.size).toBeGreaterThanOrEqual(acknowledged);
    const sums = await store.series({
      ...query(range.fromMs, range.toMs, (range.toMs - range.fromMs) / BATCH_MS),
      metric: 'recordsInPerSecond',
    });
    const whole = sums.filter(({ value }) => value !== null);
    // Each batch has 50 subtasks with a rate of 1 and an event: a half one would show a smaller sum, or only one of both.
    expect(new Set(whole.map(({ value }) => value))).toEqual(new Set([50]));
    expect(new Set(whole.map(({ atMs }) => atMs))).toEqual(times);
  }, 120_000);
});

/** As in store-writer.mjs: batches of one writer are so far apart, and one writer has this much time to itself. */
const BATCH_MS = 10_000;
const ROUND_MS = 100 * BATCH_MS;
const KILL_ROUNDS = 20;

/** Runs the writer child until five batches are acknowledged, then kills it while it goes on; how many were said to be kept. */
function writeUntilKilled(dir: string, startMs = NOON_MS): Promise<number> {
  const script = fileURLToPath(new URL('../../testing/store-writer.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, dir, String(startMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(() => child.kill('SIGKILL'));
  let acknowledged = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    acknowledged += text.split('\n').length - 1;
    if (acknowledged >= 5) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve(acknowledged)));
}

describe('a full disk', () => {
  it('costs the oldest days first, then writing: that is said, and rows are dropped and counted', async () => {
    const dir = newDir();
    const clock = createManualClock(NOON_MS);
    const said: string[] = [];
    const filled = await open(dir, clock);
    for (const day of [2, 1, 0]) {
      void filled.append({
        ...EMPTY_BATCH,
        jobs: [{ ...KEY, atMs: NOON_MS - day * DAY, state: 'RUNNING', figures: {} }],
        events: [{ ...KEY, atMs: NOON_MS - day * DAY, kind: 'state', text: `day ${day}` }],
      });
      await filled.flush();
    }
    await filled.close();
    const store = await open(dir, clock, { maxBytes: 1, maxQueuedRows: 10, log: (line) => said.push(line) });
    const waiting = appendMinutes(store, NOON_MS, 1, 0.5);
    await store.flush();
    expect(files(dir)).toEqual(['weir-2026-11-21.duckdb', 'weir-records.duckdb']);
    expect(await store.events(KEY, { fromMs: 0, toMs: NOON_MS + 1 })).toHaveLength(3);
    expect(store.health()).toMatchObject({ ok: false, queuedRows: 6, diskBytes: expect.any(Number) });
    expect(store.health().lastError).toMatch(/takes \d+ MiB of at most 0 MiB.*nothing is written until there is room/);
    expect(said.join()).toContain('the samples of 2026-11-19 are deleted');
    void appendMinutes(store, NOON_MS + MINUTE, 1, 0.5);
    expect(await waiting).toBe(false);
    expect(store.health()).toMatchObject({ queuedRows: 6, droppedRows: 6 });
  });

  it('is one that has less left than it must have', async () => {
    const store = await open(newDir(), createManualClock(NOON_MS), { minFreeBytes: Number.MAX_SAFE_INTEGER });
    void appendMinutes(store, NOON_MS, 1, 0.5);
    await store.flush();
    expect(store.health().lastError).toContain('MiB left of at least');
  });
});

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
