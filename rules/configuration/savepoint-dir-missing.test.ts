import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { savepointDirMissing } from './savepoint-dir-missing.js';

const DAY = 8641;
const set = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: { src: { parallelism: 1, out: 1, readEvery: 600 } },
  samples: DAY,
  configuration,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires without a directory after a day', set({ a: 'b' }), 'info job'],
  ['is quiet in the first day', set({ a: 'b' }, { samples: 100 }), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet with one', set({ 'execution.checkpointing.savepoint-dir': 's3://b/s' }), 'clear'],
  ['reads the names before 1.20', set({ 'state.savepoints.dir': 'hdfs:///s' }), 'clear'],
  ['reads the oldest name', set({ 'savepoints.state.backend.fs.dir': 'hdfs:///s' }), 'clear'],
  ['is quiet without checkpoints: there is nothing to keep', set({ a: 'b' }, { checkpointing: 'off' }), 'clear'],
  ['is quiet about a batch job', set({ a: 'b' }, { batch: true }), 'clear'],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
];

describe('savepoint-dir-missing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, savepointDirMissing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [savepointDirMissing])).toEqual([]);
  });
});
