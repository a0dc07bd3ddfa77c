import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { oomDumpMissing } from './oom-dump-missing.js';

const FLAG = '-XX:+HeapDumpOnOutOfMemoryError';
const fell = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec =>
  fallen(trace.HEAP, [150], { configuration, ...more });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires after a heap ran out', fell({ a: 'b' }), 'info job'],
  ['fires when the job is down of it', fell({ a: 'b' }, { state: 'FAILED', tasks: 'FAILED' }), 'info job'],
  ['is quiet when TaskManagers write dumps', fell({ 'env.java.opts.taskmanager': `-Xss2m ${FLAG}` }), 'clear'],
  ['is quiet when all processes do', fell({ 'env.java.opts.all': FLAG }), 'clear'],
  ['is quiet about a metaspace that ran out: a dump of the heap says little', fallen(trace.METASPACE, [150], { configuration: { a: 'b' } }), 'clear'], // prettier-ignore
  ['is quiet as long as nothing ran out', { ...job.HEALTHY, configuration: { a: 'b' } }, 'clear'],
  ['forgets one fall after ten minutes', fallen(trace.HEAP, [10], { samples: 62, configuration: { a: 'b' } }), 'clear'],
  ['is skipped without a configuration', fell({}), 'skipped: the configuration was not read yet'],
];

describe('oom-dump-missing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, oomDumpMissing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [oomDumpMissing])).toEqual([]);
  });

  it('adds the flag to what is set', () => {
    const advice = only(judged(fell({ 'env.java.opts.taskmanager': '-Xss2m' }), oomDumpMissing).advice);
    expect(advice.changes).toMatchObject([{ key: 'env.java.opts.taskmanager', from: '-Xss2m', to: `-Xss2m ${FLAG}` }]);
  });
});
