import type { JobSim } from '../model/job-sim.js';
import type { TaskManagerState } from '../model/task-manager-sim.js';

export function taskManagerBody(job: JobSim, tm: TaskManagerState, nowMs: number): object {
  const used = job.vertices.reduce(
    (most, { subtasks }) =>
      Math.max(most, subtasks.filter(({ taskManager }) => job.taskManagers[taskManager] === tm).length),
    0,
  );
  const heapUsed = heapUsedOf(tm);
  const flinkBytes = tm.spec.heapBytes + tm.spec.managedBytes + NETWORK_BYTES + OFF_HEAP_BYTES;
  return {
    id: tm.taskManagerId,
    path: `pekko.tcp://flink@127.0.0.1:6200/user/rpc/taskmanager_0`,
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
      networkMemory: NETWORK_BYTES,
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
      directUsed: NETWORK_BYTES,
      directMax: NETWORK_BYTES + OFF_HEAP_BYTES,
      mappedCount: 0,
      mappedUsed: 0,
      mappedMax: 0,
      nettyShuffleMemorySegmentsAvailable: 2000,
      nettyShuffleMemorySegmentsTotal: 2048,
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
const METASPACE_BYTES = 256 * MIB;
const OVERHEAD_BYTES = 192 * MIB;

const heapUsedOf = (tm: TaskManagerState): number =>
  Math.round(Math.min(tm.spec.heapBytes, tm.spec.liveBytes + tm.garbageBytes));

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
      return String(NETWORK_BYTES);
    case 'Status.Shuffle.Netty.AvailableMemorySegments':
      return '2000';
    case 'Status.Shuffle.Netty.TotalMemorySegments':
      return '2048';
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
