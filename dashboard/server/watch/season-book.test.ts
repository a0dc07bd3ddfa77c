import { describe, expect, it } from 'vitest';
import { usualNow } from '../../../analyzer/signals/season.js';
import { createMemoryStore, type SeriesPoint, type SeriesQuery, type SeriesStore } from '../../../collector/index.js';
import { SeasonBook, type SeasonalJob } from './season-book.js';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 0, 26, 9, 30);
const job = (jobName: string): SeasonalJob => ({
  cluster: 'prod',
  jobName,
  vertices: [
    { vertexId: 'src', isSource: true },
    { vertexId: 'map', isSource: false },
  ],
});

/** A store in which every vertex had 100/s in every hour of the last four weeks. */
function steadyStore(asked: SeriesQuery[] = []): SeriesStore {
  return {
    ...createMemoryStore(),
    seriesOf: (queries) => {
      asked.push(...queries);
      return Promise.resolve(
        queries.map(({ fromMs }): SeriesPoint[] =>
          Array.from({ length: 168 }, (_, i) => ({ atMs: fromMs + i * HOUR_MS, value: 100 })),
        ),
      );
    },
  };
}

interface Setting {
  jobs: readonly SeasonalJob[];
  nowMs: number;
  readonly asked: SeriesQuery[];
  readonly book: SeasonBook;
}

function setting(jobs: readonly SeasonalJob[]): Setting {
  const asked: SeriesQuery[] = [];
  const it: Setting = {
    jobs,
    nowMs: NOW_MS,
    asked,
    book: new SeasonBook({
      store: steadyStore(asked),
      jobs: () => it.jobs,
      nowMs: () => it.nowMs,
      onFailure: (error) => {
        throw error;
      },
    }),
  };
  return it;
}

describe('what is usual for the jobs of a service', () => {
  it('is looked up in weeks of five-minute steps: what a source writes, what others read', async () => {
    const { book, asked } = setting([job('orders')]);
    expect(book.of('prod', 'orders')).toBeUndefined();
    expect(await book.refreshOne()).toBe(true);
    expect(usualNow(book.of('prod', 'orders'), 'src', NOW_MS)).toBe(100);
    expect(asked.filter(({ vertexId }) => vertexId === 'src').map(({ metric }) => metric)).toEqual(
      Array.from({ length: 4 }, () => 'recordsOutPerSecond'),
    );
    expect(asked.every(({ fromMs, toMs, points }) => (toMs - fromMs) / points === 300_000)).toBe(true);
  });

  it('is looked up one job after the other, and again after six hours', async () => {
    const it = setting([job('a'), job('b')]);
    expect([await it.book.refreshOne(), await it.book.refreshOne(), await it.book.refreshOne()]).toEqual([
      true,
      true,
      false,
    ]);
    it.nowMs += 6 * HOUR_MS;
    expect(await it.book.refreshOne()).toBe(true);
  });

  it('is forgotten with the job', async () => {
    const it = setting([job('a')]);
    await it.book.refreshOne();
    it.jobs = [];
    await it.book.refreshOne();
    expect(it.book.of('prod', 'a')).toBeUndefined();
  });
});
