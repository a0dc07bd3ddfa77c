import { describe, expect, it } from 'vitest';
import type { FindingsResponse, JobsResponse } from '../../contract.js';
import { createMemoryStore, type SeriesStore } from '../../../collector/index.js';
import { serveSimulated, SETTLED_BEATS } from '../../../test/support/served-sim.js';
import { DEMO_JOBS } from '../../../sim/demo/jobs.js';
import { SNOOZE_KIND } from './snoozes.js';
import { createWatch } from './watch.js';

const only = (...names: readonly string[]) => DEMO_JOBS.filter(({ name }) => names.includes(name));

describe('two jobs of one name side by side', () => {
  it('are judged each by its own readings', async () => {
    // SQL jobs often have one name; the well one must not close the finding of the ill one.
    const sim = await serveSimulated({
      specs: only('payments-ledger', 'orders-enrich'),
      rewrite: (json) => json.replaceAll('payments-ledger', 'insert-into').replaceAll('orders-enrich', 'insert-into'),
    });
    await sim.beats(SETTLED_BEATS);
    const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
    expect(jobs.map(({ name, worst }) => `${name} ${worst}`)).toEqual(['insert-into critical', 'insert-into ok']);
    expect(sim.bugs).toEqual([]);
    await sim.close();
  });
});

describe('a bug in one job', () => {
  it('is told, leaves that job as it was last judged, and stops no other', async () => {
    const sim = await serveSimulated({ specs: only('payments-ledger', 'orders-enrich') });
    await sim.beats(SETTLED_BEATS);
    const broken = await serveSimulated({
      specs: only('payments-ledger', 'orders-enrich'),
      analysis: (job) => {
        if (job === 'orders-enrich') throw new Error('a bug in the analysis');
      },
    });
    await broken.beats(2);
    const { jobs } = await broken.json<JobsResponse>('/api/v1/jobs');
    expect(jobs.map(({ name }) => name)).toEqual(['payments-ledger']);
    expect(broken.bugs.map(({ message }) => message)).toContain('a bug in the analysis');
    await Promise.all([sim.close(), broken.close()]);
  });
});

describe('a restart of the service', () => {
  it('goes on with the findings it had, since when they were first seen', async () => {
    const first = await serveSimulated({ specs: only('orders-enrich') });
    await first.beats(SETTLED_BEATS);
    const before = await first.json<FindingsResponse>('/api/v1/findings?state=firing');
    const second = await serveSimulated({ specs: only('orders-enrich'), after: first });
    const after = await second.json<FindingsResponse>('/api/v1/findings?state=firing');
    const seen = ({ findings }: FindingsResponse) => new Map(findings.map(({ id, firstSeenMs }) => [id, firstSeenMs]));
    expect(seen(after)).toEqual(seen(before));
    await second.close();
  });
});

describe('a pause of the machine', () => {
  it('ends no finding, however long it was', async () => {
    const sim = await serveSimulated({ specs: only('orders-enrich', 'billing-sink') });
    await sim.beats(SETTLED_BEATS);
    const roots = async (): Promise<readonly string[]> =>
      (await sim.json<FindingsResponse>('/api/v1/findings?state=firing&role=root')).findings.map(({ id }) => id).sort();
    const before = await roots();
    expect(before.length).toBeGreaterThanOrEqual(2);
    sim.standStill(900_000);
    for (let beat = 0; beat < 8; beat += 1) {
      await sim.beats(1);
      expect(await roots()).toEqual(before);
    }
    await sim.close();
  });
});

describe('snoozes after a restart', () => {
  it('are read when the past is made: the demo’s clock stood before they were set', async () => {
    const steps: string[] = [];
    const store = createMemoryStore();
    const loadReports: SeriesStore['loadReports'] = (query) => {
      if (query.kind === SNOOZE_KIND) steps.push('snoozes');
      return store.loadReports(query);
    };
    const watch = createWatch({
      clusters: [],
      store: Object.assign(Object.create(store) as SeriesStore, { loadReports }),
      analysis: () => ({ rules: [], settings: {}, disabled: [] }),
      nowMs: () => 0,
    });
    await watch.start(() => Promise.resolve(void steps.push('past')));
    expect(steps).toEqual(['past', 'snoozes']);
    await watch.stop();
  });
});
