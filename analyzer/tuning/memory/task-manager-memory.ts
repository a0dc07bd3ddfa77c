import type { FlinkVersion } from '../../../collector/model/index.js';
import { readDouble, readInteger, LONG_MAX } from '../values/java-numbers.js';
import { add, readMemorySize, showReadably } from '../values/memory-size.js';
import { prefixed, Refusal } from '../values/refusal.js';
import { withLegacyHeap } from './legacy-heap.js';
import { isSet, readSet, setValue, type Configuration, type ConfigOption } from '../values/configuration.js';
import { sizeOf, type Deployment } from './options.js';
import {
  checkedRange,
  deriveProcessMemory,
  illegal,
  mustBeWithin,
  rangeOf,
  shareBeside,
  shareOf,
  type FlinkMemoryModel,
  type FractionOptions,
  type Range,
} from './process-memory.js';

/** Bytes; `null` where the flag is not set. The names of the golden vectors. */
export interface TaskManagerMemory {
  readonly frameworkHeap: bigint;
  readonly taskHeap: bigint;
  readonly frameworkOffHeap: bigint;
  readonly taskOffHeap: bigint;
  readonly network: bigint;
  readonly managed: bigint;
  readonly metaspace: bigint;
  readonly overhead: bigint;
  readonly flink: bigint;
  readonly process: bigint;
  readonly xmx: bigint;
  readonly xms: bigint;
  readonly maxDirect: bigint;
  readonly maxMetaspace: bigint;
}

const MEMORY = 'taskmanager.memory.';
const FLINK: ConfigOption = { key: `${MEMORY}flink.size` };
const PROCESS: ConfigOption = { key: `${MEMORY}process.size` };
const FRAMEWORK_HEAP: ConfigOption = { key: `${MEMORY}framework.heap.size`, default: '128 mb' };
const FRAMEWORK_OFF_HEAP: ConfigOption = { key: `${MEMORY}framework.off-heap.size`, default: '128 mb' };
const TASK_HEAP: ConfigOption = { key: `${MEMORY}task.heap.size` };
const TASK_OFF_HEAP: ConfigOption = { key: `${MEMORY}task.off-heap.size`, default: '0 bytes' };
const MANAGED: ConfigOption = { key: `${MEMORY}managed.size`, deprecated: ['taskmanager.memory.size'] };
const MANAGED_FRACTION: ConfigOption = { key: `${MEMORY}managed.fraction`, default: '0.4' };
const METASPACE: ConfigOption = { key: `${MEMORY}jvm-metaspace.size`, default: '256 mb' };
const OVERHEAD: FractionOptions = {
  min: { key: `${MEMORY}jvm-overhead.min`, default: '192 mb' },
  max: { key: `${MEMORY}jvm-overhead.max`, default: '1 gb' },
  fraction: { key: `${MEMORY}jvm-overhead.fraction`, default: '0.1' },
};
const NETWORK_MIN: ConfigOption = {
  key: `${MEMORY}network.min`,
  deprecated: ['taskmanager.network.memory.min'],
  default: '64 mb',
};
const NETWORK_MAX: ConfigOption = { key: `${MEMORY}network.max`, deprecated: ['taskmanager.network.memory.max'] };
const NETWORK_FRACTION: ConfigOption = {
  key: `${MEMORY}network.fraction`,
  deprecated: ['taskmanager.network.memory.fraction'],
  default: '0.1',
};
const NETWORK_BUFFERS: ConfigOption = { key: 'taskmanager.network.numberOfBuffers' };
const SEGMENT: ConfigOption = { key: `${MEMORY}segment-size`, default: '32 kb' };
const SLOTS: ConfigOption = { key: 'taskmanager.numberOfTaskSlots' };
const CORES: ConfigOption = { key: 'taskmanager.cpu.cores' };

interface Parts {
  readonly frameworkHeap: bigint;
  readonly frameworkOffHeap: bigint;
  readonly taskHeap: bigint;
  readonly taskOffHeap: bigint;
  readonly managed: bigint;
  readonly network: bigint;
}

const total = (parts: Parts): bigint =>
  add(parts.frameworkHeap, parts.frameworkOffHeap, parts.taskHeap, parts.taskOffHeap, parts.network, parts.managed);

/** `TaskExecutorProcessUtils`: memory and slots of a TaskManager. @throws Refusal where Flink refuses */
export function deriveTaskManagerMemory(
  configuration: Configuration,
  version: FlinkVersion,
  deployment: Deployment,
): { readonly memory: TaskManagerMemory; readonly slots: number } {
  const mapped = prefixed('TaskManager failed to map legacy JVM heap option to the new one: ', () =>
    withLegacyHeap(configuration, version, 'taskmanager', deployment === 'container' ? PROCESS : FLINK),
  );
  return prefixed('TaskManager memory configuration failed: ', () => {
    const { parts, flinkBytes, metaspaceBytes, overheadBytes, processBytes } = deriveProcessMemory(
      mapped,
      {
        fineGrained: [TASK_HEAP, MANAGED],
        flink: FLINK,
        process: PROCESS,
        metaspace: METASPACE,
        overhead: OVERHEAD,
      },
      flinkMemory(version),
    );
    const slots = readSet(mapped, SLOTS, readInteger) ?? 1;
    if ((readSet(mapped, CORES, readDouble) ?? slots) <= 0)
      throw illegal(
        'TaskExecutors need to be started with a positive number of CPU cores. Please configure taskmanager.cpu.cores accordingly.',
      );
    const heap = add(parts.frameworkHeap, parts.taskHeap);
    return {
      memory: {
        frameworkHeap: parts.frameworkHeap,
        taskHeap: parts.taskHeap,
        frameworkOffHeap: parts.frameworkOffHeap,
        taskOffHeap: parts.taskOffHeap,
        network: parts.network,
        managed: parts.managed,
        metaspace: metaspaceBytes,
        overhead: overheadBytes,
        flink: flinkBytes,
        process: processBytes,
        xmx: heap,
        xms: heap,
        maxDirect: add(parts.frameworkOffHeap, parts.taskOffHeap, parts.network),
        maxMetaspace: metaspaceBytes,
      },
      slots,
    };
  });
}

/** `TaskExecutorFlinkMemoryUtils`. */
function flinkMemory(version: FlinkVersion): FlinkMemoryModel<Parts> {
  const network: FractionOptions = {
    min: NETWORK_MIN,
    max: { ...NETWORK_MAX, default: networkMaxDefault(version) },
    fraction: NETWORK_FRACTION,
  };
  return {
    total,
    fromFineGrained: (configuration) => {
      const taskHeap = sizeOf(configuration, TASK_HEAP);
      const managed = sizeOf(configuration, MANAGED);
      const parts = { taskHeap, managed, ...fixedParts(configuration) };
      if (isSet(configuration, FLINK))
        return withRestForNetwork(configuration, version, network, parts, sizeOf(configuration, FLINK));
      const buffers = legacyBuffers(configuration, version);
      const others = total({ ...parts, network: 0n });
      return { ...parts, network: buffers ?? shareBeside(others, rangeOf(configuration, network)) };
    },
    fromTotal: (configuration, flinkBytes) => {
      const fixed = fixedParts(configuration);
      if (isSet(configuration, TASK_HEAP)) {
        const taskHeap = sizeOf(configuration, TASK_HEAP);
        const parts = { ...fixed, taskHeap, managed: managedOf(configuration, flinkBytes) };
        return withRestForNetwork(configuration, version, network, parts, flinkBytes);
      }
      const managed = managedOf(configuration, flinkBytes);
      const networkBytes =
        legacyBuffers(configuration, version) ?? shareOf(flinkBytes, rangeOf(configuration, network));
      const parts = { ...fixed, managed, network: networkBytes };
      const others = total({ ...parts, taskHeap: 0n });
      if (others > flinkBytes)
        throw illegal(
          `Sum of configured Framework Heap Memory (${showReadably(fixed.frameworkHeap)}), ` +
            `Framework Off-Heap Memory (${showReadably(fixed.frameworkOffHeap)}), ` +
            `Task Off-Heap Memory (${showReadably(fixed.taskOffHeap)}), Managed Memory (${showReadably(managed)}) ` +
            `and Network Memory (${showReadably(networkBytes)}) exceed configured Total Flink Memory ` +
            `(${showReadably(flinkBytes)}).`,
        );
      return { ...parts, taskHeap: flinkBytes - others };
    },
  };
}

const fixedParts = (
  configuration: Configuration,
): Pick<Parts, 'frameworkHeap' | 'frameworkOffHeap' | 'taskOffHeap'> => ({
  frameworkHeap: sizeOf(configuration, FRAMEWORK_HEAP),
  frameworkOffHeap: sizeOf(configuration, FRAMEWORK_OFF_HEAP),
  taskOffHeap: sizeOf(configuration, TASK_OFF_HEAP),
});

function managedOf(configuration: Configuration, flinkBytes: bigint): bigint {
  return isSet(configuration, MANAGED)
    ? sizeOf(configuration, MANAGED)
    : shareOf(flinkBytes, checkedRange(configuration, MANAGED_FRACTION, 0n, LONG_MAX));
}

/** Heap and managed memory are given: the network gets what is left, which must fit its own options. */
function withRestForNetwork(
  configuration: Configuration,
  version: FlinkVersion,
  options: FractionOptions,
  parts: Omit<Parts, 'network'>,
  flinkBytes: bigint,
): Parts {
  const others = total({ ...parts, network: 0n });
  if (others > flinkBytes)
    throw illegal(
      `Sum of configured Framework Heap Memory (${showReadably(parts.frameworkHeap)}), ` +
        `Framework Off-Heap Memory (${showReadably(parts.frameworkOffHeap)}), ` +
        `Task Heap Memory (${showReadably(parts.taskHeap)}), Task Off-Heap Memory ` +
        `(${showReadably(parts.taskOffHeap)}) and Managed Memory (${showReadably(parts.managed)}) exceed configured ` +
        `Total Flink Memory (${showReadably(flinkBytes)}).`,
    );
  const network = flinkBytes - others;
  try {
    mustFitNetwork(configuration, version, options, network);
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'IllegalConfigurationException') throw error;
    throw illegal(
      'If Total Flink, Task Heap and (or) Managed Memory sizes are explicitly configured then the Network Memory size is ' +
        'the rest of the Total Flink memory after subtracting all other configured types of memory, but the derived ' +
        'Network Memory is inconsistent with its configuration.',
      error,
    );
  }
  return { ...parts, network };
}

function mustFitNetwork(
  configuration: Configuration,
  version: FlinkVersion,
  options: FractionOptions,
  bytes: bigint,
): void {
  const buffers = legacyBuffers(configuration, version);
  if (buffers === undefined) {
    const range: Range = rangeOf(configuration, options);
    mustBeWithin('Network Memory', bytes, range);
  } else if (buffers !== bytes) {
    throw illegal(
      `Derived Network Memory size (${showReadably(bytes)}) does not match configured Network Memory size ` +
        `(${showReadably(buffers)}).`,
    );
  }
}

/** Network memory by a number of buffers: read by 1.x where no size or fraction of the network is set. */
function legacyBuffers(configuration: Configuration, version: FlinkVersion): bigint | undefined {
  const anySize = [NETWORK_MIN, NETWORK_MAX, NETWORK_FRACTION].some((option) => isSet(configuration, option));
  if (version.major >= 2 || anySize || setValue(configuration, NETWORK_BUFFERS) === undefined) return undefined;
  const buffers = readSet(configuration, NETWORK_BUFFERS, readInteger) ?? 0;
  return BigInt(buffers) * (readSet(configuration, SEGMENT, readMemorySize) ?? readMemorySize(SEGMENT.default ?? ''));
}

/** `taskmanager.memory.network.max` is 1 GiB up to 1.16 and has no limit from 1.17 (release notes of 1.17, FLINK-30474). */
function networkMaxDefault({ major, minor }: FlinkVersion): string {
  return major === 1 && minor < 17 ? '1 gb' : `${LONG_MAX} bytes`;
}
