import { describe, expect, it } from 'vitest';
import { fakeJob, hex, REFUSED, work } from './testing/fake-flink-client.js';
import { happened, nextRound, only, samplesOf, START_MS, watch } from './testing/watched-cluster.js';

describe('the life of a job', () => {
  it('tells failure, restart and rescale under one id', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    all.flink.jobList = [job];
    expect(happened(await all.collector.readOnce())).toEqual([]);
    job.restarts = 1;
    job.exceptions = {
      isHistory: true,
      exceptions: [
        { atMs: START_MS + 5_000, exceptionName: 'X', stacktrace: 'java.lang.X: boom\n\tat y', concurrent: false },
      ],
    };
    job.vertices[1]?.subtasks.push({ state: 'RUNNING', attempt: 1 });
    const told = happened(await nextRound(all));
    expect([...told].sort()).toEqual(['failure: java.lang.X: boom', 'rescale: sink 1 → 2', 'restart: restart 1']);
    expect(happened(await nextRound(all))).toEqual([]);
  });

  it('goes on when the job is cancelled and submitted again: what is otherwise is told', async () => {
    const all = watch();
    const first = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    all.flink.jobList = [first];
    await all.collector.readOnce();
    first.state = 'CANCELED';
    first.endMs = START_MS + 5_000;
    first.stateSinceMs = { ...first.stateSinceMs, CANCELED: START_MS + 5_000 };
    await nextRound(all);
    const second = fakeJob(hex('2'), 'orders', START_MS + 15_000);
    second.vertices[1]?.subtasks.push({ state: 'RUNNING', attempt: 0 });
    all.flink.jobList = [first, second];
    all.flink.options = { 'parallelism.default': '2', 'taskmanager.numberOfTaskSlots': '8' };
    expect(happened(await nextRound(all))).toEqual([
      `new-job-id: ${hex('1')} → ${hex('2')}`,
      'rescale: sink 1 → 2',
      'configuration: taskmanager.numberOfTaskSlots: – → 8',
    ]);
  });

  it('tells another version of Flink', async () => {
    const all = watch();
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS - 60_000)];
    await all.collector.readOnce();
    all.flink.version = '2.0.1';
    all.flink.down = REFUSED;
    await nextRound(all);
    all.flink.down = undefined;
    expect(happened(await nextRound(all))).toEqual(['version: 1.20.3 → 2.0.1']);
  });

  it('tells what an adaptive scheduler may now give, and what it could not do', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    job.requirements = new Map([[hex('b'), { lower: 1, upper: 2 }]]);
    all.flink.jobList = [job];
    all.flink.version = '2.3.0';
    all.flink.options = { 'jobmanager.scheduler': 'Adaptive' };
    expect(happened(await all.collector.readOnce())).toEqual([]);
    job.requirements = new Map([[hex('b'), { lower: 1, upper: 4 }]]);
    const failed = { id: hex('9'), startMs: START_MS, endMs: START_MS + 900, outcome: 'IGNORED', cause: 'UPDATE_REQUIREMENT', reason: 'NO_RESOURCES_OR_PARALLELISMS_CHANGE' }; // prettier-ignore
    job.rescales = [failed];
    job.stateSinceMs = { ...job.stateSinceMs, RUNNING: START_MS + 1_000 };
    expect(happened(await nextRound(all))).toEqual([
      'rescale: IGNORED (UPDATE_REQUIREMENT: NO_RESOURCES_OR_PARALLELISMS_CHANGE) after 900 ms',
      'configuration: parallelism of sink: 1–2 → 1–4',
    ]);
    const history = only(all.collector.histories(all.clock.nowMs()));
    expect(history.resourceRequirements?.get(hex('b'))).toEqual({ lower: 1, upper: 4 });
    expect(history.rescales).toEqual([failed]);
    job.stateSinceMs = { ...job.stateSinceMs, RUNNING: START_MS + 11_000 };
    expect(happened(await nextRound(all))).toEqual([]);
  });

  it('tells no change of what an adaptive scheduler may give while that cannot be read', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    job.requirements = new Map([[hex('b'), { lower: 1, upper: 2 }]]);
    all.flink.jobList = [job];
    all.flink.options = { 'jobmanager.scheduler': 'adaptive' };
    all.flink.failing.set('resourceRequirements', REFUSED);
    await all.collector.readOnce();
    all.flink.failing.clear();
    job.stateSinceMs = { ...job.stateSinceMs, RUNNING: START_MS + 1_000 };
    expect(happened(await nextRound(all))).toEqual([]);
  });

  it('asks nothing of an adaptive scheduler where there is none, or the version has no page for it', async () => {
    for (const [version, scheduler] of [
      ['2.3.0', 'Default'],
      ['1.17.2', 'adaptive'],
    ] as const) {
      const all = watch();
      all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS - 60_000)];
      all.flink.version = version;
      all.flink.options = { 'jobmanager.scheduler': scheduler };
      await all.collector.readOnce();
      expect(all.flink.calls).not.toContain('rescales');
      expect(all.flink.calls).not.toContain('resourceRequirements');
    }
  });

  it('tells no change of options that could not be read', async () => {
    const all = watch();
    const first = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    all.flink.jobList = [first];
    all.flink.failing.set('jobConfiguration', REFUSED);
    await all.collector.readOnce();
    all.flink.failing.clear();
    first.stateSinceMs = { ...first.stateSinceMs, RUNNING: START_MS + 1_000 };
    expect(happened(await nextRound(all))).toEqual([]);
  });
});

describe('a job that restarts', () => {
  it('has a new attempt whose counters start at 0, and no rate across it', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [job];
    await all.collector.readOnce();
    work(job.vertices[1], 0, 10, 0.5, 100);
    await nextRound(all);
    job.restarts = 1;
    job.stateSinceMs = { ...job.stateSinceMs, RESTARTING: START_MS + 12_000, RUNNING: START_MS + 15_000 };
    job.exceptions = {
      exceptions: [{ atMs: START_MS + 12_000, exceptionName: 'X', stacktrace: 'X', concurrent: false }],
      isHistory: true,
    };
    const vertex = job.vertices[1];
    vertex?.subtasks.splice(0, 1, {
      state: 'RUNNING',
      attempt: 1,
      startMs: START_MS + 15_000,
      busyMs: 10,
      idleMs: 10,
      backPressuredMs: 0,
      recordsIn: 3,
      recordsOut: 3,
    });
    const round = await nextRound(all);
    const history = only(all.collector.histories(all.clock.nowMs()));
    expect(history.states.map((change) => change.state)).toEqual(['CREATED', 'RUNNING', 'RESTARTING', 'RUNNING']);
    expect(history.restarts.map((one) => one.restarts)).toEqual([0, 1]);
    expect(history.exceptions).toHaveLength(1);
    expect(samplesOf(history).map((sample) => sample.attempt)).toEqual([0, 0, 1]);
    expect([...round.batch.subtasks].filter((row) => row.vertexId === hex('b'))).toEqual([]);
    expect(round.batch.events.map((event) => [event.kind, event.text])).toEqual([
      ['state', 'RESTARTING'],
      ['state', 'RUNNING'],
      ['restart', 'restart 1'],
      ['failure', 'X'],
    ]);
    expect(round.batch.exceptions).toHaveLength(1);
  });

  it('is looked into for exceptions at once, and otherwise only now and then', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [job];
    const asked: boolean[] = [];
    for (let round = 0; round < 14; round += 1) {
      if (round === 9) job.restarts += 1;
      all.flink.calls.length = 0;
      await nextRound(all);
      asked.push(all.flink.calls.includes('exceptions'));
    }
    expect(asked[0]).toBe(true);
    expect(asked[9]).toBe(true);
    expect(asked.filter(Boolean).length).toBeLessThanOrEqual(5);
  });
});

describe('a job under a new id', () => {
  it('goes on with the story of the one before, with samples of its own', async () => {
    const all = watch();
    const before = fakeJob(hex('1'), 'orders', START_MS);
    before.restarts = 4;
    before.exceptions = {
      exceptions: [{ atMs: START_MS + 1_000, exceptionName: 'X', stacktrace: 'X', concurrent: false }],
      isHistory: true,
    };
    all.flink.jobList = [before];
    await all.collector.readOnce();
    before.state = 'CANCELED';
    before.endMs = START_MS + 10_000;
    before.stateSinceMs = { ...before.stateSinceMs, CANCELED: START_MS + 10_000 };
    const after = fakeJob(hex('2'), 'orders', START_MS + 11_000);
    all.flink.jobList = [before, after];
    await nextRound(all);
    const round = await nextRound(all);
    const history = only(all.collector.histories(all.clock.nowMs()));
    expect(history.jobId).toBe(hex('2'));
    expect(history.states.map((change) => change.state)).toEqual([
      'CREATED',
      'RUNNING',
      'CANCELED',
      'CREATED',
      'RUNNING',
    ]);
    expect(history.restarts.map((one) => one.restarts)).toEqual([4, 0]);
    expect(history.exceptions).toHaveLength(1);
    expect(samplesOf(history)).toHaveLength(1);
    expect(samplesOf(all.collector.jobHistory(hex('1')))).toHaveLength(1);
    expect(round.ok).toBe(true);
  });

  it('is an event', async () => {
    const all = watch();
    const before = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [before];
    await all.collector.readOnce();
    all.flink.jobList = [fakeJob(hex('2'), 'orders', START_MS + 5_000)];
    const round = await nextRound(all);
    expect(round.batch.events.filter((event) => event.kind === 'new-job-id')).toMatchObject([
      { jobId: hex('2'), text: `${hex('1')} → ${hex('2')}` },
    ]);
  });

  it('is another job while the first one still runs', async () => {
    const all = watch();
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS), fakeJob(hex('2'), 'orders', START_MS + 5)];
    await all.collector.readOnce();
    expect(all.collector.histories(all.clock.nowMs()).map((one) => one.states.length)).toEqual([2, 2]);
  });
});

describe('a job that ends', () => {
  it('is read once more, kept as last known, and forgotten after an hour', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [job];
    await all.collector.readOnce();
    job.state = 'FAILED';
    job.endMs = START_MS + 5_000;
    await nextRound(all);
    all.flink.calls.length = 0;
    await nextRound(all);
    expect(all.flink.calls).not.toContain('job');
    expect(only(all.collector.histories(all.clock.nowMs())).detail.state).toBe('FAILED');
    await all.clock.advance(61 * 60_000);
    await all.collector.readOnce();
    expect(all.collector.histories(all.clock.nowMs())).toEqual([]);
  });

  it('that ended long before Weir came is never read', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'old', START_MS - 10_000_000);
    job.state = 'FINISHED';
    job.endMs = START_MS - 9_000_000;
    all.flink.jobList = [job];
    await all.collector.readOnce();
    expect(all.collector.histories(all.clock.nowMs())).toEqual([]);
  });

  it('with the JobManager that forgot it keeps its last state', async () => {
    const all = watch();
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS)];
    await all.collector.readOnce();
    all.flink.jobList = [];
    await nextRound(all);
    const history = only(all.collector.histories(all.clock.nowMs()));
    expect(history.detail.state).toBe('RUNNING');
    expect(history.jobsOnCluster).toBe(0);
    expect(history.rounds.map((round) => round.ok)).toEqual([true, false]);
    expect(history.missing).toMatchObject([{ endpoint: '/jobs/:jobid', failure: { kind: 'not-found' } }]);
  });
});
