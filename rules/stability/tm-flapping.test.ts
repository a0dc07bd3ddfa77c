import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as trace from '../../analyzer/testing/traces.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { tmFlapping } from './tm-flapping.js';

const lossAt = (seconds: number): NonNullable<JobSpec['exceptions']>[number] => ({
  at: seconds,
  trace: trace.HEARTBEAT,
});
const lost = (
  taskManagers: JobSpec['taskManagers'] & object,
  falls: readonly number[],
  more: Partial<JobSpec> = {},
): JobSpec => ({
  ...job.HEALTHY,
  samples: 120,
  taskManagers,
  exceptions: falls.map(lossAt),
  ...more,
});
const TWICE = [{}, { host: 'bad', goneAt: 300 }, { host: 'bad', goneAt: 900 }];

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on two losses of one machine', lost(TWICE, [310, 910]), 'warning tm-3'],
  ['is quiet about one', lost([{}, { host: 'bad', goneAt: 300 }], [310]), 'clear'],
  ['is quiet when they were on two machines', lost([{}, { goneAt: 300 }, { goneAt: 900 }], [310, 910]), 'clear'],
  ['is quiet about TaskManagers that were released in order', lost(TWICE, []), 'clear'],
  ['is quiet on a cluster of one machine', lost(TWICE.slice(1), [310, 910]), 'clear'],
  ['forgets it', lost(TWICE, [310, 910], { samples: 310 }), 'clear'],
  [
    'is skipped when exceptions cannot be read',
    lost(TWICE, [], { missing: ['/jobs/:jobid/exceptions'] }),
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
];

describe('tm-flapping', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, tmFlapping);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [tmFlapping])).toEqual([]);
  });
});
