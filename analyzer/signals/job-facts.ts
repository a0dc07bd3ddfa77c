import { lastPhasesOf, type FlinkVersion, type JobHistory, type JobState } from '../../collector/model/index.js';
import { max, present } from '../numbers.js';
import { topologyOf, type Topology } from '../graph/topology.js';
import { oncePerReading } from './per-reading.js';

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
  let names: ReadonlyMap<string, string> | undefined;
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
    vertexName(vertexId) {
      names ??= new Map(history.vertices.map((vertex) => [vertex.vertexId, vertex.name]));
      return names.get(vertexId) ?? vertexId;
    },
  };
}

/** The job counts as RUNNING as soon as its scheduler runs (CALIBRATION fact 22), so only the tasks tell. */
function allRunningSince(history: JobHistory): number | undefined {
  if (history.detail.state !== 'RUNNING') return undefined;
  if (history.vertices.some((vertex) => !allTasksRun(vertex.tasks))) return undefined;
  let latestMs = 0;
  for (const vertex of history.vertices) {
    const sinceMs = runningSince(vertex);
    if (sinceMs === undefined) return undefined;
    latestMs = Math.max(latestMs, sinceMs);
  }
  return latestMs > 0 ? latestMs : undefined;
}

/** When the last subtask reached RUNNING, 0 where none tells; undefined while one was not read at all. */
const runningSince = oncePerReading((vertex): number | undefined => {
  const phases = lastPhasesOf(vertex);
  let sinceMs = 0;
  for (const { subtask } of vertex.subtasks) {
    const phase = phases[subtask];
    if (phase === undefined) return undefined;
    sinceMs = Math.max(sinceMs, phase.runningSinceMs ?? phase.startMs ?? 0);
  }
  return sinceMs;
});

function allTasksRun(tasks: Readonly<Partial<Record<string, number>>>): boolean {
  for (const state in tasks) if (state !== 'RUNNING' && state !== 'FINISHED' && tasks[state] !== 0) return false;
  return true;
}
