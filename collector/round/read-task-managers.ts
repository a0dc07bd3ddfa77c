import { toCount, toFigure } from '../flink/decode/fields.decode.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { TaskManagerRecord } from '../history/task-manager-record.js';
import { defined, type TaskManagerSample } from '../model/index.js';
import {
  collectorMetricIds,
  isListDue,
  TASK_MANAGER_METRIC_IDS,
  taskManagerTurns,
  wantsTaskManagerPage,
} from '../plan/task-manager-turns.js';
import type { RoundContext } from './round-context.js';

/** Reads the list of TaskManagers where it is due, and those whose turn it is. */
export async function readTaskManagers(context: RoundContext): Promise<void> {
  const { round, requestsPerBeat } = context;
  const records = await presentTaskManagers(context);
  if (records === undefined) return;
  const ids = records.map((record) => record.taskManagerId);
  const turns = new Set(taskManagerTurns(ids, round, requestsPerBeat));
  await Promise.all(
    records.filter((record) => turns.has(record.taskManagerId)).map((record) => readOne(context, record)),
  );
}

/** Those that are there; undefined when the list could not be read. */
async function presentTaskManagers({
  client,
  cluster,
  clock,
  beatMs,
}: RoundContext): Promise<readonly TaskManagerRecord[] | undefined> {
  const { taskManagersListedMs: listedMs, changedMs } = cluster;
  if (!isListDue({ listedMs, changedMs, nowMs: clock.nowMs(), beatMs })) return cluster.presentTaskManagers;
  const reading = cluster.missing.note('/taskmanagers', await client.taskManagers());
  return reading.ok ? cluster.setTaskManagers(reading.value, reading.atMs) : undefined;
}

/** One request: its metrics. Its page, which tells the names of its garbage collectors, at first and now and then. */
async function readOne(context: RoundContext, record: TaskManagerRecord): Promise<void> {
  const { client, cluster, round } = context;
  const collectors = wantsTaskManagerPage(record.pageRound, round) ? undefined : record.collectorNames;
  const ids = [...TASK_MANAGER_METRIC_IDS, ...(collectors ?? []).flatMap(collectorMetricIds)];
  const metrics = await client.taskManagerMetrics(record.taskManagerId, ids);
  cluster.missing.note('/taskmanagers/:taskmanagerid/metrics', metrics);
  if (!metrics.ok) cluster.taskManagersListedMs = undefined;
  const values: MetricValues = metrics.ok ? metrics.value : new Map();
  const sample = collectors === undefined ? undefined : sampleOf(values, collectors, metrics.atMs);
  if (sample === undefined) await readPage(context, record, values);
  else keep(context, record, sample);
}

async function readPage(context: RoundContext, record: TaskManagerRecord, values: MetricValues): Promise<void> {
  const { client, cluster, round } = context;
  const details = await client.taskManager(record.taskManagerId);
  // One that left since the list is no failure: the next list will tell. Of one it does not know Flink answers no metrics, which is none either.
  if (!details.ok && details.failure.kind === 'not-found') {
    cluster.taskManagersListedMs = undefined;
    return;
  }
  cluster.missing.note('/taskmanagers/:taskmanagerid', details);
  if (!details.ok || details.value.sample === undefined) return;
  const { sample } = details.value;
  if (sample.collectors.length > 0) {
    record.collectorNames = sample.collectors.map(({ name }) => name);
    record.pageRound = round;
  }
  keep(context, record, { ...sample, ...commonFigures(values) });
}

function keep({ batch }: RoundContext, record: TaskManagerRecord, sample: TaskManagerSample): void {
  const rates = record.add(sample);
  if (rates !== undefined) batch.taskManager(record.taskManagerId, sample.atMs, rates);
}

/** A sample from metrics alone; undefined where one of them is not there: then the page must tell. */
function sampleOf(values: MetricValues, names: readonly string[], atMs: number): TaskManagerSample | undefined {
  const heapUsedBytes = positive(values, 'Status.JVM.Memory.Heap.Used');
  const collectors = names.flatMap((name) => {
    const [countId = '', timeId = ''] = collectorMetricIds(name);
    const count = toCount(values.get(countId));
    const timeMs = toCount(values.get(timeId));
    return count === undefined || timeMs === undefined ? [] : [{ name, count, timeMs }];
  });
  if (heapUsedBytes === undefined || collectors.length < names.length) return undefined;
  const networkSegmentsTotal = positive(values, 'Status.Shuffle.Netty.TotalMemorySegments');
  return {
    atMs,
    heapUsedBytes,
    collectors,
    ...defined<Partial<TaskManagerSample>>({
      heapMaxBytes: positive(values, 'Status.JVM.Memory.Heap.Max'),
      directUsedBytes: toCount(values.get('Status.JVM.Memory.Direct.MemoryUsed')),
      networkSegmentsTotal,
      networkSegmentsAvailable:
        networkSegmentsTotal === undefined
          ? undefined
          : toCount(values.get('Status.Shuffle.Netty.AvailableMemorySegments')),
    }),
    ...commonFigures(values),
  };
}

function positive(values: MetricValues, id: string): number | undefined {
  const value = toCount(values.get(id));
  return value === 0 ? undefined : value;
}

const NANOSECONDS_PER_SECOND = 1e9;

/** What only the metrics tell. */
function commonFigures(values: MetricValues): Partial<TaskManagerSample> {
  const cpuTimeNs = toCount(values.get('Status.JVM.CPU.Time'));
  return defined<Partial<TaskManagerSample>>({
    cpuLoadRatio: toCount(values.get('Status.JVM.CPU.Load')),
    cpuTimeSeconds: cpuTimeNs === undefined ? undefined : cpuTimeNs / NANOSECONDS_PER_SECOND,
    managedUsedBytes: toCount(values.get('Status.Flink.Memory.Managed.Used')),
    managedTotalBytes: toFigure(values.get('Status.Flink.Memory.Managed.Total')),
    metaspaceUsedBytes: toCount(values.get('Status.JVM.Memory.Metaspace.Used')),
    // −1 without a limit.
    metaspaceMaxBytes: toCount(values.get('Status.JVM.Memory.Metaspace.Max')),
  });
}
