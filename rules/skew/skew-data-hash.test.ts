import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { skewDataHash } from './skew-data-hash.js';

const agg = (busy: readonly number[], records: readonly number[], bp = 0): JobSpec =>
  vary(job.HOT_KEY, { vertices: { src: { bp, lag: [2, 0] }, agg: { busy, in: records } } });
const UNEVEN = [300, 900, 800, 200] as const;
const UNEVEN_KEYS = agg([0.3, 0.9, 0.8, 0.2], UNEVEN);

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the heavy subtasks, heaviest first', UNEVEN_KEYS, 'warning agg[1,2]'],
  ['is critical when their input waits', agg([0.3, 1, 0.9, 0.2], UNEVEN, 0.99), 'critical agg[1,2]'],
  ['is only a word below half busy', agg([0.1, 0.45, 0.4, 0.1], UNEVEN), 'info agg[1,2]'],
  ['is quiet on nearly idle subtasks', agg([0.05, 0.15, 0.12, 0.04], UNEVEN), 'clear'],
  ['is quiet when the spread is mild', agg([0.6, 0.9, 0.8, 0.6], [550, 800, 700, 550]), 'clear'],
  ['leaves too few keys to their own rule (L07)', job.FEW_KEYS, 'clear'],
  ['leaves one hot key to its own rule', job.HOT_KEY, 'clear'],
  ['leaves key groups to their own rule', job.KEY_GROUPS, 'clear'],
  [
    'is quiet when records are even and only the cost differs (L12b)',
    agg([0.2, 0.19, 0.74, 0.19], [318, 312, 316, 294]),
    'clear',
  ],
  [
    'is quiet while a backlog is worked off',
    vary(agg([0.3, 1, 0.9, 0.2], UNEVEN), { vertices: { src: { lag: [300_000, -600] } } }),
    'clear',
  ],
  ['is skipped for a batch job', { ...UNEVEN_KEYS, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...UNEVEN_KEYS, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...UNEVEN_KEYS, samples: 2 }, WARMING_UP],
];

describe('skew-data-hash', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewDataHash);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewDataHash])).toEqual([]);
  });

  it('advises a finer key, never parallelism', () => {
    const advice = only(judged(agg([0.3, 1, 0.9, 0.2], UNEVEN, 0.99), skewDataHash).advice);
    expect(advice).toMatchObject({ kind: 'code', diffs: {} });
    expect(only(advice.changes).to).toBe('keyBy(key, bucket) → pre-aggregate → keyBy(key)');
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['more parallelism']);
  });

  it('follows the readings: with a known demand no gain beyond it is promised', () => {
    const pressed = agg([0.3, 1, 0.9, 0.2], UNEVEN, 0.99);
    const growing = vary(pressed, { vertices: { src: { out: 1100, lag: [30_000, 440] } } });
    expect(must(only(judged(growing, skewDataHash).advice).expected[0])).toMatchObject({ from: 2200, to: 2640 });
  });

  it('advises nothing while it is only a word', () => {
    expect(judged(agg([0.1, 0.45, 0.4, 0.1], UNEVEN), skewDataHash).advice).toEqual([]);
  });
});
