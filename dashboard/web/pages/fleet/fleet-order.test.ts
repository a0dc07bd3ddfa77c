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
const young = (name: string, worst: Worst = 'ok'): JobRow => job(name, worst, { unjudged: 'too few readings' });
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
    expect(fleetVerdict([job('a', 'ok'), job('b', 'unknown')], [])).toEqual({
      kind: 'well',
      jobs: 1,
      unknown: 1,
      unjudged: 0,
    });
    expect(fleetVerdict([job('a', 'unknown')], [cluster({ state: 'unknown' })])).toMatchObject({ kind: 'allUnknown' });
    expect(fleetVerdict([], [cluster({})])).toEqual({ kind: 'empty' });
  });
  it.each([
    ['none is judged yet', [young('a'), young('b', 'info')], { kind: 'unjudged', jobs: 2, unknown: 0 }],
    ['some are', [young('a'), job('b', 'ok')], { kind: 'well', jobs: 1, unjudged: 1 }],
    ['one needs somebody', [young('a'), job('b', 'critical')], { kind: 'need', total: 1 }],
    ['something was found although load is not known', [young('a', 'warning')], { kind: 'need', total: 1 }],
  ])('calls no job well whose load is not known: %s', (_, jobs, verdict) => {
    expect(fleetVerdict(jobs, [cluster({})])).toMatchObject(verdict);
  });
  it('lists such jobs apart', () => {
    const { unjudged, well, withAdvice } = groupJobs([young('a'), young('b', 'info'), job('c', 'ok')], anything);
    expect([unjudged, well, withAdvice].map((rows) => rows.map(({ name }) => name))).toEqual([['b', 'a'], ['c'], []]);
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
