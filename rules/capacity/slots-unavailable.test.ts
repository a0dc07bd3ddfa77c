import { describe, expect, it } from 'vitest';
import { BATCH, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { MIB, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import { NO_RESOURCE } from '../../analyzer/testing/traces.js';
import { slotsUnavailable } from './slots-unavailable.js';

/** L45: eight slots wanted, four there, all tasks SCHEDULED while the job is called RUNNING. */
const waiting = (more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: { parallelism: 8, out: 100 },
    agg: { parallelism: 8, inputs: { src: 'HASH' }, in: 100 },
  },
  tasks: 'SCHEDULED',
  taskManagers: [{ slots: 2 }, { slots: 2 }],
  slots: { total: 4, free: 4 },
  stateSince: -5,
  samples: 12,
  ...more,
});
/** Another job has the slots. */
const shared = waiting({
  jobsOnCluster: 2,
  taskManagers: [{ slots: 4 }, { slots: 4 }],
  slots: { total: 8, free: 0 },
  vertices: { src: { parallelism: 4, out: 100 } },
});

/** One failed start after the other, from and to so many seconds. */
const refused = (from: number, to: number): JobSpec =>
  waiting({
    state: 'RESTARTING',
    tasks: 'CANCELED',
    exceptions: Array.from({ length: to - from + 1 }, (_, i) => ({ at: from + i, trace: NO_RESOURCE })),
  });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a job that is RUNNING with every task SCHEDULED (L45)', waiting(), 'critical job'],
  ['fires after a minute', waiting({ samples: 6, stateSince: 0 }), 'critical job'],
  ['is quiet just before', waiting({ samples: 5, stateSince: 0 }), 'clear'],
  ['fires on CREATED tasks of an adaptive job', waiting({ tasks: 'CREATED', state: 'CREATED' }), 'critical job'],
  ['counts from when the job entered its state', waiting({ stateSince: 100 }), 'clear'],
  ['is quiet while tasks are deployed: they have slots', waiting({ tasks: 'DEPLOYING' }), 'clear'],
  ['is quiet when all tasks run', waiting({ tasks: 'RUNNING' }), 'clear'],
  ['is quiet about a job that failed: it wants no slots', waiting({ state: 'FAILED' }), 'clear'],
  ['fires where each start is refused, second by second (1.20.3, standalone)', refused(10, 110), 'critical job'],
  ['is quiet for the first minute of it', refused(70, 110), 'clear'],
  ['is quiet when the last refusal is long past', refused(0, 10), 'clear'],
  ['is quiet once all tasks run', { ...refused(10, 110), tasks: 'RUNNING', state: 'RUNNING' }, 'clear'],
  ['is skipped for a batch job, which runs stage by stage', waiting({ batch: true }), BATCH],
];

describe('slots-unavailable', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, slotsUnavailable);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [slotsUnavailable])).toEqual([]);
  });

  it('says how many slots are missing, and that Flink calls it RUNNING', () => {
    const { title, summary } = only(judged(waiting(), slotsUnavailable).findings);
    expect(title.en).toBe('orders waits for 4 slot(s) that the cluster does not have');
    expect(summary.en).toContain('16 tasks have had no slot for 2 min');
    expect(summary.en).toContain('Flink calls the job RUNNING all the while');
  });

  it('starts the TaskManagers that hold them (L45: four slots are two TaskManagers)', () => {
    const advice = only(judged(waiting(), slotsUnavailable).advice);
    expect(advice.changes).toEqual([{ scope: 'taskmanager', from: 2, to: 4, unit: 'TaskManagers' }]);
    expect(advice.diffs.FlinkDeployment).toBe('spec:\n  taskManager:\n    replicas: 4');
    expect(advice.cost).toEqual({ slots: 4, taskManagers: 2, memoryBytes: 2 * 1728 * MIB });
    expect(must(advice.rejected[0]).alternative.en).toBe('run the job with parallelism 4');
  });

  it('follows the readings: six of eight there, one TaskManager more', () => {
    const six = waiting({ taskManagers: [{ slots: 2 }, { slots: 2 }, { slots: 2 }], slots: { total: 6, free: 6 } });
    expect(only(judged(six, slotsUnavailable).advice).changes).toMatchObject([{ from: 3, to: 4 }]);
  });

  it('on a shared cluster counts against the free slots, in words and in advice', () => {
    const verdict = judged(shared, slotsUnavailable);
    expect(only(verdict.findings).title.en).toBe('orders waits for 4 slot(s) that the cluster does not have');
    expect(only(verdict.advice).title.en).toBe('Start 1 more TaskManager: 4 slots are missing');
  });

  it('adds up slot sharing groups', () => {
    const groups = waiting({
      vertices: {
        src: { parallelism: 4, out: 100 },
        agg: { parallelism: 4, inputs: { src: 'HASH' }, in: 100, slotSharingGroup: 'heavy' },
      },
    });
    expect(only(judged(groups, slotsUnavailable).findings).title.en).toContain('waits for 4 slot(s)');
  });

  it('advises nothing when TaskManagers differ in size', () => {
    const mixed = waiting({ taskManagers: [{ slots: 1 }, { slots: 3 }] });
    expect(judged(mixed, slotsUnavailable).advice).toEqual([]);
  });
});
