/** Flink's version as it matters here: vendors append their own text, so only major and minor are trusted. */
export interface FlinkVersion {
  readonly major: number;
  readonly minor: number;
  /** As the cluster says it, e.g. `1.20.3` or `1.15.1-csa1.8.0`. */
  readonly text: string;
}

/** `GET /overview`. */
export interface ClusterOverview {
  readonly flinkVersion: FlinkVersion;
  readonly taskManagers: number;
  readonly slotsTotal: number;
  readonly slotsAvailable: number;
  readonly jobsRunning: number;
}

/** One reading of the cluster's size over time. */
export interface ClusterSample {
  readonly atMs: number;
  readonly taskManagers: number;
  readonly slotsTotal: number;
  readonly slotsAvailable: number;
}

/** Memory that Flink budgeted for a TaskManager, in bytes; a field is missing where this Flink does not say it. */
export interface TaskManagerMemory {
  readonly frameworkHeapBytes?: number;
  readonly taskHeapBytes?: number;
  readonly frameworkOffHeapBytes?: number;
  readonly taskOffHeapBytes?: number;
  readonly networkBytes?: number;
  readonly managedBytes?: number;
  readonly jvmMetaspaceBytes?: number;
  readonly jvmOverheadBytes?: number;
  readonly totalFlinkBytes?: number;
  readonly totalProcessBytes?: number;
}

/** One garbage collector's counters since the JVM started. */
export interface GarbageCollector {
  /** The bean's name with spaces as `_`, e.g. `G1_Young_Generation`; Flink's own sum `All` is left out. */
  readonly name: string;
  readonly count: number;
  readonly timeMs: number;
}

/** One reading of a TaskManager. Counters run since its JVM started. */
export interface TaskManagerSample {
  readonly atMs: number;
  readonly heapUsedBytes?: number;
  readonly heapMaxBytes?: number;
  readonly metaspaceUsedBytes?: number;
  readonly metaspaceMaxBytes?: number;
  readonly directUsedBytes?: number;
  readonly managedUsedBytes?: number;
  readonly managedTotalBytes?: number;
  readonly networkSegmentsAvailable?: number;
  readonly networkSegmentsTotal?: number;
  readonly collectors: readonly GarbageCollector[];
  /** `Status.JVM.CPU.Load`, 0–1 of the whole machine. */
  readonly cpuLoadRatio?: number;
  /** `Status.JVM.CPU.Time`: CPU seconds this JVM has used. */
  readonly cpuTimeSeconds?: number;
}

/** A TaskManager as last seen. */
export interface TaskManager {
  readonly taskManagerId: string;
  readonly host: string;
  readonly slots: number;
  readonly slotsFree: number;
  readonly lastHeartbeatMs: number;
  /** Cores of the machine (or container limit, if the JVM sees it). */
  readonly cpuCores: number;
  readonly physicalMemoryBytes?: number;
  readonly memory: TaskManagerMemory;
}

/** A TaskManager with its readings, oldest first. */
export interface TaskManagerHistory extends TaskManager {
  readonly samples: readonly TaskManagerSample[];
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** When it left the cluster's list; missing while it is there. */
  readonly goneMs?: number;
}
