import type { FlinkVersion, VertexDetail } from '../model/index.js';

/** Vendors append their own text (`1.15.1-csa1.8.0`, `1.13-vvr-4.0`), so only the first two numbers are read. */
export function parseFlinkVersion(text: string): FlinkVersion {
  const match = /(?<!\d)(\d{1,4})\.(\d{1,4})(?!\d)/.exec(text);
  return { major: Number(match?.[1] ?? 0), minor: Number(match?.[2] ?? 0), text };
}

export const isAtLeast = (version: FlinkVersion, major: number, minor: number): boolean =>
  version.major > major || (version.major === major && version.minor >= minor);

/** What a Flink of this version can be asked; where the answers themselves show it, they are believed instead. */
export interface Capabilities {
  /** Accumulated busy, idle and backpressured times per subtask. */
  readonly accumulatedTimes: boolean;
  /** `status-duration` per subtask: when it entered RUNNING. */
  readonly statusDurations: boolean;
  /** `GET /jobs/:jobid/jobmanager/config`. */
  readonly jobManagerConfigOfJob: boolean;
  /** Full and incremental checkpoint size told apart (`checkpointed_size`). */
  readonly checkpointedSize: boolean;
  readonly checkpointPercentiles: boolean;
  /** Which job holds which slot of a TaskManager (the list is always empty before). */
  readonly allocatedSlots: boolean;
  /** The exception history names the TaskManager. */
  readonly exceptionTaskManagerId: boolean;
  /** `GET /jobs/:jobid/resource-requirements`, under an adaptive scheduler. */
  readonly resourceRequirements: boolean;
  /** `GET /jobs/:jobid/rescales/history`, under an adaptive scheduler. */
  readonly rescaleHistory: boolean;
}

/** First versions from REST-TRUTH §1.1 and flink-rest.md §1. */
export function capabilitiesOf(version: FlinkVersion): Capabilities {
  const since = (minor: number): boolean => isAtLeast(version, 1, minor);
  return {
    accumulatedTimes: since(16),
    statusDurations: since(16),
    jobManagerConfigOfJob: since(16),
    checkpointedSize: since(15),
    checkpointPercentiles: since(14),
    allocatedSlots: since(18),
    exceptionTaskManagerId: since(17),
    resourceRequirements: since(18),
    rescaleHistory: isAtLeast(version, 2, 3),
  };
}

/**
 * Whether a vertex answer carries accumulated times; undefined while no subtask has figures yet.
 * A legacy source has busy "NaN" but its idle time is a number, so idle is the one to look at.
 */
export function hasAccumulatedTimes(vertex: VertexDetail): boolean | undefined {
  const withFigures = vertex.subtasks.find((subtask) => subtask.recordsOut !== undefined);
  return withFigures === undefined ? undefined : withFigures.idleMs !== undefined;
}
