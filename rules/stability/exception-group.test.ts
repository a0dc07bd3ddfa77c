import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { ExceptionSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { exceptionGroup } from './exception-group.js';

const fall = (at: number, text = trace.userFailure(at)): ExceptionSpec => ({
  at,
  trace: text,
  task: 'map (1/2) - execution #3',
});
const on = (falls: readonly ExceptionSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  exceptions: falls,
  ...more,
});
const other = 'java.io.IOException: no space left\n\tat lab.Sink.write(Sink.java:7)';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a word about one failure that recovered (L43)', on([fall(150)]), 'info map'],
  ['is a warning from two of one cause, digits aside', on([fall(100), fall(200)]), 'warning map'],
  ['is a word when two failures have different causes', on([fall(100), fall(200, other)]), 'info map'],
  ['names the job when no vertex has the name of the task', on([{ ...fall(150), task: 'gone (1/2)' }]), 'info job'],
  ['is critical when the job is down', on([fall(150)], { state: 'FAILED', tasks: 'FAILED' }), 'critical map'],
  ['leaves a lost TaskManager to its own rule', on([fall(150, trace.REMOTE_TRANSPORT)]), 'clear'],
  ['forgets what is more than ten minutes old', on([fall(10)], { samples: 63 }), 'clear'],
  ['remembers it as long as the job is down', on([fall(10)], { samples: 63, state: 'FAILED' }), 'critical map'],
  ['is quiet without failures', job.HEALTHY, 'clear'],
  ['judges batch jobs too', on([fall(150)], { batch: true }), 'info map'],
  [
    'is skipped, with the reason, when exceptions cannot be read',
    on([], { missing: ['/jobs/:jobid/exceptions'] }),
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
];

describe('exception-group', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, exceptionGroup);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [exceptionGroup])).toEqual([]);
  });

  it('says how often, what, and where in your code', () => {
    const { title, summary } = only(judged(on([fall(100), fall(200)]), exceptionGroup).findings);
    expect(title.en).toBe('Failed 2 times: IllegalStateException: injected failure # at record #');
    expect(summary.en).toContain('First frame of your code: lab.Work.apply.');
  });

  it('says so when no user code is on the stack', () => {
    const { summary } = only(judged(on([fall(100, trace.TOLERANCE)]), exceptionGroup).findings);
    expect(summary.en).toContain('No frame of user code is on the stack.');
  });

  it('shows the most frequent cause first', () => {
    const { title } = only(judged(on([fall(100), fall(150, other), fall(200)]), exceptionGroup).findings);
    expect(title.en).toContain('IllegalStateException');
  });

  it('gives no advice: only the owner of the code knows', () => {
    expect(judged(on([fall(100), fall(200)]), exceptionGroup).advice).toEqual([]);
  });
});
