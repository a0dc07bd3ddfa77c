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
  /** What becomes different while it runs, in the order of time. */
  readonly turns?: readonly Turn[];
  /** The model's tick; missing: a second. A calm job may live in longer ones, which cost less. */
  readonly stepMs?: number;
}

/** From that time after the start on the job has these numbers instead. */
export interface Turn {
  readonly afterMs: number;
  /** By the name of the vertex. */
  readonly vertices?: Readonly<Record<string, Partial<VertexSpec>>>;
  readonly checkpoints?: Partial<CheckpointSpec>;
  readonly taskManagers?: Partial<TaskManagerSpec>;
  /** Records that the outside hands over at once, as after a stop, by the name of the source. */
  readonly arrivals?: Readonly<Record<string, number>>;
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
  /** Heap that each record leaves behind for ever. */
  readonly leakBytesPerRecord?: number;
  /** Records of one subtask that cost so many times as much: dearer content behind the same count. */
  readonly dear?: Uneven;
  /** One subtask with so many times the state of the others: a key that holds much. */
  readonly large?: Uneven;
  /** It holds its results until event time moves on. */
  readonly window?: true;
  /** Present on sources. */
  readonly source?: SourceSpec;
  /** Present on vertices behind a HASH edge. */
  readonly keys?: KeySpec;
}

export interface Uneven {
  readonly subtask: number;
  readonly factor: number;
}

export interface SourceSpec {
  readonly recordsPerSecond: number;
  /** The daily wave: the rate swings by this share around its mean. */
  readonly dailySwing: number;
  /** Records that wait before the simulation begins. */
  readonly backlog: number;
  /**
   * Records of each partition, relative to each other; partition i belongs to reader i modulo readers, as Kafka deals
   * them out. Missing: each reader has the same.
   */
  readonly partitions?: readonly number[];
  /** What the outside hands to one reader at most. */
  readonly fetchRecordsPerSecond?: number;
  /** The rate wavers by this share around its wave, anew every ten seconds. */
  readonly jitter?: number;
  /** A few minutes of more than usual. */
  readonly bursts?: BurstSpec;
  /** Records carry event time this far behind the clock; missing: no event time. */
  readonly eventTimeDelayMs?: number;
}

export interface BurstSpec {
  readonly everyMs: number;
  readonly lengthMs: number;
  readonly factor: number;
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
  /** Failures in a row that do not yet restart the job; missing: 3. */
  readonly tolerableFailures?: number;
  /** State varies by this share from one checkpoint to the next. */
  readonly sizeSwing?: number;
}

export interface TaskManagerSpec {
  readonly count: number;
  readonly slots: number;
  readonly cpuCores: number;
  readonly heapBytes: number;
  /** Heap that lives for long: caches, heap state. */
  readonly liveBytes: number;
  readonly managedBytes: number;
  /** Missing: 64 MB. */
  readonly networkBytes?: number;
  /** One of them gets so little of its machine that everything takes so many times as long. */
  readonly slow?: { readonly index: number; readonly factor: number };
}
