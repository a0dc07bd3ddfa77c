import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { skewLowCardinality } from './skew-low-cardinality.js';

const agg = (busy: readonly number[], records: readonly number[], bp = 0): JobSpec =>
  vary(job.FEW_KEYS, { vertices: { src: { bp }, agg: { busy, in: records } } });
const L07 = [203, 0, 420, 400] as const;

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the subtasks that carry the keys (L07)', job.FEW_KEYS, 'warning agg[2,3]'],
  ['is critical when their input waits', agg([0.5, 0, 1, 1], L07, 0.99), 'critical agg[2,3]'],
  ['is a warning while it does not wait', agg([0.5, 0, 1, 1], L07, 0.49), 'warning agg[2,3]'],
  ['is a warning from half busy', agg([0.2, 0, 0.5, 0.5], L07), 'warning agg[2,3]'],
  ['is only a word below half busy', agg([0.2, 0, 0.49, 0.49], L07), 'info agg[2,3]'],
  ['is quiet on nearly idle subtasks', agg([0.1, 0, 0.19, 0.19], L07), 'clear'],
  ['is quiet when every subtask gets something', agg([0.45, 0.1, 0.94, 0.94], [203, 1, 420, 400]), 'clear'],
  [
    'is quiet where one heavy key leaves few records to the others: an empty one proves nothing',
    agg([0.05, 0, 0.94, 0.05], [0.2, 0, 4, 0.2]),
    'clear',
  ],
  ['leaves uneven keys to their own rule', agg([0.3, 0.9, 0.8, 0.2], [300, 900, 800, 200]), 'clear'],
  ['leaves one hot key to its own rule (L05)', job.HOT_KEY, 'clear'],
  ['leaves key groups to their own rule (L06)', job.KEY_GROUPS, 'clear'],
  [
    'is quiet about an empty subtask behind REBALANCE: there are no keys',
    vary(job.FEW_KEYS, { vertices: { agg: { inputs: { src: 'REBALANCE' } } } }),
    'clear',
  ],
  [
    'is quiet while a backlog is worked off',
    vary(job.FEW_KEYS, { vertices: { src: { lag: [300_000, -600] } } }),
    'clear',
  ],
  ['is quiet on a healthy job (L01)', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...job.FEW_KEYS, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.FEW_KEYS, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.FEW_KEYS, samples: 2 }, WARMING_UP],
];

describe('skew-low-cardinality', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewLowCardinality);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewLowCardinality])).toEqual([]);
  });

  it('counts the subtasks without a record, and says how to count the keys', () => {
    const found = only(judged(job.FEW_KEYS, skewLowCardinality).findings);
    expect(found.title.en).toBe('agg has too few keys for 4 subtasks');
    expect(found.summary.en).toContain('1 subtask gets nothing');
    expect(found.notSeen.map(({ signal }) => signal.en)).toEqual(['keys']);
  });

  it('advises a finer key, never parallelism', () => {
    const advice = only(judged(job.FEW_KEYS, skewLowCardinality).advice);
    expect(advice).toMatchObject({ kind: 'code', diffs: {} });
    expect(only(advice.changes).to).toBe('keyBy(key, bucket) → pre-aggregate → keyBy(key)');
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual([
      'more parallelism',
      'another max parallelism',
    ]);
  });

  it('follows the readings: with a known demand no gain beyond it is promised', () => {
    const pressed = agg([0.5, 0, 1, 1], L07, 0.99);
    const growing = vary(pressed, { vertices: { src: { lag: [30_000, 100] } } });
    // What passes, times (1 + 100 / 1024): the source emits 1024 and its lag grows by 100.
    expect(must(only(judged(growing, skewLowCardinality).advice).expected[0]).to).toBeCloseTo(1124, 1);
  });

  it('advises nothing while it is only a word', () => {
    expect(judged(agg([0.2, 0, 0.4, 0.4], L07), skewLowCardinality).advice).toEqual([]);
  });
});
