import { parseMemorySize } from './memory-size.js';

/**
 * Flink's TaskManager memory model for a total process size (FLIP-49, `TaskExecutorProcessUtils`): how the process
 * is cut into heap, managed, network and the rest. All values in bytes.
 */
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
/** Flink reads fractions as 32-bit floats: 0.1 is 0.10000000149…, and the byte results depend on it. */
const fraction = (value: number): number => Math.fround(value);

/** `MemorySize.multiply`: exact decimal arithmetic over the shortest text of the number, then cut to whole bytes. */
function multiply(bytes: number, ratio: number): number {
  const [, whole = '0', decimals = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/.exec(String(ratio)) ?? [];
  const places = decimals.length - Number(exponent);
  const digits = BigInt(whole + decimals) * BigInt(bytes);
  return Number(places >= 0 ? digits / 10n ** BigInt(places) : digits * 10n ** BigInt(-places));
}

const PREFIX = 'taskmanager.memory.';

/** Reads one size option, or Flink's default. */
function size(config: Readonly<Record<string, string>>, key: string, otherwise: number): number {
  const value = config[PREFIX + key];
  return (value === undefined ? undefined : parseMemorySize(value)) ?? otherwise;
}

function share(config: Readonly<Record<string, string>>, key: string, otherwise: number): number {
  // Java also takes `0.1f`.
  const value = Number((config[PREFIX + key] ?? '').replace(/[fd]$/i, ''));
  return fraction(config[PREFIX + key] === undefined || Number.isNaN(value) ? otherwise : value);
}

/** Undefined where the lower bound lies above the upper one: Flink refuses that. */
function capped(base: number, ratio: number, low: number, high: number): number | undefined {
  return low > high ? undefined : Math.min(high, Math.max(low, multiply(base, ratio)));
}

/** Undefined when the parts do not fit into the process, where Flink would refuse to start. */
export function budgetFor(
  processBytes: number,
  config: Readonly<Record<string, string>>,
  networkMaxBytes: number,
): TaskManagerBudget | undefined {
  const metaspaceBytes = size(config, 'jvm-metaspace.size', 256 * MIB);
  const overheadBytes = capped(
    processBytes,
    share(config, 'jvm-overhead.fraction', 0.1),
    size(config, 'jvm-overhead.min', 192 * MIB),
    size(config, 'jvm-overhead.max', 1024 * MIB),
  );
  if (overheadBytes === undefined) return undefined;
  const flinkBytes = processBytes - metaspaceBytes - overheadBytes;
  if (flinkBytes < 0) return undefined;
  const frameworkHeapBytes = size(config, 'framework.heap.size', 128 * MIB);
  const frameworkOffHeapBytes = size(config, 'framework.off-heap.size', 128 * MIB);
  const taskOffHeapBytes = size(config, 'task.off-heap.size', 0);
  const managedBytes = size(
    config,
    'managed.size',
    multiply(Math.max(0, flinkBytes), share(config, 'managed.fraction', 0.4)),
  );
  const networkBytes = capped(
    flinkBytes,
    share(config, 'network.fraction', 0.1),
    size(config, 'network.min', 64 * MIB),
    size(config, 'network.max', networkMaxBytes),
  );
  if (networkBytes === undefined) return undefined;
  const taskHeapBytes =
    flinkBytes - frameworkHeapBytes - frameworkOffHeapBytes - taskOffHeapBytes - managedBytes - networkBytes;
  if (taskHeapBytes < 0) return undefined;
  return {
    processBytes,
    flinkBytes,
    taskHeapBytes,
    frameworkHeapBytes,
    managedBytes,
    networkBytes,
    frameworkOffHeapBytes,
    taskOffHeapBytes,
    metaspaceBytes,
    overheadBytes,
  };
}

/** `network.max` is 1 GiB up to 1.16 and unlimited from 1.17. */
export function networkMaxBytesOf(version: { readonly major: number; readonly minor: number } | undefined): number {
  const limited = version !== undefined && version.major === 1 && version.minor < 17;
  return limited ? 1024 * MIB : Number.MAX_SAFE_INTEGER;
}

/** The smallest process size, in whole MiB, that leaves this much heap (framework + task) to the JVM. */
export function processSizeForHeap(
  heapBytes: number,
  config: Readonly<Record<string, string>>,
  networkMaxBytes: number,
): number | undefined {
  const fits = (mib: number): boolean => {
    const budget = budgetFor(mib * MIB, config, networkMaxBytes);
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
