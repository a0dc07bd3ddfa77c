import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptDeclinedFinished } from './ckpt-declined-finished.js';

type Settings = Readonly<Record<string, string>>;
const OLD = 'execution.checkpointing.checkpoints-after-tasks-finish.enabled';

/** A healthy job beside a bounded source that is done. */
const done = (flink: string, configuration: Settings = { a: 'b' }, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  vertices: { ...job.HEALTHY.vertices, names: { parallelism: 2, finished: true } },
  flink,
  configuration,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 1.13, which has no other way', done('1.13.6'), 'warning job'],
  ['fires on 1.14, where it is off by default', done('1.14.6'), 'warning job'],
  ['is quiet on 1.14 where it is on', done('1.14.6', { [OLD]: 'true' }), 'clear'],
  ['is quiet from 1.15 on', done('1.15.4'), 'clear'],
  ['fires where it is switched off', done('1.17.2', { [OLD]: 'false' }), 'warning job'],
  ['knows the name from 1.20 on', done('2.3.0', { [OLD.replace('.enabled', '')]: 'false' }), 'warning job'],
  ['is quiet as long as all tasks run', { ...job.HEALTHY, flink: '1.13.6' }, 'clear'],
  ['is quiet without checkpoints', done('1.13.6', { a: 'b' }, { checkpointing: 'off' }), 'clear'],
  ['is skipped without a configuration', done('1.13.6', {}), 'skipped: the configuration was not read yet'],
  ['is skipped for a batch job', done('1.13.6', { a: 'b' }, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', vary(job.HEALTHY, { flink: '1.13.6', tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-declined-finished', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptDeclinedFinished);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptDeclinedFinished])).toEqual([]);
  });

  it('switches it on where there is a switch', () => {
    expect(judged(done('1.13.6'), ckptDeclinedFinished).advice).toEqual([]);
    expect(only(judged(done('1.14.6'), ckptDeclinedFinished).advice).changes).toMatchObject([
      { key: OLD, from: null, to: 'true' },
    ]);
  });
});
