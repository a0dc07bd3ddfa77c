import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type TaskManagerSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { noisyTm } from './noisy-tm.js';

const map = (more: Partial<VertexSpec>, bp = 1): JobSpec =>
  vary(job.NOISY_TASKMANAGER, { vertices: { src: { bp, waiting: 0 }, map: more } });
const second = (more: TaskManagerSpec): JobSpec => ({
  ...job.NOISY_TASKMANAGER,
  taskManagers: [
    { slots: 2, cores: 0.2 },
    { slots: 2, cores: 0.15, ...more },
  ],
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the TaskManager on which all is slow (L22)', job.NOISY_TASKMANAGER, 'critical tm-2'],
  ['is a warning while nothing waits for it', map({}, 0.05), 'warning tm-2'],
  ['is a warning from half busy', map({ busy: [0.2, 0.5, 0.5, 0.2], in: 150 }, 0), 'warning tm-2'],
  ['is only a word below half busy', map({ busy: [0.2, 0.49, 0.49, 0.2], in: 150 }, 0), 'info tm-2'],
  ['is quiet where it hardly works', map({ busy: [0.08, 0.19, 0.19, 0.08], in: 150 }, 0), 'clear'],
  ['is quiet just below 1.6 times the price', map({ busy: [0.5, 0.79, 0.79, 0.5], in: 150 }), 'clear'],
  ['fires just above', map({ busy: [0.5, 0.81, 0.81, 0.5], in: 150 }), 'warning tm-2'],
  ['is quiet when one of its subtasks is as fast as elsewhere', map({ busy: [0.44, 1, 0.44, 0.41], in: 150 }), 'clear'],
  ['is quiet when all TaskManagers are as slow', map({ busy: 1, in: 150 }), 'clear'],
  ['leaves garbage collection there to its own rule', second({ gcRatio: 0.1, youngPerSecond: 10 }), 'clear'],
  ['fires below that', second({ gcRatio: 0.09, youngPerSecond: 10 }), 'critical tm-2'],
  ['leaves a machine that Flink itself fills to its own rule', second({ hostCores: 2, cores: 1.8 }), 'clear'],
  ['fires when the machine has cores left', second({ hostCores: 2, cores: 1.6 }), 'critical tm-2'],
  ['does without CPU times', second({ cores: 'unknown' }), 'critical tm-2'],
  ['is quiet about a TaskManager that is gone', second({ goneAt: 280 }), 'clear'],
  ['leaves dear records to their own rule (L12b)', job.DEAR_SUBTASK, 'clear'],
  ['leaves a hot key to its own rule (L05)', job.HOT_KEY, 'clear'],
  ['is quiet on a healthy job (L01)', job.HEALTHY, 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(job.NOISY_TASKMANAGER, { vertices: { src: { waiting: (s) => 300_000 - 100 * s } } }),
    'clear',
  ],
  [
    'is skipped without TaskManagers',
    { ...job.NOISY_TASKMANAGER, taskManagers: [] },
    'skipped: no TaskManager was read yet',
  ],
  ['is skipped for a batch job', { ...job.NOISY_TASKMANAGER, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.NOISY_TASKMANAGER, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.NOISY_TASKMANAGER, samples: 2 }, WARMING_UP],
];

describe('noisy-tm', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, noisyTm);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [noisyTm])).toEqual([]);
  });

  it('says how much slower, on which machine, and that Flink does not fill it', () => {
    const verdict = judged(job.NOISY_TASKMANAGER, noisyTm);
    const { title, summary, subject } = only(verdict.findings);
    expect(title.en).toBe('A record costs 2.23× as much on TaskManager tm-2 as elsewhere');
    expect(summary.en).toContain('It uses 0.15 of 2 cores');
    expect(summary.en).toContain('Look at host-2');
    expect(subject).toMatchObject({ vertexId: 'map' });
    expect(verdict.advice).toEqual([]);
  });

  it('is less sure where it does not see the CPU, and says so', () => {
    const found = only(judged(second({ cores: 'unknown' }), noisyTm).findings);
    expect(found.confidence).toBeLessThan(0.7);
    expect(found.notSeen.map(({ signal }) => signal.en)).toEqual(['Status.JVM.CPU.Time']);
  });

  it('is the root of the bottleneck there', () => {
    const { findings } = live(historyOf(job.NOISY_TASKMANAGER), RULES).last;
    const roleOf = (id: string): string | undefined => findings.find(({ rule }) => rule === id)?.role;
    expect([roleOf('noisy-tm'), roleOf('bp-bottleneck'), roleOf('src-lag-growing')]).toEqual([
      'root',
      'symptom',
      'symptom',
    ]);
  });
});
