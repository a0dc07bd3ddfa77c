import type { FlinkVersion, JobHistory, JobState } from '../../collector/model/index.js';
import { max, present } from '../numbers.js';
import { topologyOf, type Topology } from '../graph/topology.js';

/** Plain facts about a job that every rule may use. */
export interface JobFacts {
  readonly cluster: string;
  readonly jobId: string;
  readonly name: string;
  readonly state: JobState;
  readonly stateSinceMs?: number;
  readonly batch: boolean;
  readonly flinkVersion?: FlinkVersion;
  readonly topology: Topology;
  /** Highest parallelism of any vertex. */
  readonly parallelism: number;
  /** When the last task reached RUNNING; missing while not all tasks run. */
  readonly allRunningSinceMs?: number;
  readonly simulated: boolean;
  vertexName(vertexId: string): string;
}

export function jobFacts(history: JobHistory): JobFacts {
  const { detail } = history;
  const names = new Map(history.vertices.map((vertex) => [vertex.vertexId, vertex.name]));
  const sinceMs = detail.stateSinceMs[detail.state];
  const runningMs = allRunningSince(history);
  return {
    cluster: history.cluster,
    jobId: history.jobId,
    name: history.jobName,
    state: detail.state,
    ...(sinceMs === undefined ? {} : { stateSinceMs: sinceMs }),
    batch: detail.type === 'BATCH',
    ...(history.flinkVersion === undefined ? {} : { flinkVersion: history.flinkVersion }),
    topology: topologyOf(
      history.vertices.map((vertex) => vertex.vertexId),
      history.edges,
    ),
    parallelism: max(present(history.vertices.map((vertex) => vertex.parallelism))) ?? 1,
    ...(runningMs === undefined ? {} : { allRunningSinceMs: runningMs }),
    simulated: history.simulated,
    vertexName: (vertexId) => names.get(vertexId) ?? vertexId,
  };
}

/** The job counts as RUNNING as soon as its scheduler runs (CALIBRATION fact 22), so only the tasks tell. */
function allRunningSince(history: JobHistory): number | undefined {
  if (history.detail.state !== 'RUNNING') return undefined;
  const subtasks = history.vertices.flatMap((vertex) => vertex.subtasks);
  const latest = subtasks.map((subtask) => subtask.samples.at(-1));
  if (latest.length === 0 || history.vertices.some((vertex) => !allTasksRun(vertex.tasks))) return undefined;
  const sinceMs = present(latest).map((sample) => sample.runningSinceMs ?? sample.startMs);
  return sinceMs.length < latest.length ? undefined : max(present(sinceMs));
}

function allTasksRun(tasks: Readonly<Partial<Record<string, number>>>): boolean {
  return Object.entries(tasks).every(([state, count]) => state === 'RUNNING' || state === 'FINISHED' || count === 0);
}
