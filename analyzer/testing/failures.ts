import type { ExceptionSpec, JobSpec } from './job-spec.js';
import * as job from './scenarios.js';
import { userFailure } from './traces.js';

/** A healthy job that fell of one failure at these seconds, on one TaskManager unless told otherwise. */
export function fallen(
  trace: string,
  seconds: readonly number[],
  more: Partial<JobSpec> = {},
  taskManager = 'tm-1',
): JobSpec {
  const exceptions = seconds.map((at): ExceptionSpec => ({ at, trace, task: 'map (1/2) - execution #3', taskManager }));
  return { ...job.HEALTHY, exceptions, restarts: (s) => seconds.filter((at) => at <= s).length, ...more };
}

/** What every rule about a named failure claims; `on` is its subject where all falls were on one TaskManager. */
export function failureClaims(trace: string, on = 'job'): readonly (readonly [string, JobSpec, string])[] {
  const earlier = {
    exceptions: [
      { at: 20, trace, taskManager: 'tm-1' },
      { at: 400, trace: userFailure(1) },
    ],
  };
  return [
    ['is a word about one fall that recovered', fallen(trace, [150]), `info ${on}`],
    ['is a warning from two within an hour', fallen(trace, [100, 250]), `warning ${on}`],
    ['is critical from three within ten minutes', fallen(trace, [100, 160, 220]), `critical ${on}`],
    [
      'is critical when the job is down of it',
      fallen(trace, [150], { state: 'FAILED', tasks: 'FAILED' }),
      `critical ${on}`,
    ],
    [
      'is quiet about a job that is down of something else',
      { ...job.HEALTHY, ...earlier, samples: 45, state: 'FAILED', tasks: 'FAILED' },
      'clear',
    ],
    ['forgets one fall after ten minutes', fallen(trace, [10], { samples: 62 }), 'clear'],
    ['remembers two for an hour', fallen(trace, [10, 200], { samples: 120 }), `warning ${on}`],
    ['forgets two after an hour', fallen(trace, [10, 200], { samples: 385 }), 'clear'],
    ['counts several tasks that fall together once', fallen(trace, [150, 151, 152]), `info ${on}`],
    ['is quiet about a failure of user code', fallen(userFailure(1), [100, 160, 220]), 'clear'],
    ['is quiet on a healthy job', job.HEALTHY, 'clear'],
    [
      'is skipped, with the reason, when exceptions cannot be read',
      fallen(trace, [], { missing: ['/jobs/:jobid/exceptions'] }),
      'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
    ],
  ];
}
