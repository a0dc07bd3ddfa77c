import type { JobSim } from '../model/job-sim.js';
import type { TaskManagerState } from '../model/task-manager-sim.js';

export function taskManagerBody(job: JobSim, tm: TaskManagerState, nowMs: number): object {
  const used = job.vertices.reduce(
    (most, { subtasks }) =>
      Math.max(most, subtasks.filter(({ taskManager }) => job.taskManagers[taskManager] === tm).length),
    0,
  );
  const heapUsed = heapUsedOf(tm);
  const networkBytes = networkBytesOf(tm);
  const flinkBytes = tm.spec.heapBytes + tm.spec.managedBytes + networkBytes + OFF_HEAP_BYTES;
  return {
    id: tm.taskManagerId,
    path: `pekko.tcp://flink@${tm.host}:6122/user/rpc/taskmanager_0`,
    dataPort: 33117,
    jmxPort: -1,
    timeSinceLastHeartbeat: nowMs,
    slotsNumber: tm.spec.slots,
    freeSlots: Math.max(0, tm.spec.slots - used),
    totalResource: {},
    freeResource: {},
    hardware: {
      cpuCores: tm.spec.cpuCores,
      physicalMemory: 16 * 2 ** 30,
      freeMemory: tm.spec.heapBytes,
      managedMemory: tm.spec.managedBytes,
    },
    memoryConfiguration: {
      frameworkHeap: FRAMEWORK_HEAP_BYTES,
      taskHeap: tm.spec.heapBytes - FRAMEWORK_HEAP_BYTES,
      frameworkOffHeap: OFF_HEAP_BYTES,
      taskOffHeap: 0,
      networkMemory: networkBytes,
      managedMemory: tm.spec.managedBytes,
      jvmMetaspace: METASPACE_BYTES,
      jvmOverhead: OVERHEAD_BYTES,
      totalFlinkMemory: flinkBytes,
      totalProcessMemory: flinkBytes + METASPACE_BYTES + OVERHEAD_BYTES,
    },
    allocatedSlots: [],
    metrics: {
      heapUsed,
      heapCommitted: tm.spec.heapBytes,
      heapMax: tm.spec.heapBytes,
      nonHeapUsed: 70_000_000,
      nonHeapCommitted: 72_000_000,
      nonHeapMax: 738_197_504,
      directUsed: networkBytes,
      directMax: networkBytes + OFF_HEAP_BYTES,
      mappedCount: 0,
      mappedUsed: 0,
      mappedMax: 0,
      nettyShuffleMemorySegmentsAvailable: segmentsOf(tm) - SEGMENTS_USED,
      nettyShuffleMemorySegmentsTotal: segmentsOf(tm),
      garbageCollectors: [
        { name: 'All', count: tm.collections, time: Math.round(tm.collectionMs) },
        { name: 'G1_Young_Generation', count: tm.collections, time: Math.round(tm.collectionMs) },
        { name: 'G1_Old_Generation', count: 0, time: 0 },
      ],
    },
  };
}

const MIB = 2 ** 20;
const FRAMEWORK_HEAP_BYTES = 128 * MIB;
const OFF_HEAP_BYTES = 128 * MIB;
const NETWORK_BYTES = 64 * MIB;
const SEGMENT_BYTES = 32 * 1024;
const SEGMENTS_USED = 48;
const METASPACE_BYTES = 256 * MIB;
const OVERHEAD_BYTES = 192 * MIB;

const networkBytesOf = ({ spec }: TaskManagerState): number => spec.networkBytes ?? NETWORK_BYTES;
const segmentsOf = (tm: TaskManagerState): number => Math.floor(networkBytesOf(tm) / SEGMENT_BYTES);

const heapUsedOf = (tm: TaskManagerState): number =>
  Math.round(Math.min(tm.spec.heapBytes, tm.liveBytes + tm.garbageBytes));

export function taskManagerMetric(tm: TaskManagerState, id: string): string | undefined {
  switch (id) {
    case 'Status.JVM.CPU.Time':
      return String(Math.round(tm.cpuSeconds * 1e9));
    case 'Status.Flink.Memory.Managed.Used':
    case 'Status.Flink.Memory.Managed.Total':
      // RocksDB takes its whole budget when it opens.
      return String(tm.spec.managedBytes);
    case 'Status.JVM.Memory.Heap.Used':
      return String(heapUsedOf(tm));
    case 'Status.JVM.Memory.Heap.Max':
      return String(tm.spec.heapBytes);
    case 'Status.JVM.Memory.Direct.MemoryUsed':
      return String(networkBytesOf(tm));
    case 'Status.Shuffle.Netty.AvailableMemorySegments':
      return String(segmentsOf(tm) - SEGMENTS_USED);
    case 'Status.Shuffle.Netty.TotalMemorySegments':
      return String(segmentsOf(tm));
    case 'Status.JVM.GarbageCollector.G1_Young_Generation.Count':
      return String(tm.collections);
    case 'Status.JVM.GarbageCollector.G1_Young_Generation.Time':
      return String(Math.round(tm.collectionMs));
    case 'Status.JVM.GarbageCollector.G1_Old_Generation.Count':
    case 'Status.JVM.GarbageCollector.G1_Old_Generation.Time':
      return '0';
    case 'Status.JVM.Memory.Metaspace.Used':
      return '68000000';
    case 'Status.JVM.Memory.Metaspace.Max':
      return String(METASPACE_BYTES);
    default:
      return undefined;
  }
}
