import { defined, type TaskManagerHistory, type TaskManagerSample } from '../../collector/model/index.js';
import { MIB, secondsOf, START_MS, type JobSpec, type TaskManagerSpec } from './job-spec.js';

/** A TaskManager of Flink's default size (1728 MiB: 512 heap, 512 managed), quiet unless told otherwise. */
export function buildTaskManager(taskManager: TaskManagerSpec, index: number, spec: JobSpec): TaskManagerHistory {
  const startMs = spec.startMs ?? START_MS;
  const { goneAt, slots = 4 } = taskManager;
  const seconds = secondsOf(spec).filter((at) => goneAt === undefined || at < goneAt);
  const lastMs = startMs + (seconds.at(-1) ?? 0) * 1000;
  return {
    taskManagerId: `tm-${index + 1}`,
    host: taskManager.host ?? `host-${index + 1}`,
    slots,
    slotsFree: taskManager.slotsFree ?? 0,
    lastHeartbeatMs: lastMs,
    cpuCores: taskManager.hostCores ?? 2,
    memory: { totalProcessBytes: (taskManager.processMib ?? 1728) * MIB },
    samples: seconds.map((at, i) => sampleAt(taskManager, at, i, startMs)),
    firstSeenMs: startMs,
    lastSeenMs: lastMs,
    ...(goneAt === undefined ? {} : { goneMs: startMs + goneAt * 1000 }),
  };
}

function sampleAt(taskManager: TaskManagerSpec, seconds: number, i: number, startMs: number): TaskManagerSample {
  if (taskManager.silent === true) return { atMs: startMs + seconds * 1000, collectors: [] };
  const { heap = { low: 60, high: 200, max: 512 }, managed = { used: 0, total: 512 }, cores = 0.05 } = taskManager;
  const { gcRatio = 0.001, youngPerSecond = 0.05, fullPerSecond = 0, metaspace } = taskManager;
  // A saw tooth: two of three readings rise, the third is a trough.
  const used = heap.low + ((heap.high - heap.low) * (i % 3)) / 2;
  return defined<TaskManagerSample>({
    atMs: startMs + seconds * 1000,
    heapUsedBytes: (taskManager.heapAt?.(seconds) ?? used) * MIB,
    heapMaxBytes: heap.max * MIB,
    metaspaceUsedBytes:
      metaspace === undefined ? undefined : (taskManager.metaspaceAt?.(seconds) ?? metaspace.used) * MIB,
    metaspaceMaxBytes: metaspace === undefined ? undefined : metaspace.size * MIB,
    directUsedBytes: undefined,
    managedUsedBytes: managed.used * MIB,
    managedTotalBytes: managed.total * MIB,
    networkSegmentsAvailable: taskManager.buffers?.free,
    networkSegmentsTotal: taskManager.buffers?.total,
    collectors: taskManager.collectorsAt?.(seconds) ?? [
      {
        name: taskManager.collector ?? 'G1_Young_Generation',
        count: Math.round(youngPerSecond * seconds),
        timeMs: Math.round(gcRatio * seconds * 1000),
      },
      { name: 'G1_Old_Generation', count: Math.round(fullPerSecond * seconds), timeMs: 0 },
    ],
    cpuLoadRatio: undefined,
    cpuTimeSeconds: cores === 'unknown' ? undefined : cores * seconds,
  });
}
