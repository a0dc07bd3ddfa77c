import type { FlinkVersion } from '../../../collector/model/index.js';
import { taskManagerMemory } from './memory.js';
import type { Configuration } from '../values/configuration.js';
import { NEWEST_FLINK } from '../values/flink-version.js';

/** How Flink cuts a TaskManager's process of a given size. Bytes. */
export interface TaskManagerBudget {
  readonly processBytes: number;
  readonly flinkBytes: number;
  readonly taskHeapBytes: number;
  readonly frameworkHeapBytes: number;
  readonly managedBytes: number;
  readonly networkBytes: number;
  readonly frameworkOffHeapBytes: number;
  readonly taskOffHeapBytes: number;
  readonly metaspaceBytes: number;
  readonly overheadBytes: number;
}

const MIB = 1024 * 1024;

/** Options that give a size by another way than the process: advice on the process is given without them. */
const OTHER_WAYS = new Set([
  'taskmanager.memory.flink.size',
  'taskmanager.memory.task.heap.size',
  'taskmanager.heap.size',
  'taskmanager.heap.mb',
]);

/** Undefined where Flink would refuse to start. */
export function budgetFor(
  processBytes: number,
  configuration: Configuration,
  version: FlinkVersion | undefined,
): TaskManagerBudget | undefined {
  const others = Object.entries(configuration).filter(([key]) => !OTHER_WAYS.has(key));
  const sized = { ...Object.fromEntries(others), 'taskmanager.memory.process.size': `${processBytes} bytes` };
  const answer = taskManagerMemory(sized, version ?? NEWEST_FLINK);
  if (!answer.ok) return undefined;
  const { memory } = answer.value;
  return {
    processBytes: Number(memory.process),
    flinkBytes: Number(memory.flink),
    taskHeapBytes: Number(memory.taskHeap),
    frameworkHeapBytes: Number(memory.frameworkHeap),
    managedBytes: Number(memory.managed),
    networkBytes: Number(memory.network),
    frameworkOffHeapBytes: Number(memory.frameworkOffHeap),
    taskOffHeapBytes: Number(memory.taskOffHeap),
    metaspaceBytes: Number(memory.metaspace),
    overheadBytes: Number(memory.overhead),
  };
}

/** The smallest process size, in whole MiB, that leaves this much heap (framework + task) to the JVM. */
export function processSizeForHeap(
  heapBytes: number,
  configuration: Configuration,
  version: FlinkVersion | undefined,
): number | undefined {
  const fits = (mib: number): boolean => {
    const budget = budgetFor(mib * MIB, configuration, version);
    return budget !== undefined && budget.taskHeapBytes + budget.frameworkHeapBytes >= heapBytes;
  };
  let low = 1;
  let high = 1024;
  while (!fits(high)) {
    low = high;
    high *= 2;
    if (high > PROCESS_MIB_MAX) return undefined;
  }
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high * MIB;
}

/** 4 TiB: beyond any TaskManager; ends the search when a configuration can never fit. */
const PROCESS_MIB_MAX = 4 * 1024 * 1024;
