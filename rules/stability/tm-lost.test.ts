import { describe, expect, it } from 'vitest';
import { judged, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import {
  historyOf,
  redeployed,
  START_MS,
  type ExceptionSpec,
  type JobSpec,
} from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { tmLost } from './tm-lost.js';

const AT = 100;
const killed: readonly ExceptionSpec[] = [
  trace.REMOTE_TRANSPORT,
  trace.UNREACHABLE,
  trace.NO_RESOURCE,
  trace.NO_RESOURCE,
].map((text, i) => ({ at: AT + i * 10, trace: text }));
/** L44: of two TaskManagers the second is killed after 100 s and leaves the list 15 s later. */
const lost = (more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { on: [0, 1] } } }),
  checkpoints: [],
  taskManagers: [{ slots: 1 }, { slots: 1, goneAt: AT + 15 }],
  exceptions: killed,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the TaskManager that was killed (L44)', lost(), 'critical tm-2'],
  [
    'fires on a heartbeat that ran out (L25)',
    lost({ exceptions: [{ at: AT + 30, trace: trace.HEARTBEAT }] }),
    'critical tm-2',
  ],
  ['is quiet about an orderly release: no failure went with it', lost({ exceptions: [] }), 'clear'],
  [
    'is quiet about a TaskManager that ran nothing of this job',
    vary(lost(), { vertices: { agg: { on: [0, 0] } } }),
    'clear',
  ],
  [
    'is quiet about failures of user code at the same time',
    lost({ exceptions: [{ at: AT, trace: trace.userFailure(1) }] }),
    'clear',
  ],
  [
    'is quiet when the failure was at another time',
    lost({ exceptions: [{ at: AT + 190, trace: trace.HEARTBEAT }] }),
    'clear',
  ],
  ['is quiet about a broken connection while all TaskManagers stay', { ...lost(), taskManagers: [{}, {}] }, 'clear'],
  ['is history after ten minutes', lost({ samples: 72 }), 'clear'],
  [
    'tells a loss from before Weir looked, without its id',
    lost({ taskManagers: [{}], exceptions: [{ at: -60, trace: trace.HEARTBEAT }] }),
    'warning taskmanager',
  ],
  ['judges a job that restarts', lost({ state: 'RESTARTING' }), 'critical tm-2'],
  ['judges batch jobs too', lost({ batch: true }), 'critical tm-2'],
  [
    'is skipped, with the reason, when exceptions cannot be read',
    lost({ exceptions: [], missing: ['/jobs/:jobid/exceptions'] }),
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
];

describe('tm-lost', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, tmLost);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [tmLost])).toEqual([]);
  });

  it('is a warning once all tasks run again', () => {
    const before = historyOf(lost({ samples: 11 }));
    const after = historyOf(lost({ startMs: START_MS + 160_000, samples: 10, taskManagers: [{ slots: 2 }] }));
    const history = { ...redeployed(before, after), exceptions: before.exceptions, taskManagers: before.taskManagers };
    const verdict = judge(history, [tmLost]);
    expect(verdictOf(verdict)).toBe('warning tm-2');
    expect(only(verdict.findings).summary.en).toContain('The job runs again on the others.');
    expect(verdict.advice).toEqual([]);
  });

  it('counts the failures that follow from it as one', () => {
    const { evidence } = only(judged(lost(), tmLost).findings);
    expect(must(evidence.find(({ signal }) => signal === 'failures')).value).toBe(4);
  });

  it('starts one in its place while tasks wait for its slots', () => {
    const history = historyOf(lost());
    const waiting = {
      ...history,
      vertices: history.vertices.map((vertex) => ({ ...vertex, tasks: { SCHEDULED: 2 } })),
    };
    const advice = only(judge(waiting, [tmLost]).advice);
    expect(advice.changes).toEqual([{ scope: 'taskmanager', from: 1, to: 2, unit: 'TaskManagers' }]);
    expect(advice.diffs.FlinkDeployment).toBe('spec:\n  taskManager:\n    replicas: 2');
    expect(advice.cost).toMatchObject({ slots: 1, taskManagers: 1 });
  });

  it('the same where Flink refuses each start at once and no task waits (1.20.3, standalone)', () => {
    const history = historyOf(lost({ state: 'RESTARTING', slots: { total: 1, free: 0 } }));
    const refused = {
      ...history,
      vertices: history.vertices.map((vertex) => ({ ...vertex, tasks: { CANCELED: 2 } })),
    };
    const advice = only(judge(refused, [tmLost]).advice);
    expect(advice.title.en).toBe('Start a TaskManager in its place');
    expect(must(advice.expected[0]).from).toBeGreaterThan(0);
  });

  it('says that REST cannot tell why it died', () => {
    const { summary, notSeen } = only(judged(lost(), tmLost).findings);
    expect(summary.en).toContain('REST cannot tell which');
    expect(notSeen.map(({ signal }) => signal.en)).toEqual(['exit code']);
  });
});
