import { toCount, toFigure } from '../flink/decode/fields.decode.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { TaskManagerRecord } from '../history/task-manager-record.js';
import { defined, type TaskManagerSample } from '../model/index.js';
import { TASK_MANAGER_METRIC_IDS, taskManagerTurns } from '../plan/task-manager-turns.js';
import type { RoundContext } from './round-context.js';

/** Reads the list of TaskManagers, and those whose turn it is. */
export async function readTaskManagers(context: RoundContext): Promise<void> {
  const { client, cluster, round, requestsPerBeat } = context;
  const reading = cluster.missing.note('/taskmanagers', await client.taskManagers());
  if (!reading.ok) return;
  const records = cluster.setTaskManagers(reading.value, reading.atMs);
  const ids = records.map((record) => record.taskManagerId);
  const turns = new Set(taskManagerTurns(ids, round, requestsPerBeat));
  await Promise.all(
    records.filter((record) => turns.has(record.taskManagerId)).map((record) => readOne(context, record)),
  );
}

async function readOne(context: RoundContext, record: TaskManagerRecord): Promise<void> {
  const { client, cluster, batch } = context;
  const [details, metrics] = await Promise.all([
    client.taskManager(record.taskManagerId),
    client.taskManagerMetrics(record.taskManagerId, TASK_MANAGER_METRIC_IDS),
  ]);
  cluster.missing.note('/taskmanagers/:taskmanagerid/metrics', metrics);
  // One that left between the list and its page is no failure: the next list will tell.
  if (!details.ok && details.failure.kind === 'not-found') return;
  cluster.missing.note('/taskmanagers/:taskmanagerid', details);
  if (!details.ok || details.value.sample === undefined) return;
  const sample = withMetrics(details.value.sample, metrics.ok ? metrics.value : new Map());
  const rates = record.add(sample);
  if (rates !== undefined) batch.taskManager(record.taskManagerId, sample.atMs, rates);
}

const NANOSECONDS_PER_SECOND = 1e9;

function withMetrics(sample: TaskManagerSample, values: MetricValues): TaskManagerSample {
  const cpuTimeNs = toCount(values.get('Status.JVM.CPU.Time'));
  return {
    ...sample,
    ...defined<Partial<TaskManagerSample>>({
      cpuLoadRatio: toCount(values.get('Status.JVM.CPU.Load')),
      cpuTimeSeconds: cpuTimeNs === undefined ? undefined : cpuTimeNs / NANOSECONDS_PER_SECOND,
      managedUsedBytes: toCount(values.get('Status.Flink.Memory.Managed.Used')),
      managedTotalBytes: toFigure(values.get('Status.Flink.Memory.Managed.Total')),
      metaspaceUsedBytes: toCount(values.get('Status.JVM.Memory.Metaspace.Used')),
      // −1 without a limit.
      metaspaceMaxBytes: toCount(values.get('Status.JVM.Memory.Metaspace.Max')),
    }),
  };
}
