import type { FlinkVersion } from '../../../collector/model/index.js';
import { readBoolean } from '../values/java-numbers.js';
import { add, showReadably } from '../values/memory-size.js';
import { prefixed } from '../values/refusal.js';
import { withLegacyHeap } from './legacy-heap.js';
import { isSet, readSet, type Configuration, type ConfigOption } from '../values/configuration.js';
import { sizeOf, type Deployment } from './options.js';
import { deriveProcessMemory, illegal, type FlinkMemoryModel } from './process-memory.js';

/** Bytes; `null` where the flag is not set. The names of the golden vectors. */
export interface JobManagerMemory {
  readonly heap: bigint;
  readonly offHeap: bigint;
  readonly metaspace: bigint;
  readonly overhead: bigint;
  readonly flink: bigint;
  readonly process: bigint;
  readonly xmx: bigint;
  readonly xms: bigint;
  /** Only with `jobmanager.memory.enable-jvm-direct-memory-limit`. */
  readonly maxDirect: bigint | null;
  readonly maxMetaspace: bigint;
}

const MEMORY = 'jobmanager.memory.';
const FLINK: ConfigOption = { key: `${MEMORY}flink.size` };
const PROCESS: ConfigOption = { key: `${MEMORY}process.size` };
const HEAP: ConfigOption = { key: `${MEMORY}heap.size` };
const OFF_HEAP: ConfigOption = { key: `${MEMORY}off-heap.size`, default: '128 mb' };
const LIMIT_DIRECT: ConfigOption = { key: `${MEMORY}enable-jvm-direct-memory-limit` };

interface Parts {
  readonly heap: bigint;
  readonly offHeap: bigint;
}

/** `JobManagerProcessUtils`. @throws Refusal where Flink refuses */
export function deriveJobManagerMemory(
  configuration: Configuration,
  version: FlinkVersion,
  deployment: Deployment,
): JobManagerMemory {
  // 2.x has no legacy options to map, and with them lost the sentence in front.
  const prefix = version.major >= 2 ? '' : 'JobManager memory configuration failed: ';
  return prefixed(prefix, () => {
    const mapped = withLegacyHeap(configuration, version, 'jobmanager', deployment === 'container' ? PROCESS : HEAP);
    const { parts, flinkBytes, metaspaceBytes, overheadBytes, processBytes } = deriveProcessMemory(
      mapped,
      {
        fineGrained: [HEAP],
        flink: FLINK,
        process: PROCESS,
        metaspace: { key: `${MEMORY}jvm-metaspace.size`, default: '256 mb' },
        overhead: {
          min: { key: `${MEMORY}jvm-overhead.min`, default: '192 mb' },
          max: { key: `${MEMORY}jvm-overhead.max`, default: '1 gb' },
          fraction: { key: `${MEMORY}jvm-overhead.fraction`, default: '0.1' },
        },
      },
      flinkMemory,
    );
    const limited = readSet(mapped, LIMIT_DIRECT, readBoolean) ?? false;
    return {
      heap: parts.heap,
      offHeap: parts.offHeap,
      metaspace: metaspaceBytes,
      overhead: overheadBytes,
      flink: flinkBytes,
      process: processBytes,
      xmx: parts.heap,
      xms: parts.heap,
      maxDirect: limited ? parts.offHeap : null,
      maxMetaspace: metaspaceBytes,
    };
  });
}

/** `JobManagerFlinkMemoryUtils`. */
const flinkMemory: FlinkMemoryModel<Parts> = {
  total: ({ heap, offHeap }) => add(heap, offHeap),
  fromFineGrained: (configuration) => {
    const heap = sizeOf(configuration, HEAP);
    const offHeap = sizeOf(configuration, OFF_HEAP);
    if (!isSet(configuration, FLINK)) return { heap, offHeap };
    const flinkBytes = sizeOf(configuration, FLINK);
    if (!isSet(configuration, OFF_HEAP)) {
      if (flinkBytes < heap)
        throw illegal(
          `The configured JVM Heap Memory (${showReadably(heap)}) exceeds the configured Total Flink Memory ` +
            `(${showReadably(flinkBytes)}). ${BE_CONSISTENT}`,
        );
      return { heap, offHeap: flinkBytes - heap };
    }
    if (add(heap, offHeap) !== flinkBytes)
      throw illegal(
        `Sum of the configured JVM Heap Memory (${showReadably(heap)}) and the configured Off-heap Memory ` +
          `(${showReadably(offHeap)}) does not match the configured Total Flink Memory (${showReadably(flinkBytes)}). ` +
          BE_CONSISTENT,
      );
    return { heap, offHeap };
  },
  fromTotal: (configuration, flinkBytes) => {
    const offHeap = sizeOf(configuration, OFF_HEAP);
    if (flinkBytes <= offHeap)
      throw illegal(
        `The configured Total Flink Memory (${showReadably(flinkBytes)}) is less than the configured Off-heap Memory ` +
          `(${showReadably(offHeap)}).`,
      );
    return { heap: flinkBytes - offHeap, offHeap };
  },
};

const BE_CONSISTENT =
  'Please, make the configuration consistent or configure only one option: either JVM Heap or Total Flink Memory.';
