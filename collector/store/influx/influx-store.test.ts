import { afterAll, describe, expect, it } from 'vitest';
import { checkpointOf, EMPTY_BATCH, keep, KEY, subtaskRow, VERTEX } from '../../testing/store-rows.js';
import { isInstalled, startInflux, startVictoria, type StoreServer } from '../../testing/store-servers.js';
import type { SeriesStore } from '../series-store.js';
import { openInfluxStore, StoreProbeError, type InfluxStoreOptions } from './influx-store.js';

const NOW_MS = Date.now();
const MINUTE = 60_000;
const servers: StoreServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.remove();
});

/** In CI a missing server is a failure. */
const isHere = (program: string): boolean => process.env.CI !== undefined || isInstalled(program);

const open = (url: string, more: Partial<InfluxStoreOptions> = {}): Promise<SeriesStore> =>
  openInfluxStore({ url, database: 'weir', autoFlush: false, ...more });

const rowsOf = (count: number): ReturnType<typeof subtaskRow>[] =>
  Array.from({ length: count }, (_, nth) => subtaskRow(NOW_MS - MINUTE + nth, nth, { busyRatio: 0.5 }));

const query = {
  cluster: KEY.cluster,
  jobName: KEY.jobName,
  vertexId: VERTEX,
  metric: 'busyRatio',
  fromMs: NOW_MS - 2 * MINUTE,
  toMs: NOW_MS,
  points: 1,
} as const;

describe('a server that is away', () => {
  it('holds nobody up: rows wait, the oldest are dropped and counted, and that is said', async () => {
    const said: string[] = [];
    // Port 9 takes no connection.
    const store = await open('http://127.0.0.1:9', { maxQueuedRows: 10, log: (line) => said.push(line) });
    const first = store.append({ ...EMPTY_BATCH, subtasks: rowsOf(6) });
    await store.flush();
    expect(store.health()).toMatchObject({ ok: false, queuedRows: 6, droppedRows: 0 });
    void store.append({ ...EMPTY_BATCH, subtasks: rowsOf(6) });
    expect(await first).toBe(false);
    expect(store.health()).toMatchObject({ queuedRows: 6, droppedRows: 6 });
    expect(said.join()).toContain('rows wait');
    await store.close();
    expect(store.health().droppedRows).toBe(12);
  });

  it.skipIf(!isHere('influxd'))(
    'gets what waited when it is back (needs influxd)',
    async () => {
      const server = await startInflux();
      servers.push(server);
      const store = await open(server.url);
      expect(await keep(store, { subtasks: rowsOf(2) })).toBe(true);
      await server.stop('SIGKILL');
      const waiting = store.append({ ...EMPTY_BATCH, subtasks: [subtaskRow(NOW_MS - MINUTE, 7, { busyRatio: 0.9 })] });
      await store.flush();
      expect(store.health()).toMatchObject({ ok: false, queuedRows: 1 });
      await expect(store.series(query)).rejects.toThrow();
      await server.restart();
      await store.flush();
      expect(await waiting).toBe(true);
      expect(store.health()).toMatchObject({ ok: true, queuedRows: 0, droppedRows: 0 });
      expect(await store.series(query)).toEqual([{ atMs: query.fromMs, value: 0.9 }]);
      await store.close();
    },
    60_000,
  );
});

describe.skipIf(!isHere('influxd'))('one server of several processes (needs influxd)', () => {
  it('shows each what the other wrote, and a checkpoint keeps its phases', async () => {
    const server = await startInflux();
    servers.push(server);
    const [one, other] = [await open(server.url), await open(server.url, { retention: { rawMs: 7 * 86_400_000, rollupMs: 9 * 86_400_000 } })]; // prettier-ignore
    const details = [{ vertexId: VERTEX, subtask: 0, acknowledged: true, syncMs: 3 }];
    await keep(one, { checkpoints: [{ ...KEY, checkpoint: checkpointOf(1, NOW_MS - MINUTE, { details }) }] });
    await keep(other, { checkpoints: [{ ...KEY, checkpoint: checkpointOf(1, NOW_MS - MINUTE) }] });
    const range = { fromMs: NOW_MS - 2 * MINUTE, toMs: NOW_MS };
    expect(await other.checkpoints(KEY, range)).toEqual([checkpointOf(1, NOW_MS - MINUTE, { details })]);
    expect(await one.checkpoints(KEY, range)).toEqual(await other.checkpoints(KEY, range));
    await one.close();
    await other.close();
  });

  it('refuses no batch for a figure that is none', async () => {
    const server = servers.at(-1);
    const store = await open(server?.url ?? '');
    const subtasks = [subtaskRow(NOW_MS - MINUTE, 0, { busyRatio: Number.NaN, recordsInPerSecond: 3 })];
    expect(await keep(store, { subtasks })).toBe(true);
    expect(await store.series({ ...query, metric: 'recordsInPerSecond' })).toMatchObject([{ value: 3 }]);
    await store.close();
  });
});

describe.skipIf(!isHere('victoria-metrics'))('a server that is something else (needs victoria-metrics)', () => {
  it('is refused at the start with what to write instead', async () => {
    const server = await startVictoria();
    servers.push(server);
    await expect(open(server.url)).rejects.toThrow(StoreProbeError);
    await expect(open(server.url)).rejects.toThrow(/kind: victoriametrics/);
  });
});
