import { HOT_WINDOW_MS, MAX_HOT_SAMPLES } from '../limits.js';
import {
  defined,
  deriveTaskManager,
  type TaskManager,
  type TaskManagerHistory,
  type TaskManagerRates,
  type TaskManagerSample,
} from '../model/index.js';
import { dropOlder, pushBounded } from './bounded.js';

/** One TaskManager: as last listed, and its readings. */
export class TaskManagerRecord {
  /** Names of its garbage collectors, as its page tells them; undefined until it did. */
  collectorNames: readonly string[] | undefined;
  /** The cluster's round in which its page was read. */
  pageRound: number | undefined;
  readonly #samples: TaskManagerSample[] = [];
  readonly #firstSeenMs: number;
  #lastSeenMs: number;
  #manager: TaskManager;
  #goneMs: number | undefined;

  constructor(manager: TaskManager, nowMs: number) {
    this.#manager = manager;
    this.#firstSeenMs = nowMs;
    this.#lastSeenMs = nowMs;
  }

  get taskManagerId(): string {
    return this.#manager.taskManagerId;
  }

  get isGone(): boolean {
    return this.#goneMs !== undefined;
  }

  see(manager: TaskManager, nowMs: number): void {
    this.#manager = manager;
    this.#lastSeenMs = nowMs;
    this.#goneMs = undefined;
  }

  /** The cluster lists it no more. */
  leave(nowMs: number): void {
    this.#goneMs ??= nowMs;
  }

  /** Keeps a reading if it says something new; what it did since the one before, undefined when nothing is new. */
  add(sample: TaskManagerSample): TaskManagerRates | undefined {
    const before = this.#samples.at(-1);
    if (before !== undefined && isSame(before, sample)) return undefined;
    this.#lastSeenMs = Math.max(this.#lastSeenMs, sample.atMs);
    pushBounded(this.#samples, sample, MAX_HOT_SAMPLES);
    dropOlder(this.#samples, sample.atMs - HOT_WINDOW_MS);
    return deriveTaskManager(before, sample);
  }

  isExpired(nowMs: number): boolean {
    return this.#goneMs !== undefined && nowMs - this.#goneMs > HOT_WINDOW_MS;
  }

  toHistory(): TaskManagerHistory {
    return defined<TaskManagerHistory>({
      ...allFields(this.#manager),
      samples: [...this.#samples],
      firstSeenMs: this.#firstSeenMs,
      lastSeenMs: this.#lastSeenMs,
      goneMs: this.#goneMs,
    });
  }
}

const allFields = (manager: TaskManager): { [K in keyof Required<TaskManager>]: TaskManager[K] } => ({
  taskManagerId: manager.taskManagerId,
  host: manager.host,
  slots: manager.slots,
  slotsFree: manager.slotsFree,
  lastHeartbeatMs: manager.lastHeartbeatMs,
  cpuCores: manager.cpuCores,
  physicalMemoryBytes: manager.physicalMemoryBytes,
  memory: manager.memory,
});

/** Flink serves the same metrics until its next fetch; a process whose heap and CPU time stand still was not read anew. */
const isSame = (a: TaskManagerSample, b: TaskManagerSample): boolean =>
  a.heapUsedBytes === b.heapUsedBytes &&
  a.cpuTimeSeconds === b.cpuTimeSeconds &&
  a.directUsedBytes === b.directUsedBytes;
