import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { skewProcessingCost } from './skew-processing-cost.js';

const agg = (more: Partial<VertexSpec>, bp = 0): JobSpec =>
  vary(job.DEAR_SUBTASK, { vertices: { src: { bp }, agg: more } });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the subtask whose records are dear (L12b)', job.DEAR_SUBTASK, 'warning agg[2]'],
  ['is critical when its input waits', agg({ busy: [0.25, 0.25, 1, 0.25] }, 0.99), 'critical agg[2]'],
  ['is a warning from half busy', agg({ busy: [0.13, 0.13, 0.5, 0.13] }), 'warning agg[2]'],
  ['is only a word below half busy', agg({ busy: [0.13, 0.13, 0.49, 0.13] }), 'info agg[2]'],
  ['is quiet on nearly idle subtasks', agg({ busy: [0.05, 0.05, 0.19, 0.05] }), 'clear'],
  ['is quiet just below twice the price', agg({ busy: [0.4, 0.4, 0.77, 0.4], in: 300 }), 'clear'],
  ['fires just above', agg({ busy: [0.4, 0.4, 0.82, 0.4], in: 300 }), 'warning agg[2]'],
  ['is quiet when the records are uneven too', agg({ in: [300, 300, 460, 300] }), 'clear'],
  ['leaves a hot key to its own rule (L05)', job.HOT_KEY, 'clear'],
  ['leaves key groups to their own rule (L06)', job.KEY_GROUPS, 'clear'],
  ['leaves too few keys to their own rule (L07)', job.FEW_KEYS, 'clear'],
  ['leaves a heavy partition to its own rule (L12)', job.HEAVY_PARTITION, 'clear'],
  ['leaves a slow TaskManager to its own rule (L22)', job.NOISY_TASKMANAGER, 'clear'],
  ['is quiet about a subtask alone on its TaskManager: that may be slow', agg({ on: [0, 0, 1, 0] }), 'clear'],
  ['is quiet on a healthy job (L01)', job.HEALTHY, 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(job.DEAR_SUBTASK, { vertices: { src: { lag: [300_000, -600] } } }),
    'clear',
  ],
  ['is skipped for a batch job', { ...job.DEAR_SUBTASK, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.DEAR_SUBTASK, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.DEAR_SUBTASK, samples: 2 }, WARMING_UP],
];

describe('skew-processing-cost', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewProcessingCost);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewProcessingCost])).toEqual([]);
  });

  it('says what a record costs there, and advises no setting', () => {
    const verdict = judged(job.DEAR_SUBTASK, skewProcessingCost);
    const { title, summary } = only(verdict.findings);
    expect(title.en).toBe('A record costs 3.72× as much in subtask 2 of agg');
    expect(summary.en).toContain('one takes 2.34 ms: it is 74 % busy, the others 19 %');
    expect(verdict.advice).toEqual([]);
  });

  it('is the root where the job waits for that subtask', () => {
    const { findings } = live(historyOf(agg({ busy: [0.25, 0.25, 1, 0.25] }, 0.99)), RULES).last;
    const roleOf = (id: string): string | undefined => findings.find(({ rule }) => rule === id)?.role;
    expect([roleOf('skew-processing-cost'), roleOf('bp-bottleneck')]).toEqual(['root', 'symptom']);
  });
});
