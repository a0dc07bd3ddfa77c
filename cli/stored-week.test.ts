import { describe, expect, it } from 'vitest';
import { createMemoryStore, type SeriesStore } from '../collector/index.js';
import { encodeLives, LIVES_KIND } from '../dashboard/server/watch/lives-record.js';
import type { Life } from '../analyzer/engine/lifecycle.js';
import { text } from '../analyzer/text.js';
import { storedWeek } from './stored-week.js';

const FROM_MS = Date.UTC(2026, 10, 16);
const MINUTE_MS = 60_000;

function life(state: Life['state']): Life {
  return {
    id: 'gc',
    finding: {
      rule: 'gc-pressure',
      category: 'memory',
      severity: 'warning',
      confidence: 1,
      basis: 'measured',
      subject: { kind: 'job' },
      title: text('Collects', '回收'),
      summary: text('', ''),
      evidence: [],
      wouldChange: [],
      notSeen: [],
    },
    state,
    firstSeenMs: FROM_MS,
    lastSeenMs: FROM_MS,
    readings: 0,
    lastReadingMs: FROM_MS,
  };
}

/** A store that, like the real one, answers with no more than the newest records of a range. */
function storeWith(minutes: number, mostPerAnswer: number): SeriesStore {
  const store = createMemoryStore();
  const ids = { cluster: 'c', jobName: 'orders', jobId: 'a' };
  void store.append({
    subtasks: [],
    vertices: [],
    taskManagers: [],
    jobs: [0, minutes].map((minute) => ({
      ...ids,
      atMs: FROM_MS + minute * MINUTE_MS,
      state: 'RUNNING' as const,
      figures: {},
    })),
    checkpoints: [],
    exceptions: [],
    events: [],
  });
  for (let minute = 0; minute <= minutes; minute += 1) {
    const body = encodeLives(new Map([['gc', life('firing')]]));
    void store.saveReport({ ...ids, atMs: FROM_MS + minute * MINUTE_MS, kind: LIVES_KIND, body });
  }
  void store.saveReport({ ...ids, atMs: FROM_MS + 1, kind: 'another', body: '{}' });
  const load: SeriesStore['loadReports'] = async (query) => (await store.loadReports(query)).slice(-mostPerAnswer);
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'loadReports') return load;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('a week of stored findings', () => {
  const table: readonly (readonly [claim: string, minutes: number, mostPerAnswer: number])[] = [
    ['in one answer', 60, 1000],
    ['in many answers: none of the week is left out', 600, 7],
    ['one at a time', 12, 1],
  ];
  for (const [claim, minutes, most] of table) {
    it(claim, async () => {
      const report = await storedWeek(storeWith(minutes, most), '2026-W47', FROM_MS);
      expect(report.sections.map(({ jobName }) => jobName)).toEqual(['orders']);
      expect(report.sections[0]?.findings[0]).toMatchObject({ firingMs: minutes * MINUTE_MS, openNow: true });
    });
  }

  it('without jobs is an empty report', async () => {
    expect(await storedWeek(createMemoryStore(), '2026-W47', FROM_MS)).toMatchObject({ jobsWatched: 0, sections: [] });
  });
});
