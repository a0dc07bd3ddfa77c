import { afterAll, describe, expect, it } from 'vitest';
import { openInfluxStore, createMemoryStore, type SeriesStore } from '../../../collector/index.js';
import { isInstalled, startInflux } from '../../../collector/testing/store-servers.js';
import type { Watch } from './watch.js';
import { AWAY_AFTER_MS, KNOWN_FOR_MS, ShardBoard } from './other-shards.js';
import { SHARD_KIND, throughStore } from './shard-exchange.js';

const NOW_MS = Date.now();
const cleanUps: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

/** A watch of clusters without jobs: what is asked of it here. */
function watching(names: readonly string[]): Watch {
  const status = (name: string): object => ({
    name,
    url: `http://${name}`,
    reachable: true,
    requestsPerMinute: 1,
    rounds: 1,
    simulated: false,
    lastReadMs: NOW_MS,
  });
  return { statuses: () => names.map(status), reports: () => [] } as unknown as Watch; // The rest is not asked for.
}

const jobOf = (cluster: string): object => ({
  row: {
    cluster,
    jobId: 'j1',
    name: 'orders',
    state: 'RUNNING',
    startMs: 1,
    worst: 'warning',
    health: 80,
    findings: { critical: 0, warning: 1, info: 0 },
    dataAgeMs: 4_000,
    simulated: false,
    headline: {
      findingId: 'f',
      rule: 'skew-hot-key',
      severity: 'warning',
      title: { en: 'A hot key', 'zh-CN': '热键' },
    },
  },
  findings: [{ id: 'f', cluster }],
  recommendations: [{ id: 'r', cluster }],
});

async function influx(): Promise<() => Promise<SeriesStore>> {
  const server = await startInflux();
  cleanUps.push(() => server.remove());
  return () => openInfluxStore({ url: server.url, database: 'weir', autoFlush: false });
}

const isHere = process.env.CI !== undefined || isInstalled('influxd');

describe.for([
  {
    kind: 'memory',
    make: () => Promise.resolve(createMemoryStore()).then((store) => () => Promise.resolve(store)),
    here: true,
  },
  { kind: 'influx', make: influx, here: isHere },
])('two processes on one $kind store', ({ make, here }) => {
  it.skipIf(!here)('show one fleet, whole when one dies and returns (influx needs influxd)', async () => {
    const open = await make();
    const [firstStore, secondStore] = [await open(), await open()];
    let nowMs = NOW_MS;
    const board = (store: SeriesStore, shard: number, names: readonly string[]): ShardBoard =>
      new ShardBoard({ exchange: throughStore(store), watch: watching(names), shard, nowMs: () => nowMs, onBug: (error) => { throw error; } }); // prettier-ignore
    const first = board(firstStore, 0, ['a']);
    const second = board(secondStore, 1, ['b', 'c']);
    const exchange = async (...boards: readonly ShardBoard[]): Promise<void> => {
      for (const one of boards) one.tell();
      await firstStore.flush();
      await secondStore.flush();
      for (const one of boards) await one.ask();
    };
    await exchange(first, second);
    const names = (one: ShardBoard): string[] => one.clusters(nowMs).map(({ name, state }) => `${name} ${state}`).sort(); // prettier-ignore
    expect(names(first)).toEqual(['b reachable', 'c reachable']);
    expect(names(second)).toEqual(['a reachable']);

    nowMs += AWAY_AFTER_MS + 1;
    await exchange(first);
    expect(names(first)).toEqual(['b unknown', 'c unknown']);
    expect(first.clusters(nowMs)[0]?.failure).toContain('Weir process 1');
    // One that has only now been started knows them too.
    const newcomer = board(await open(), 0, ['a']);
    await newcomer.ask();
    expect(names(newcomer)).toEqual(['b unknown', 'c unknown']);

    await exchange(second, first);
    expect(names(first)).toEqual(['b reachable', 'c reachable']);
    nowMs += KNOWN_FOR_MS + 1;
    await first.ask();
    expect(names(first)).toEqual([]);
  });
});

describe('a job of another process', () => {
  async function told(cluster: string, atMs: number): Promise<ShardBoard> {
    const store = createMemoryStore();
    const summary = { name: cluster, url: 'http://x', state: 'reachable', requestsPerMinute: 1, simulated: false };
    const body = JSON.stringify({ version: 1, atMs, shard: 1, cluster: summary, jobs: [jobOf(cluster)] });
    void store.saveReport({ cluster, jobName: '', jobId: '', atMs, kind: SHARD_KIND, body });
    void store.saveReport({ cluster, jobName: '', jobId: '', atMs: atMs + 1, kind: SHARD_KIND, body: '{"version":2}' });
    const board = new ShardBoard({
      exchange: throughStore(store),
      watch: watching(['own']),
      shard: 0,
      nowMs: () => NOW_MS,
      onBug: () => undefined,
    });
    await board.ask();
    return board;
  }

  it('is shown as that one shows it, in the language asked for', async () => {
    const board = await told('b', NOW_MS - 1_000);
    expect(board.rows('zh-CN', NOW_MS)).toMatchObject([
      { name: 'orders', state: 'RUNNING', health: 80, dataAgeMs: 5_000, headline: { title: '热键' } },
    ]);
    expect(board.findings()).toMatchObject([{ finding: { id: 'f' }, simulated: false }]);
    expect(board.recommendations()).toMatchObject([{ id: 'r' }]);
    expect([board.knownMs('b', 'j1'), board.knownMs('b', 'j2')]).toEqual([NOW_MS - 1_000, undefined]);
  });

  it('stays as last known while that one is away: its age grows, its state is not known', async () => {
    const board = await told('b', NOW_MS - 10 * 60_000);
    const [row] = board.rows('en', NOW_MS);
    expect(row).toMatchObject({ state: 'UNKNOWN', worst: 'warning', dataAgeMs: 604_000 });
    expect(row).not.toHaveProperty('health');
  });

  it('is left to this process where this one watches its cluster', async () => {
    expect((await told('own', NOW_MS)).rows('en', NOW_MS)).toEqual([]);
  });
});
