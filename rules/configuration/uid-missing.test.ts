import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import { fallen } from '../../analyzer/testing/failures.js';
import * as trace from '../../analyzer/testing/traces.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { uidMissing } from './uid-missing.js';

const NOT_TOLD =
  'skipped: a vertex id is a hash whether or not its operator has a uid: only pipeline.auto-generate-uids: false, or a restore that fails, tells';
const conf = (configuration: Readonly<Record<string, string>>): Partial<JobSpec> => ({ configuration });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on state without an operator', fallen(trace.NOT_MAPPED, [150], conf({ a: 'b' })), 'info job'],
  [
    'fires when the job is down of it',
    fallen(trace.NOT_MAPPED, [150], { ...conf({ a: 'b' }), state: 'FAILED', tasks: 'FAILED' }),
    'info job',
  ],
  [
    'is clear when Flink refuses generated ids',
    { ...job.HEALTHY, ...conf({ 'pipeline.auto-generate-uids': 'false' }) },
    'clear',
  ],
  ['is not evaluated before a restore fails', { ...job.HEALTHY, ...conf({ a: 'b' }) }, NOT_TOLD],
  [
    'is not evaluated when it failed of something else',
    fallen(trace.MAX_PARALLELISM, [150], conf({ a: 'b' })),
    NOT_TOLD,
  ],
  [
    'is skipped without a configuration',
    { ...job.HEALTHY, configuration: {} },
    'skipped: the configuration was not read yet',
  ],
];

describe('uid-missing', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, uidMissing);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [uidMissing])).toEqual([]);
  });

  it('lets Flink refuse them', () => {
    expect(only(judged(fallen(trace.NOT_MAPPED, [150], conf({ a: 'b' })), uidMissing).advice).changes).toMatchObject([
      { key: 'pipeline.auto-generate-uids', to: 'false' },
    ]);
  });
});
