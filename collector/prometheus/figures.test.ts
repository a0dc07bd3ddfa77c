import { describe, expect, it } from 'vitest';
import { FIXTURE_VERSIONS, reporterText, type FixtureVersion } from '../testing/fixtures.js';
import { ReporterFigures } from './figures.js';
import { meaningOf } from './reporter-names.js';
import { parseLabels, TextScanner } from './text-scanner.js';

const AT_MS = 1_700_000_000_000;

function figuresOf(...texts: readonly string[]): ReporterFigures {
  const figures = new ReporterFigures();
  texts.forEach((text, i) => {
    const scanner = new TextScanner(
      (name) => meaningOf(name) !== undefined,
      (name, labels, value) => {
        expect(figures.add(`target-${i}`, AT_MS, name, parseLabels(labels), value)).toBe(true);
      },
    );
    scanner.push(text);
    scanner.end();
  });
  return figures;
}

/** One job was on each cluster: a source and a sink of two subtasks. */
const idsOf = (version: FixtureVersion): { readonly jobId: string; readonly taskManagerId: string } => {
  const text = reporterText(version, 'tm');
  return {
    jobId: /job_id="(\w+)"/.exec(text)?.[1] ?? '',
    taskManagerId: /tm_id="([^"]+)"/.exec(text)?.[1] ?? '',
  };
};
const SOURCE = 'cbc357ccb763df2852fee8c4fc7d55f2';
const SINK = '9dd63673dd41ea021b896d5203f3ba7c';

const series = (labels: string, value: number, metric = 'numRecordsIn'): string =>
  `flink_taskmanager_job_task_${metric}{${labels}} ${value}\n`;
const labelled = (subtask: number, attempt = 0, more = ''): string =>
  `job_id="j",task_id="v",tm_id="tm:1-a",subtask_index="${subtask}",task_attempt_num="${attempt}",${more}`;

describe.each(FIXTURE_VERSIONS)("figures of the reporters' texts of Flink %s", (version) => {
  const { jobId, taskManagerId } = idsOf(version);
  const figures = figuresOf(reporterText(version, 'tm'), reporterText(version, 'jm'));

  it('has every subtask with its counters', () => {
    for (const [vertexId, parallelism] of [
      [SOURCE, 1],
      [SINK, 2],
    ] as const) {
      const tasks = figures.tasks(jobId, vertexId, parallelism);
      expect(tasks?.map(({ attempt }) => attempt)).toEqual(Array.from({ length: parallelism }, () => 0));
      for (const { values } of tasks ?? []) {
        expect([...values.keys()]).toEqual(
          expect.arrayContaining(['numRecordsIn', 'numRecordsOut', 'numBytesIn', 'numBytesOut']),
        );
        expect(values.has('accumulateBusyTimeMs')).toBe(version !== '1.13.6');
      }
    }
    expect(figures.tasks(jobId, SINK, 3)).toBeUndefined();
  });

  it('has the job, the JobManager and the TaskManager by the id that REST has', () => {
    expect([...(figures.job(jobId)?.values.keys() ?? [])]).toEqual(
      expect.arrayContaining(['numRestarts', 'numberOfCompletedCheckpoints', 'numberOfFailedCheckpoints']),
    );
    expect(figures.jobManager()?.values.get('Status_JVM_Memory_Heap_Used')).toBeGreaterThan(1e6);
    expect(figures.taskManager(taskManagerId)?.values.get('Status_JVM_CPU_Time')).toBeGreaterThan(1e9);
  });
});

describe('figures of reporters', () => {
  it('are of the latest attempt, whichever comes first', () => {
    for (const texts of [
      [series(labelled(0, 1), 5), series(labelled(0, 0), 900)],
      [series(labelled(0, 0), 900), series(labelled(0, 1), 5)],
    ]) {
      const [task] = figuresOf(...texts).tasks('j', 'v', 1) ?? [];
      expect([task?.attempt, task?.values.get('numRecordsIn')]).toEqual([1, 5]);
    }
  });

  it('lack a vertex of which one subtask is in no text', () => {
    const figures = figuresOf(series(labelled(0), 1) + series(labelled(2), 1));
    expect(figures.tasks('j', 'v', 3)).toBeUndefined();
    expect(figures.tasks('j', 'v', 1)).toHaveLength(1);
    expect(figures.tasks('j', 'other', 1)).toBeUndefined();
  });

  it('have an operator under the name that REST has as well', () => {
    const text = series(labelled(0, 0, 'operator_name="Source:_orders",'), 7, 'operator_pendingRecords');
    const figures = figuresOf(text);
    expect(figures.operatorIds('j', 'v')).toEqual(['Source__orders.pendingRecords']);
    expect(figures.tasks('j', 'v', 1)?.[0]?.values.get('Source__orders_pendingRecords')).toBe(7);
  });

  it.each([
    ['subtask_index', 'job_id="j",task_id="v",tm_id="t",task_attempt_num="0",'],
    ['job_id', 'task_id="v",tm_id="t",subtask_index="0",task_attempt_num="0",'],
    ['a number as subtask_index', 'job_id="j",task_id="v",tm_id="t",subtask_index="x",task_attempt_num="0",'],
  ])('refuse a series without %s', (_label, labels) => {
    const figures = new ReporterFigures();
    expect(figures.add('t', AT_MS, 'flink_taskmanager_job_task_numRecordsIn', parseLabels(labels), 1)).toBe(false);
  });

  it('have no JobManager when there are two: the text does not say which one leads', () => {
    const text = 'flink_jobmanager_Status_JVM_CPU_Load{host="a",} 0.5\n';
    expect(figuresOf(text).jobManager()?.values.get('Status_JVM_CPU_Load')).toBe(0.5);
    expect(figuresOf(text, text).jobManager()).toBeUndefined();
  });
});
