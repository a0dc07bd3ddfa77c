import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isInstalled, startInflux, startVictoria, type StoreServer } from '../testing/store-servers.js';
import { createManualClock } from '../testing/manual-clock.js';
import { checkpointOf, keep, KEY, subtaskRow, VERTEX, vertexRow } from '../testing/store-rows.js';
import { openDuckDbStore } from './duckdb/duckdb-store.js';
import { openInfluxStore } from './influx/influx-store.js';
import { createMemoryStore } from './memory.js';
import { openVictoriaStore } from './victoria/victoria-store.js';
import type { SeriesPoint, SeriesQuery, SeriesStore, StoreHealth } from './series-store.js';

const DAY = 86_400_000;
/** Yesterday: a server forgets what is older than its retention, by its own clock. */
const NOON_MS = Math.floor(Date.now() / DAY) * DAY - DAY / 2;
const SECOND = 1_000;
const MINUTE = 60_000;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function openDuckDb(): Promise<SeriesStore> {
  const dir = mkdtempSync(join(tmpdir(), 'weir-store-'));
  cleanUps.push(() => {
    rmSync(dir, { recursive: true });
  });
  return openDuckDbStore({ dir, clock: createManualClock(NOON_MS + 60 * MINUTE), autoFlush: false });
}

let influx: Promise<StoreServer> | undefined;
let databases = 0;
async function openInflux(): Promise<SeriesStore> {
  influx ??= startInflux();
  databases += 1;
  return openInfluxStore({ url: (await influx).url, database: `weir${databases}`, autoFlush: false });
}
let victoria: Promise<StoreServer> | undefined;
async function openVictoria(): Promise<SeriesStore> {
  victoria ??= startVictoria();
  databases += 1;
  const { url } = await victoria;
  const store = openVictoriaStore({
    url,
    database: `weir${databases}`,
    records: createMemoryStore(),
    autoFlush: false,
  });
  const flush = store.flush.bind(store);
  // What is written can be read a second later; here it is asked for.
  store.flush = async () => {
    await flush();
    await fetch(`${url}/internal/force_flush`);
  };
  return store;
}

afterAll(async () => {
  await (await influx)?.remove();
  await (await victoria)?.remove();
});

/** A shared store is tested against a real server; where none is installed that is said, and in CI it is a failure. */
const isMissing = (program: string): boolean => process.env.CI === undefined && !isInstalled(program);

const values = (points: readonly SeriesPoint[]): readonly (number | null)[] => points.map((point) => point.value);

interface Kind {
  readonly kind: StoreHealth['kind'];
  readonly open: () => Promise<SeriesStore>;
  /** The server it needs. */
  readonly program?: string;
}

describe.for<Kind>([
  { kind: 'memory', open: () => Promise.resolve(createMemoryStore()) },
  { kind: 'duckdb', open: openDuckDb },
  { kind: 'influx', open: openInflux, program: 'influxd' },
  { kind: 'victoriametrics', open: openVictoria, program: 'victoria-metrics' },
])('the $kind store', ({ kind, open, program }) => {
  if (program !== undefined && isMissing(program)) {
    it.skip(`needs ${program}, which is not installed (apt-get install influxdb victoria-metrics)`);
    return;
  }

  async function opened(): Promise<SeriesStore> {
    const store = await open();
    cleanUps.push(() => store.close());
    return store;
  }

  const query = (more: Partial<SeriesQuery>): SeriesQuery => ({
    cluster: KEY.cluster,
    jobName: KEY.jobName,
    vertexId: VERTEX,
    metric: 'busyRatio',
    fromMs: NOON_MS,
    toMs: NOON_MS + MINUTE,
    points: 6,
    ...more,
  });

  it('gives back what was appended', async () => {
    const store = await opened();
    const rows = [0.1, 0.2, 0.3].map((busyRatio, index) => subtaskRow(NOON_MS + index * 10 * SECOND, 0, { busyRatio }));
    await keep(store, { subtasks: rows });
    expect(await store.series(query({ subtask: 0, toMs: NOON_MS + 30 * SECOND, points: 3 }))).toEqual([
      { atMs: NOON_MS, value: 0.1 },
      { atMs: NOON_MS + 10 * SECOND, value: 0.2 },
      { atMs: NOON_MS + 20 * SECOND, value: 0.3 },
    ]);
    expect(store.health()).toMatchObject({ kind, ok: true, droppedRows: 0, writtenRows: 3 });
  });

  it('takes the busiest subtask of a vertex, and the sum of its rates', async () => {
    const store = await opened();
    const rows = [
      subtaskRow(NOON_MS, 0, { busyRatio: 0.2, recordsInPerSecond: 10 }),
      subtaskRow(NOON_MS, 1, { busyRatio: 0.9, recordsInPerSecond: 30 }),
    ];
    await keep(store, { subtasks: rows });
    expect(values(await store.series(query({})))[0]).toBe(0.9);
    expect(values(await store.series(query({ metric: 'recordsInPerSecond' })))[0]).toBe(40);
    expect(values(await store.series(query({ subtask: 0 })))[0]).toBe(0.2);
  });

  it('shows a wide vertex without gaps: read in summary, and now and then subtask by subtask', async () => {
    const store = await opened();
    const subtasks = [0, 1].map((subtask) =>
      subtaskRow(NOON_MS, subtask, { busyRatio: 0.2 + subtask / 2, recordsInPerSecond: 10 }),
    );
    const vertices = [10, 20, 30].map((second) =>
      vertexRow(NOON_MS + second * SECOND, { busyRatio: second / 100, recordsInPerSecond: 24, pendingRecords: second }),
    );
    await keep(store, { subtasks, vertices });
    expect(values(await store.series(query({ toMs: NOON_MS + 40 * SECOND, points: 4 })))).toEqual([0.7, 0.1, 0.2, 0.3]);
    const once = { toMs: NOON_MS + 40 * SECOND, points: 1 };
    expect(values(await store.series(query({ ...once, metric: 'recordsInPerSecond' })))).toEqual([23]);
    expect(values(await store.series(query({ ...once, metric: 'pendingRecords' })))).toEqual([30]);
    expect(values(await store.series(query({ ...once, subtask: 1 })))).toEqual([0.7]);
  });

  it('answers several queries in the order asked', async () => {
    const store = await opened();
    const other = 'c'.repeat(32);
    const rows = [subtaskRow(NOON_MS, 0, { busyRatio: 0.2, recordsInPerSecond: 7 })];
    await keep(store, {
      subtasks: [...rows, ...rows.map((row) => ({ ...row, vertexId: other, figures: { busyRatio: 0.4 } }))],
    });
    const asked = [
      query({ vertexId: other }),
      query({ vertexId: 'nobody' }),
      query({ metric: 'recordsInPerSecond' }),
      query({}),
      query({ subtask: 0 }),
    ];
    expect((await store.seriesOf(asked)).map((points) => values(points)[0])).toEqual([0.4, undefined, 7, 0.2, 0.2]);
    expect(await store.seriesOf([])).toEqual([]);
  });

  it('says that a batch is kept', async () => {
    const store = await opened();
    expect(await keep(store, { subtasks: [subtaskRow(NOON_MS, 0, { busyRatio: 0.1 })] })).toBe(true);
    expect(await keep(store, {})).toBe(true);
  });

  it('averages ratios over a bucket and takes the largest lag', async () => {
    const store = await opened();
    const rows = [0, 10, 20, 30].map((second, index) =>
      subtaskRow(NOON_MS + second * SECOND, 0, { busyRatio: index / 4, pendingRecords: [5, 9, 1, 2][index] ?? 0 }),
    );
    await keep(store, { subtasks: rows });
    expect(values(await store.series(query({ points: 1 })))).toEqual([0.375]);
    expect(values(await store.series(query({ points: 1, metric: 'pendingRecords' })))).toEqual([9]);
  });

  it('says null where nothing was read for long, and nothing where a beat was late', async () => {
    const store = await opened();
    const seconds = [0, 10, 30, 40, 50, 60, 180, 190];
    const rows = seconds.map((second) => subtaskRow(NOON_MS + second * SECOND, 0, { busyRatio: 0.5 }));
    await keep(store, { subtasks: rows });
    const points = await store.series(query({ toMs: NOON_MS + 200 * SECOND, points: 20 }));
    const gap = points.filter((point) => point.value === null).map((point) => (point.atMs - NOON_MS) / SECOND);
    expect(gap).toEqual([70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170]);
    expect(points.filter((point) => point.value !== null)).toHaveLength(seconds.length);
  });

  it('has no points for what it does not know', async () => {
    const store = await opened();
    expect(await store.series(query({ metric: 'watermarkMs' }))).toEqual([]);
    expect(await store.series(query({ metric: 'lagRecords' }))).toEqual([]);
    expect(await store.jobs({ fromMs: 0, toMs: NOON_MS })).toEqual([]);
  });

  it('keeps figures that are missing missing', async () => {
    const store = await opened();
    await keep(store, { subtasks: [subtaskRow(NOON_MS, 0, { pendingRecords: 7 })] });
    expect(await store.series(query({ metric: 'busyRatio' }))).toEqual([]);
  });

  it('tells series of jobs and TaskManagers', async () => {
    const store = await opened();
    const manager = { cluster: KEY.cluster, taskManagerId: 'tm-1', atMs: NOON_MS, figures: { heapUsedRatio: 0.7 } };
    const job = { ...KEY, atMs: NOON_MS, state: 'RUNNING' as const, figures: { lagRecords: 12 } };
    await keep(store, { taskManagers: [manager], jobs: [job] });
    expect(values(await store.series(query({ metric: 'lagRecords' })))[0]).toBe(12);
    expect(values(await store.series(query({ metric: 'heapUsedRatio', taskManagerId: 'tm-1' })))[0]).toBe(0.7);
    expect(await store.series(query({ metric: 'heapUsedRatio', taskManagerId: 'tm-2' }))).toEqual([]);
  });

  it('tells which jobs it has seen, with their last state', async () => {
    const store = await opened();
    const row = { ...KEY, figures: {} };
    await keep(store, { jobs: [{ ...row, atMs: NOON_MS, state: 'RUNNING' }] });
    await keep(store, { jobs: [{ ...row, atMs: NOON_MS + MINUTE, state: 'FAILED' }] });
    expect(await store.jobs({ fromMs: NOON_MS, toMs: NOON_MS + 2 * MINUTE })).toEqual([
      { ...KEY, firstMs: NOON_MS, lastMs: NOON_MS + MINUTE, lastState: 'FAILED' },
    ]);
  });

  it('has each checkpoint once, with its phases', async () => {
    const store = await opened();
    const details = [{ vertexId: VERTEX, subtask: 0, acknowledged: true, syncMs: 3 }];
    const first = { ...KEY, checkpoint: checkpointOf(1, NOON_MS) };
    const second = {
      ...KEY,
      checkpoint: checkpointOf(2, NOON_MS + MINUTE, { status: 'FAILED', failureMessage: 'why' }),
    };
    await keep(store, { checkpoints: [first, second] });
    await keep(store, { checkpoints: [{ ...KEY, checkpoint: checkpointOf(1, NOON_MS, { details }) }] });
    const found = await store.checkpoints(KEY, { fromMs: NOON_MS, toMs: NOON_MS + 2 * MINUTE });
    expect(found).toEqual([checkpointOf(1, NOON_MS, { details }), second.checkpoint]);
  });

  it('has exceptions and events once, although a restarted Weir sees them again', async () => {
    const store = await opened();
    const exception = {
      atMs: NOON_MS,
      exceptionName: 'X',
      stacktrace: 'X: y',
      taskName: 'map (1/2)',
      concurrent: false,
    };
    const event = { ...KEY, atMs: NOON_MS, kind: 'state' as const, text: 'RUNNING' };
    for (let run = 0; run < 2; run += 1) {
      await keep(store, { exceptions: [{ ...KEY, exception }], events: [event] });
      void store.appendEvents([{ ...event, kind: 'finding-opened', ref: 'f1' }]);
    }
    await store.flush();
    const range = { fromMs: NOON_MS, toMs: NOON_MS + MINUTE };
    expect(await store.exceptions(KEY, range)).toEqual([exception]);
    expect((await store.events(KEY, range)).map((one) => one.kind).sort()).toEqual(['finding-opened', 'state']);
    expect(await store.events({ cluster: KEY.cluster }, range)).toHaveLength(2);
    expect(await store.events({ cluster: 'other' }, range)).toEqual([]);
  });

  it('keeps reports by kind, job and time', async () => {
    const store = await opened();
    void store.saveReport({ ...KEY, atMs: NOON_MS, kind: 'analysis', body: '{"a":1}' });
    void store.saveReport({ ...KEY, atMs: NOON_MS + MINUTE, kind: 'weekly', body: "it's" });
    await store.flush();
    const range = { fromMs: NOON_MS, toMs: NOON_MS + 2 * MINUTE };
    expect((await store.loadReports(range)).map((one) => one.body)).toEqual(['{"a":1}', "it's"]);
    expect(await store.loadReports({ ...range, kind: 'weekly', cluster: KEY.cluster })).toHaveLength(1);
    expect(await store.loadReports({ ...range, jobName: 'nobody' })).toEqual([]);
    void store.saveReport({ ...KEY, atMs: NOON_MS, kind: 'analysis', body: '{"a":2}' });
    await store.flush();
    expect((await store.loadReports({ ...range, kind: 'analysis' })).map((one) => one.body)).toEqual(['{"a":2}']);
  });

  it('takes names for what they are: text', async () => {
    const store = await opened();
    const hostile = { cluster: "a'; DROP TABLE x --", jobName: '"\\ \u0000$x', jobId: KEY.jobId };
    await keep(store, { jobs: [{ ...hostile, atMs: NOON_MS, state: 'RUNNING', figures: { lagRecords: 1 } }] });
    const points = await store.series({ ...query({ metric: 'lagRecords' }), ...hostile });
    expect(values(points)[0]).toBe(1);
  });
});
