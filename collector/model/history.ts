import type { Checkpoint, CheckpointConfig, CheckpointCounts } from './checkpoint.js';
import type { ClusterSample, FlinkVersion, TaskManagerHistory } from './cluster.js';
import type { Edge, JobDetail, JobException, JobState, ParallelismRange, Rescale, VertexHistory } from './job.js';
import type { ReadFailure } from './reading.js';
import type { JobEras } from './full-era.js';
import type { JobSeasons } from './season.js';

/** Restarts as the job's own counter had them (`numRestarts`; a count of attempts, not of incidents). */
export interface RestartSample {
  readonly atMs: number;
  readonly restarts: number;
}

export interface StateChange {
  readonly atMs: number;
  readonly state: JobState;
}

/** One attempt to read this job: the beat of the collector. */
export interface Round {
  readonly atMs: number;
  readonly ok: boolean;
}

/** An endpoint that could not be read, so that a rule which needs it can say why it was not evaluated. */
export interface MissingReading {
  readonly endpoint: string;
  readonly failure: ReadFailure;
  readonly sinceMs: number;
}

/**
 * Everything known about one job within the hot window: the analyzer's whole input.
 * Arrays are oldest first. It follows the job over restarts, new attempts and new job ids of the same name.
 */
export interface JobHistory {
  readonly cluster: string;
  /** False while the cluster cannot be read: then everything below is the last known, and old. */
  readonly reachable: boolean;
  /** Why it cannot be read, while it cannot. */
  readonly failure?: ReadFailure;
  readonly flinkVersion?: FlinkVersion;
  readonly jobId: string;
  readonly jobName: string;
  /** The job as last read. */
  readonly detail: JobDetail;
  readonly edges: readonly Edge[];
  readonly vertices: readonly VertexHistory[];
  readonly states: readonly StateChange[];
  readonly restarts: readonly RestartSample[];
  readonly exceptions: readonly JobException[];
  readonly checkpointConfig?: CheckpointConfig;
  /** By vertex id; only of jobs under an adaptive scheduler (1.18+). */
  readonly resourceRequirements?: ReadonlyMap<string, ParallelismRange>;
  /** Only of jobs under an adaptive scheduler that keeps them (2.3+). */
  readonly rescales?: readonly Rescale[];
  readonly checkpointCounts?: CheckpointCounts;
  readonly checkpoints: readonly Checkpoint[];
  /** All TaskManagers of the cluster, those that left within the window included. */
  readonly taskManagers: readonly TaskManagerHistory[];
  readonly clusterSamples: readonly ClusterSample[];
  /** Jobs that share this cluster now, this one included. */
  readonly jobsOnCluster: number;
  /** The cluster's effective configuration (`/jobmanager/config` overlaid by the job's own), secrets masked. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly rounds: readonly Round[];
  readonly missing: readonly MissingReading[];
  /** What is usual for it, from the kept weeks; missing: not looked up, or nothing kept. */
  readonly seasons?: JobSeasons;
  /** What its vertices served at past parallelisms; missing: nobody keeps it. */
  readonly eras?: JobEras;
  /** True for the demo cluster: everything shown is marked as simulated. */
  readonly simulated: boolean;
}
