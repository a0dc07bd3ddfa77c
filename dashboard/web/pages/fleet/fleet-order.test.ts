import { describe, expect, it } from 'vitest';
import type { ClusterSummary, JobRow, Worst } from '../../../contract.ts';
import { fleetReadMs, fleetVerdict, groupJobs } from './fleet-order.ts';

const job = (name: string, worst: Worst, more: Partial<JobRow> = {}): JobRow => ({
  cluster: 'prod-a',
  jobId: name,
  name,
  state: 'RUNNING',
  startMs: 0,
  worst,
  findings: { critical: 0, warning: 0, info: 0 },
  dataAgeMs: 0,
  simulated: false,
  ...more,
});
const cluster = (more: Partial<ClusterSummary>): ClusterSummary => ({
  name: 'prod-a',
  url: '',
  state: 'reachable',
  requestsPerMinute: 0,
  simulated: false,
  ...more,
});
const anything = { text: '', severity: '', cluster: '' };

describe('the order of the fleet', () => {
  it('puts the worst first, then the least healthy', () => {
    const jobs = [
      job('a', 'ok'),
      job('b', 'warning', { health: 70 }),
      job('c', 'warning', { health: 60 }),
      job('d', 'critical'),
    ];
    expect(groupJobs(jobs, anything).needYou.map((row) => row.name)).toEqual(['d', 'c', 'b']);
  });
  it('filters by all words, in name, cluster and headline', () => {
    const headline = {
      findingId: '1',
      rule: 'skew-hot-key',
      title: 'One key carries 41 %',
      severity: 'critical' as const,
    };
    const jobs = [job('orders', 'critical', { headline }), job('clicks', 'ok')];
    expect(groupJobs(jobs, { ...anything, text: 'PROD hot-key' }).needYou).toHaveLength(1);
    expect(groupJobs(jobs, { ...anything, text: 'hot-key' }).well).toHaveLength(0);
    expect(groupJobs(jobs, { ...anything, cluster: 'prod-b' }).needYou).toHaveLength(0);
  });
});

describe('the first sentence', () => {
  it('names four jobs at most', () => {
    const verdict = fleetVerdict(
      ['a', 'b', 'c', 'd', 'e'].map((name) => job(name, 'warning')),
      [],
    );
    expect(verdict).toMatchObject({ kind: 'need', total: 5, more: 1, worst: 'warning' });
  });
  it('says well only of what is known', () => {
    expect(fleetVerdict([job('a', 'ok'), job('b', 'unknown')], [])).toEqual({ kind: 'well', jobs: 1, unknown: 1 });
    expect(fleetVerdict([job('a', 'unknown')], [cluster({ state: 'unknown' })])).toMatchObject({ kind: 'allUnknown' });
    expect(fleetVerdict([], [cluster({})])).toEqual({ kind: 'empty' });
  });
});

it('the age of the fleet is that of the oldest reachable cluster', () => {
  expect(
    fleetReadMs([
      cluster({ lastReadMs: 20 }),
      cluster({ lastReadMs: 10 }),
      cluster({ state: 'unknown', lastReadMs: 1 }),
    ]),
  ).toBe(10);
  expect(fleetReadMs([cluster({ state: 'unknown', lastReadMs: 1 })])).toBe(1);
  expect(fleetReadMs([])).toBeUndefined();
});
