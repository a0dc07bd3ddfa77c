import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { skewHotKey } from './skew-hot-key.js';

const agg = (busy: readonly number[], records: readonly number[], bp = 0.99): JobSpec =>
  vary(job.HOT_KEY, { vertices: { src: { bp, lag: [2, 0] }, agg: { busy, in: records } } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the subtask that the hot key is on (L05)', job.HOT_KEY, 'critical agg[2]'],
  [
    'is a warning while nothing waits for it yet',
    agg([0.25, 0.24, 1, 0.26], [427, 425, 2000, 428], 0),
    'warning agg[2]',
  ],
  ['is a warning from half busy', agg([0.1, 0.1, 0.5, 0.1], [427, 425, 2000, 428], 0), 'warning agg[2]'],
  ['is only a word below half busy', agg([0.1, 0.1, 0.49, 0.1], [427, 425, 2000, 428], 0), 'info agg[2]'],
  ['is quiet on subtasks that are nearly idle', agg([0.05, 0.05, 0.19, 0.05], [427, 425, 2000, 428], 0), 'clear'],
  ['is quiet when the key adds less than half to the mean', agg([0.7, 0.7, 1, 0.7], [500, 500, 700, 500]), 'clear'],
  ['fires when it adds more', agg([0.7, 0.7, 1, 0.7], [500, 500, 950, 500]), 'critical agg[2]'],
  [
    'is quiet when two subtasks are heavy: that is no single key',
    agg([0.3, 1, 1, 0.3], [400, 2000, 1900, 400]),
    'clear',
  ],
  ['is quiet on even keys', agg([1, 1, 1, 1], [1000, 990, 1010, 1005]), 'clear'],
  ['leaves key groups to their own rule (L06)', job.KEY_GROUPS, 'clear'],
  ['leaves too few keys to their own rule (L07)', job.FEW_KEYS, 'clear'],
  ['is quiet at 20 records/s, however uneven (L09)', agg([0, 0, 0.02, 0.01], [0.3, 0.1, 1.2, 0.4], 0), 'clear'],
  [
    'is quiet about unequal subtasks behind REBALANCE: there are no keys',
    vary(job.HOT_KEY, { vertices: { agg: { inputs: { src: 'REBALANCE' } } } }),
    'clear',
  ],
  [
    'is quiet while a backlog is worked off',
    vary(job.HOT_KEY, { vertices: { src: { lag: [300_000, -600] } } }),
    'clear',
  ],
  ['is skipped for a batch job', { ...job.HOT_KEY, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.HOT_KEY, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.HOT_KEY, samples: 2 }, WARMING_UP],
];

describe('skew-hot-key', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewHotKey);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewHotKey])).toEqual([]);
  });

  it('estimates the share of the key beyond what the subtask gets anyway (F10)', () => {
    // 2000 of 3280 records; a quarter of the rest would be there without the key: (.61 − .25) / .75.
    const { evidence, title } = only(judged(job.HOT_KEY, skewHotKey).findings);
    expect(must(evidence.find(({ signal }) => signal === 'hotKeyShare')).value).toBeCloseTo(0.48, 2);
    expect(title.en).toBe('One key carries about 48 % of the records of agg');
  });

  it('says that it may be a few keys, and how to learn which', () => {
    const { summary, notSeen } = only(judged(job.HOT_KEY, skewHotKey).findings);
    expect(summary.en).toContain('It may also be a few keys that share the subtask');
    expect(notSeen.map(({ signal }) => signal.en)).toEqual(['key']);
  });

  it('advises salting, never parallelism', () => {
    const advice = only(judged(job.HOT_KEY, skewHotKey).advice);
    expect(advice).toMatchObject({ kind: 'code', diffs: {} });
    expect(only(advice.changes)).toMatchObject({
      vertexId: 'agg',
      from: 'keyBy(key)',
      to: 'keyBy(key, hash % 4) → pre-aggregate → keyBy(key)',
    });
    expect(must(advice.rejected[0])).toMatchObject({
      alternative: { en: 'more parallelism' },
      why: { en: 'one key is always one subtask: beyond 2 subtasks nothing is gained' },
    });
    const { from, to } = must(advice.expected[0]);
    expect([from, Math.round(to)]).toEqual([3280, 3966]);
  });

  it('follows the readings: a lighter key takes fewer salts and brings less', () => {
    const advice = only(judged(agg([0.6, 0.6, 1, 0.6], [500, 500, 900, 500]), skewHotKey).advice);
    expect(only(advice.changes).to).toContain('hash % 2');
    expect(must(advice.expected[1]).from).toBeCloseTo(1.5);
  });

  it('gives SQL aggregates the two-phase settings', () => {
    const name = 'GroupAggregate[3]';
    const advice = only(judged(vary(job.HOT_KEY, { vertices: { agg: { name } } }), skewHotKey).advice);
    expect(advice.diffs.sql).toContain("SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';");
  });

  it('advises nothing while it is only a word', () => {
    expect(judged(agg([0.1, 0.1, 0.4, 0.1], [427, 425, 2000, 428], 0), skewHotKey).advice).toEqual([]);
  });
});
