import { z } from 'zod';
import { defined, type GarbageCollector, type TaskManager, type TaskManagerSample } from '../../model/index.js';
import { fromSchema, type Decoded } from './body.decode.js';
import { count, countOrZero, optionalText, timestampOrZero } from './fields.decode.js';

const memory = z
  .object({
    frameworkHeap: count,
    taskHeap: count,
    frameworkOffHeap: count,
    taskOffHeap: count,
    networkMemory: count,
    managedMemory: count,
    jvmMetaspace: count,
    jvmOverhead: count,
    totalFlinkMemory: count,
    totalProcessMemory: count,
  })
  .nullish()
  .transform((raw) =>
    defined<TaskManager['memory']>({
      frameworkHeapBytes: raw?.frameworkHeap,
      taskHeapBytes: raw?.taskHeap,
      frameworkOffHeapBytes: raw?.frameworkOffHeap,
      taskOffHeapBytes: raw?.taskOffHeap,
      networkBytes: raw?.networkMemory,
      managedBytes: raw?.managedMemory,
      jvmMetaspaceBytes: raw?.jvmMetaspace,
      jvmOverheadBytes: raw?.jvmOverhead,
      totalFlinkBytes: raw?.totalFlinkMemory,
      totalProcessBytes: raw?.totalProcessMemory,
    }),
  );

const fields = {
  id: z.string().min(1),
  path: optionalText,
  timeSinceLastHeartbeat: timestampOrZero,
  slotsNumber: countOrZero,
  freeSlots: countOrZero,
  hardware: z.object({ cpuCores: countOrZero, physicalMemory: count }),
  memoryConfiguration: memory,
};
const manager = z.object(fields);

/** `pekko.tcp://flink@host:port/…` holds the host; an id is often `host:port-xxxxxx`, but may be a pod's name. */
function hostOf(path: string | undefined, id: string): string {
  return /@([^/]+):\d+/.exec(path ?? '')?.[1] ?? id.split(':', 1)[0] ?? id;
}

function toManager(raw: z.infer<typeof manager>): TaskManager {
  return defined<TaskManager>({
    taskManagerId: raw.id,
    host: hostOf(raw.path, raw.id),
    slots: raw.slotsNumber,
    slotsFree: raw.freeSlots,
    // Despite its name this is the time of the last heartbeat.
    lastHeartbeatMs: raw.timeSinceLastHeartbeat,
    cpuCores: raw.hardware.cpuCores,
    physicalMemoryBytes: raw.hardware.physicalMemory,
    memory: raw.memoryConfiguration,
  });
}

/** `GET /taskmanagers` */
export const decodeTaskManagers = fromSchema<readonly TaskManager[]>(
  z.object({ taskmanagers: z.array(manager) }).transform((raw) => raw.taskmanagers.map(toManager)),
);

const collector = z.object({ name: z.string(), count: countOrZero, time: countOrZero });

const metrics = z
  .object({
    heapUsed: count,
    heapMax: count,
    directUsed: count,
    nettyShuffleMemorySegmentsAvailable: count,
    nettyShuffleMemorySegmentsTotal: count,
    garbageCollectors: z.array(collector).nullish(),
  })
  .nullish();

const decodeDetails = fromSchema(z.object({ ...fields, metrics }));

/** A TaskManager with the first half of a sample; CPU, metaspace and managed memory come from its metrics. */
export interface TaskManagerDetails {
  readonly taskManager: TaskManager;
  /** Missing until Flink has fetched the first metrics of this process. */
  readonly sample?: TaskManagerSample;
}

/** `GET /taskmanagers/:taskmanagerid`, read at `atMs`. */
export function decodeTaskManagerDetails(body: unknown, atMs: number): Decoded<TaskManagerDetails> {
  const decoded = decodeDetails(body);
  if (!decoded.ok) return decoded;
  const raw = decoded.value;
  const sample = toSample(raw.metrics, atMs);
  return { ok: true, value: defined<TaskManagerDetails>({ taskManager: toManager(raw), sample }) };
}

/** Flink writes 0 for a metric it does not have, so a JVM without a heap is one without metrics. */
function toSample(raw: z.infer<typeof metrics>, atMs: number): TaskManagerSample | undefined {
  if (raw?.heapUsed === undefined || raw.heapUsed === 0) return undefined;
  const segments = positive(raw.nettyShuffleMemorySegmentsTotal);
  return defined<TaskManagerSample>({
    atMs,
    heapUsedBytes: raw.heapUsed,
    heapMaxBytes: positive(raw.heapMax),
    directUsedBytes: raw.directUsed,
    networkSegmentsTotal: segments,
    networkSegmentsAvailable: segments === undefined ? undefined : raw.nettyShuffleMemorySegmentsAvailable,
    collectors: (raw.garbageCollectors ?? []).filter((one) => one.name !== 'All').map(toCollector),
    metaspaceUsedBytes: undefined,
    metaspaceMaxBytes: undefined,
    managedUsedBytes: undefined,
    managedTotalBytes: undefined,
    cpuLoadRatio: undefined,
    cpuTimeSeconds: undefined,
  });
}

const positive = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

const toCollector = (raw: z.infer<typeof collector>): GarbageCollector => ({
  name: raw.name.replaceAll(' ', '_'),
  count: raw.count,
  timeMs: raw.time,
});
