import type { ShipStrategy } from '../../collector/model/index.js';

/**
 * A simulated job as physics: rates, service times, keys, memory, storage. It knows no rule and no verdict; whatever
 * Weir says of it must come out of these numbers.
 */
export interface JobSpec {
  readonly name: string;
  readonly vertices: readonly VertexSpec[];
  readonly edges: readonly EdgeSpec[];
  readonly checkpoints: CheckpointSpec;
  readonly taskManagers: TaskManagerSpec;
}

export interface VertexSpec {
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Time one record keeps a subtask busy. */
  readonly serviceMs: number;
  /** Share of that time which uses a CPU; the rest waits for something outside. */
  readonly cpuShare: number;
  /** Records out per record in. */
  readonly outPerIn: number;
  /** Size of one record that it emits. */
  readonly recordBytes: number;
  readonly garbageBytesPerRecord: number;
  readonly stateBytesPerSubtask: number;
  readonly syncMs: number;
  /** Present on sources. */
  readonly source?: SourceSpec;
  /** Present on vertices behind a HASH edge. */
  readonly keys?: KeySpec;
}

export interface SourceSpec {
  readonly recordsPerSecond: number;
  /** The daily wave: the rate swings by this share around its mean. */
  readonly dailySwing: number;
  /** Records that wait before the simulation begins. */
  readonly backlog: number;
}

export type KeySpec =
  | { readonly kind: 'uniform'; readonly count: number }
  /** One key with this share of all records; the rest is uniform. */
  | { readonly kind: 'hot'; readonly count: number; readonly share: number };

export interface EdgeSpec {
  readonly from: string;
  readonly to: string;
  readonly ship: Extract<ShipStrategy, 'FORWARD' | 'HASH' | 'REBALANCE'>;
}

export interface CheckpointSpec {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** What one subtask can write to the checkpoint storage. */
  readonly uploadBytesPerSecond: number;
}

export interface TaskManagerSpec {
  readonly count: number;
  readonly slots: number;
  readonly cpuCores: number;
  readonly heapBytes: number;
  /** Heap that lives for long: caches, heap state. */
  readonly liveBytes: number;
  readonly managedBytes: number;
}
