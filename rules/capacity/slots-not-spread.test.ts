import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { historyOf, type TaskManagerSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { RULES } from '../index.js';
import { slotsNotSpread } from './slots-not-spread.js';

const two = (full: TaskManagerSpec, rest: TaskManagerSpec, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.CPU_SATURATED,
  taskManagers: [
    { slots: 2, hostCores: 2, cores: 1.9, ...full },
    { slots: 2, slotsFree: 2, hostCores: 2, cores: 0.1, ...rest },
  ],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when one is full and the other empty', two({}, {}), 'warning tm-1'],
  ['is quiet when the first has room', two({ cores: 1.6 }, {}), 'clear'],
  ['is quiet when the other works too', two({}, { cores: 0.7 }), 'clear'],
  ['is quiet when the slots are spread', two({}, { slotsFree: 1 }), 'clear'],
  ['is quiet on one machine: spreading gains no core', two({ host: 'a' }, { host: 'a' }), 'clear'],
  [
    'is skipped without CPU times',
    two({ cores: 'unknown' }, { cores: 'unknown' }),
    'skipped: no TaskManager tells its CPU time (Status.JVM.CPU.Time)',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('slots-not-spread', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsNotSpread);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsNotSpread])).toEqual([]);
  });

  it.each([
    ['1.18.1', 'cluster.evenly-spread-out-slots', 'true'],
    ['2.3.0', 'taskmanager.load-balance.mode', 'SLOTS'],
  ])('names the option as Flink %s does', (flink, key, to) => {
    expect(judged(two({}, {}, { flink }), slotsNotSpread).advice.flatMap(({ changes }) => changes)).toMatchObject([
      { key, to },
    ]);
  });

  it('is the root of the full machine', () => {
    const { findings } = live(historyOf(two({}, {})), RULES).last;
    const roleOf = (id: string): string | undefined => findings.find(({ rule }) => rule === id)?.role;
    expect([roleOf('slots-not-spread'), roleOf('bp-cpu-saturated-tm')]).toEqual(['root', 'symptom']);
  });
});
