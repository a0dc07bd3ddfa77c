import { describe, expect, it } from 'vitest';
import type { Transport } from '../flink/transport.js';
import { createManualClock } from '../testing/manual-clock.js';
import { ReporterFigures } from './figures.js';
import { PAGE_MAX_AGE_MS, SCRAPED_MAX_AGE_MS } from './limits.js';
import { createMergedClient } from './merged-client.js';
import { parseLabels } from './text-scanner.js';

const BEGIN_MS = 1_700_000_000_000;
const JOB = 'a'.repeat(32);
const VERTEX = 'b'.repeat(32);
const IDS = ['0.Source__orders.pendingRecords', '1.Source__orders.pendingRecords'];

interface RestTask {
  readonly attempt?: number;
  readonly status?: string;
}

/** A cluster whose REST says 1000 records of every subtask, and whose reporters say what the test wants. */
function cluster() {
  const clock = createManualClock(BEGIN_MS);
  const asked: string[] = [];
  const tasks: RestTask[] = [{}, {}];
  const rest = { running: 2, metricList: ['0.x'] as readonly string[] };
  const bodyOf = (path: string): unknown => {
    if (path === '/jobs/overview') return { jobs: [] };
    if (path === `/jobs/${JOB}`) return jobBody(rest.running);
    if (path.endsWith(VERTEX)) return vertexBody(tasks);
    if (path.endsWith('/subtasks/metrics')) return rest.metricList.map((id) => ({ id }));
    if (path.includes('/subtasks/metrics?')) return [{ id: 'busyTimeMsPerSecond', min: 1, max: 1, avg: 1, sum: 1 }];
    return [{ id: 'rest', value: '1' }];
  };
  const transport: Transport = {
    url: 'http://jm:8081',
    prefixBytes: 0,
    read(_endpoint, path) {
      asked.push(path);
      return Promise.resolve({ ok: true, value: JSON.stringify(bodyOf(path)), atMs: clock.nowMs() });
    },
    setPace: () => undefined,
    close: () => Promise.resolve(),
  };
  const reporters = {
    figures: new ReporterFigures(),
    maxAgeMs: SCRAPED_MAX_AGE_MS,
    refresh: () => Promise.reject(new Error()),
    close: () => Promise.resolve(),
  };
  const client = createMergedClient(transport, reporters, clock);
  return {
    client,
    clock,
    tasks,
    rest,
    /** Takes the paths asked since the last look. */
    asked: () => asked.splice(0),
    /** One round of the reporters. */
    report(write: (figures: Writer) => void) {
      reporters.figures = new ReporterFigures();
      write(writerOf(reporters.figures, clock.nowMs()));
    },
    async round() {
      await client.job(JOB);
      const reading = await client.vertex(JOB, VERTEX);
      return reading.ok ? reading.value.subtasks.map(({ recordsIn }) => recordsIn) : reading.failure;
    },
  };
}

type Writer = ReturnType<typeof writerOf>;

function writerOf(figures: ReporterFigures, atMs: number) {
  const add = (target: string, name: string, labels: string, value: number): void => {
    figures.add(target, atMs, name, parseLabels(labels), value);
  };
  const COUNTERS = ['numRecordsOut', 'numBytesIn', 'numBytesOut', 'accumulateBusyTimeMs', 'accumulateIdleTimeMs'];
  const labelsOf = (subtask: number, attempt: number): string =>
    `job_id="${JOB}",task_id="${VERTEX}",tm_id="tm_1:6122_a",subtask_index="${subtask}",task_attempt_num="${attempt}",`;
  return {
    task(subtask: number, recordsIn: number, attempt = 0, without = '') {
      for (const metric of [...COUNTERS, 'accumulateBackPressuredTimeMs', 'numRecordsIn'])
        if (metric !== without)
          add(
            'tm',
            `flink_taskmanager_job_task_${metric}`,
            labelsOf(subtask, attempt),
            metric === 'numRecordsIn' ? recordsIn : 9,
          );
      add('tm', 'flink_taskmanager_job_task_busyTimeMsPerSecond', labelsOf(subtask, attempt), 100 * (subtask + 1));
    },
    pending(subtask: number, records: number) {
      const labels = `${labelsOf(subtask, 0)}operator_name="Source:_orders",`;
      add('tm', 'flink_taskmanager_job_task_operator_pendingRecords', labels, records);
    },
    job(metric: string, value: number) {
      add('jm', `flink_jobmanager_job_${metric}`, `job_id="${JOB}",host="h",`, value);
    },
    taskManager(metric: string, value: number) {
      add('tm', `flink_taskmanager_${metric}`, 'host="h",tm_id="tm_1:6122_a",', value);
    },
    jobManager(target: string, metric: string, value: number) {
      add(target, `flink_jobmanager_${metric}`, 'host="h",', value);
    },
  };
}

const jobBody = (running: number): object => ({
  jid: JOB,
  name: 'orders',
  state: 'RUNNING',
  'start-time': 1,
  'end-time': -1,
  timestamps: { RUNNING: 1 },
  vertices: [{ id: VERTEX, name: 'v', parallelism: 2, tasks: { RUNNING: running, DEPLOYING: 2 - running } }],
  plan: { jid: JOB, name: 'orders', nodes: [{ id: VERTEX }] },
});

const vertexBody = (tasks: readonly RestTask[]): object => ({
  id: VERTEX,
  name: 'v',
  parallelism: tasks.length,
  now: 5,
  subtasks: tasks.map(({ attempt = 0, status = 'RUNNING' }, subtask) => ({
    subtask,
    status,
    attempt,
    'start-time': 1,
    'taskmanager-id': 'tm-1:6122-a',
    metrics: {
      'read-bytes': 5,
      'write-bytes': 5,
      'read-records': 1000,
      'write-records': 5,
      'accumulated-busy-time': 5,
      'accumulated-idle-time': 5,
      'accumulated-backpressured-time': 5,
    },
  })),
});

const both =
  (a: number, b: number) =>
  (write: Writer): void => {
    write.task(0, a);
    write.task(1, b);
  };

describe('the subtasks of a vertex', () => {
  it('have the counters of the reporters; REST is asked for their page once a minute', async () => {
    const { report, round, asked, clock } = cluster();
    report(both(1100, 1200));
    expect(await round()).toEqual([1100, 1200]);
    expect(asked()).toContain(`/jobs/${JOB}/vertices/${VERTEX}`);
    for (let passedMs = 0; passedMs < PAGE_MAX_AGE_MS; passedMs += 10_000) {
      await clock.advance(10_000);
      report(both(1300 + passedMs, 1400));
      expect(await round()).toEqual([1300 + passedMs, 1400]);
      expect(asked()).toEqual([`/jobs/${JOB}`]);
    }
    await clock.advance(10_000);
    report(both(9300, 9400));
    expect(await round()).toEqual([9300, 9400]);
    expect(asked()).toContain(`/jobs/${JOB}/vertices/${VERTEX}`);
  });

  it.each<[string, (write: Writer) => void]>([
    ['one of them is in no text: its TaskManager did not answer', (write) => write.task(0, 1100)],
    ['another attempt runs than its page says', (write) => [write.task(0, 1100), write.task(1, 5, 1)]],
    ['a reporter leaves a counter out', (write) => [write.task(0, 1100), write.task(1, 5, 0, 'numBytesIn')]],
  ])('are read over REST, all of them, while %s', async (_why, write) => {
    const { report, round, asked } = cluster();
    for (let i = 0; i < 3; i += 1) {
      report(write);
      expect(await round()).toEqual([1000, 1000]);
      expect(asked()).toEqual([`/jobs/${JOB}`, `/jobs/${JOB}/vertices/${VERTEX}`]);
    }
  });

  it('are read over REST while one of them does not run, and after a restart until both agree on its attempt', async () => {
    const { report, round, asked, rest, tasks, clock } = cluster();
    report(both(1100, 1200));
    await round();
    rest.running = 1;
    tasks[1] = { attempt: 1, status: 'DEPLOYING' };
    report((write) => {
      write.task(0, 1300);
    });
    expect(await round()).toEqual([1000, 1000]);
    rest.running = 2;
    tasks[1] = { attempt: 1 };
    await clock.advance(10_000);
    report((write) => [write.task(0, 1400), write.task(1, 3, 1)]);
    asked();
    expect(await round()).toEqual([1400, 3]);
    expect(asked()).toContain(`/jobs/${JOB}/vertices/${VERTEX}`);
  });

  it('are read over REST when the last text is old', async () => {
    const { report, round, clock } = cluster();
    report(both(1100, 1200));
    await clock.advance(SCRAPED_MAX_AGE_MS + 1);
    expect(await round()).toEqual([1000, 1000]);
  });

  it('are known without REST as long as their page is, so that a wide vertex may be read in every beat', async () => {
    const { report, round, client, clock, rest } = cluster();
    report(both(1100, 1200));
    expect(client.knowsSubtasks?.(JOB, VERTEX)).toBe(false);
    await round();
    expect(client.knowsSubtasks?.(JOB, VERTEX)).toBe(true);
    rest.running = 1;
    await client.job(JOB);
    expect(client.knowsSubtasks?.(JOB, VERTEX)).toBe(false);
    rest.running = 2;
    await client.job(JOB);
    await clock.advance(PAGE_MAX_AGE_MS + 1);
    expect(client.knowsSubtasks?.(JOB, VERTEX)).toBe(false);
  });

  it('say when they were read, and keep what only REST knows', async () => {
    const { report, client, clock } = cluster();
    report(both(1100, 1200));
    const toldMs = clock.nowMs();
    await clock.advance(700);
    await client.job(JOB);
    const reading = await client.vertex(JOB, VERTEX);
    expect(reading).toMatchObject({
      atMs: toldMs,
      value: {
        subtasks: [{ atMs: toldMs, state: 'RUNNING', startMs: 1, taskManagerId: 'tm-1:6122-a', busyMs: 9 }, {}],
      },
    });
  });
});

describe('metrics', () => {
  it('of a vertex come from the reporters; what one reader does not have is missing, as it is over REST', async () => {
    const { report, client, asked } = cluster();
    report((write) => [both(1, 2)(write), write.pending(0, 77)]);
    const reading = await client.vertexMetrics(JOB, VERTEX, IDS);
    expect(reading.ok && [...reading.value]).toEqual([[IDS[0], '77']]);
    expect(asked()).toEqual([]);
    report((write) => {
      write.task(0, 1);
    });
    await client.vertexMetrics(JOB, VERTEX, IDS);
    expect(asked()).toHaveLength(1);
  });

  it('over all subtasks are summed up as Flink does it', async () => {
    const { report, round, client, asked } = cluster();
    report((write) => [both(1, 2)(write), write.pending(1, 50)]);
    await round();
    asked();
    const reading = await client.vertexSummaries(JOB, VERTEX, [
      'busyTimeMsPerSecond',
      'Source__orders.pendingRecords',
      'x',
    ]);
    expect(reading.ok && Object.fromEntries(reading.value)).toEqual({
      busyTimeMsPerSecond: { min: 100, max: 200, mean: 150, sum: 300 },
      'Source__orders.pendingRecords': { min: 50, max: 50, mean: 50, sum: 50 },
    });
    expect(asked()).toEqual([]);
  });

  it("are named by the reporters where REST's list stays empty: its way to the TaskManagers is closed", async () => {
    const { report, client, rest } = cluster();
    rest.metricList = [];
    report((write) => {
      write.pending(0, 5);
    });
    expect(await client.vertexMetricIds(JOB, VERTEX)).toMatchObject({ value: ['Source__orders.pendingRecords'] });
  });

  it('of the job and its processes come from the reporters when these have all of them', async () => {
    const { report, client, asked } = cluster();
    report((write) => {
      write.job('numRestarts', 3);
      write.taskManager('Status_JVM_GarbageCollector_G1_Young_Generation_Time', 4);
      write.jobManager('jm-1', 'Status_JVM_CPU_Time', 5);
    });
    const told = [
      await client.jobMetrics(JOB, ['numRestarts']),
      await client.taskManagerMetrics('tm-1:6122-a', ['Status.JVM.GarbageCollector.G1_Young_Generation.Time']),
      await client.jobManagerMetrics(['Status.JVM.CPU.Time']),
    ];
    expect(told.map((reading) => reading.ok && [...reading.value.values()])).toEqual([['3'], ['4'], ['5']]);
    expect(asked()).toEqual([]);
    await client.jobMetrics(JOB, ['numRestarts', 'numberOfFailedCheckpoints']);
    await client.taskManagerMetrics('tm-2:6122-b', ['Status.JVM.CPU.Time']);
    expect(asked()).toHaveLength(2);
  });

  it('of a JobManager come over REST when there are two: only REST is sure to be the one that leads', async () => {
    const { report, client, asked } = cluster();
    report((write) => {
      write.jobManager('jm-1', 'Status_JVM_CPU_Time', 5);
      write.jobManager('jm-2', 'Status_JVM_CPU_Time', 6);
    });
    await client.jobManagerMetrics(['Status.JVM.CPU.Time']);
    expect(asked()).toHaveLength(1);
  });
});
