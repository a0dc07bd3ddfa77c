import { describe, expect, it } from 'vitest';
import { createMemoryStore, EMPTY_BATCH, type SeriesStore } from '../../collector/index.js';
import { startStubServer } from '../../collector/testing/flink-server.js';
import type { FleetInput } from '../../reports/model.js';
import { HOUR_MS, WEEK } from '../../test/support/weekly-fixture.js';
import { configSchema } from '../config/schema.js';
import type { KeptReports } from './kept-reports.js';
import { askRunningService } from './running-service.js';
import { weeklyReportsOf } from './weekly-reports.js';

/** A store with one job, and how often it was asked for its jobs: a report asks once for each hour of two weeks. */
function storeWithJob(): { readonly store: SeriesStore; made(): number } {
  const store = createMemoryStore();
  const key = { cluster: 'prod', jobName: 'orders', jobId: 'a' };
  const rows = Array.from({ length: 40 }, (_, hour) => WEEK.fromMs + hour * HOUR_MS);
  void store.append({ ...EMPTY_BATCH, jobs: rows.map((atMs) => ({ ...key, atMs, state: 'RUNNING', figures: {} })) });
  let firsts = 0;
  const jobs: SeriesStore['jobs'] = (range) => {
    if (range.fromMs === WEEK.fromMs) firsts += 1;
    return store.jobs(range);
  };
  const counting = new Proxy(store, {
    get(target, name) {
      const value: unknown = name === 'jobs' ? jobs : Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { store: counting, made: () => firsts };
}

function keptInMemory(): KeptReports & { readonly weeks: Map<string, FleetInput> } {
  const weeks = new Map<string, FleetInput>();
  return {
    weeks,
    load: (week) => Promise.resolve(weeks.get(week)),
    save(fleet) {
      weeks.set(fleet.week.week, fleet);
      return Promise.resolve();
    },
  };
}

describe('reports as they are asked for', () => {
  it('two who ask at once wait for the same work', async () => {
    const { store, made } = storeWithJob();
    const reports = weeklyReportsOf({ store, nowMs: () => WEEK.toMs });
    const [one, other] = await Promise.all([
      reports.fleet(WEEK.week, WEEK.fromMs),
      reports.fleet(WEEK.week, WEEK.fromMs),
    ]);
    expect(made()).toBe(1);
    expect(one).toBe(other);
  });

  it('a week that is over is made once and kept', async () => {
    const { store, made } = storeWithJob();
    const kept = keptInMemory();
    await weeklyReportsOf({ store, kept, nowMs: () => WEEK.toMs }).fleet(WEEK.week, WEEK.fromMs);
    await weeklyReportsOf({ store, kept, nowMs: () => WEEK.toMs }).fleet(WEEK.week, WEEK.fromMs);
    expect(made()).toBe(1);
    expect([...kept.weeks.keys()]).toEqual([WEEK.week]);
  });

  it('a week of before the history leaves no file', async () => {
    const kept = keptInMemory();
    const fleet = await weeklyReportsOf({ store: createMemoryStore(), kept, nowMs: () => WEEK.toMs }).fleet(
      WEEK.week,
      WEEK.fromMs,
    );
    expect(fleet.sections).toEqual([]);
    expect(kept.weeks.size).toBe(0);
  });

  const running: readonly (readonly [claim: string, secondMs: number, made: number])[] = [
    ['is not made anew within five minutes', WEEK.fromMs + 40 * HOUR_MS + 299_000, 1],
    ['is made anew after them', WEEK.fromMs + 40 * HOUR_MS + 300_000, 2],
    ['is made anew when it is over', WEEK.toMs, 2],
  ];
  for (const [claim, secondMs, times] of running) {
    it(`a week that is not over ${claim}`, async () => {
      const { store, made } = storeWithJob();
      const kept = keptInMemory();
      let nowMs = WEEK.fromMs + 40 * HOUR_MS;
      const reports = weeklyReportsOf({ store, kept, nowMs: () => nowMs });
      expect((await reports.fleet(WEEK.week, WEEK.fromMs)).knownToMs).toBe(nowMs);
      expect(kept.weeks.size).toBe(0);
      nowMs = secondMs;
      await reports.fleet(WEEK.week, WEEK.fromMs);
      expect(made()).toBe(times);
    });
  }

  it('of one owner only', async () => {
    const { store } = storeWithJob();
    const reports = weeklyReportsOf({ store, nowMs: () => WEEK.toMs, ownerOf: () => 'us' });
    expect(await reports.render(WEEK.week, WEEK.fromMs, 'text', 'en', 'us')).toContain('1 job');
    expect(await reports.render(WEEK.week, WEEK.fromMs, 'text', 'en', 'them')).toContain('No job was watched');
  });
});

describe('beside a service that runs', () => {
  const asked = { week: '2026-W47', format: 'text', language: 'zh-CN', owner: 'team a' } as const;
  const serverOf = (port: number) => configSchema.parse({ server: { listen: `0.0.0.0:${port}`, basePath: '/weir/' } });

  it('the report is asked of it, as it would have been printed', async () => {
    const stub = await startStubServer({
      '/weir/api/v1/reports/2026-W47': { status: 200, type: 'text/plain', body: '周报\n' },
    });
    expect(await askRunningService(serverOf(stub.port), asked)).toBe('周报\n');
    expect(stub.asked).toEqual(['/weir/api/v1/reports/2026-W47?format=text&lang=zh-CN&owner=team+a']);
    await stub.close();
  });

  it('one that refuses is one message that says what to do', async () => {
    const stub = await startStubServer({ '/weir/api/v1/reports/2026-W47': { status: 401, body: '{}' } });
    await expect(askRunningService(serverOf(stub.port), asked)).rejects.toThrow(/it answers 401.*--config/);
    await stub.close();
    await expect(askRunningService(serverOf(stub.port), asked)).rejects.toThrow(
      /cannot be asked \(.+\); name its configuration/,
    );
  });
});
