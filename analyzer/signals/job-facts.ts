import type { FlinkVersion, JobHistory, JobState, VertexHistory } from '../../collector/model/index.js';
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
  if (history.vertices.some((vertex) => !allTasksRun(vertex.tasks))) return undefined;
  const since = history.vertices.map(({ subtasks }) => runningSince(subtasks));
  const known = present(since);
  return known.length < since.length ? undefined : max(known.filter((sinceMs) => sinceMs > 0));
}

/** By the array of subtasks, which the collector makes anew with every reading. */
const derived = new WeakMap<VertexHistory['subtasks'], { readonly sinceMs: number | undefined }>();

/** When the last subtask reached RUNNING, 0 where none tells; undefined while one was not read at all. */
function runningSince(subtasks: VertexHistory['subtasks']): number | undefined {
  const known = derived.get(subtasks);
  if (known !== undefined) return known.sinceMs;
  const latest = subtasks.map(({ samples }) => samples.at(-1));
  const isRead = latest.every((sample) => sample !== undefined);
  const times = present(latest).map((sample) => sample.runningSinceMs ?? sample.startMs ?? 0);
  const sinceMs = isRead ? (max(times) ?? 0) : undefined;
  derived.set(subtasks, { sinceMs });
  return sinceMs;
}

function allTasksRun(tasks: Readonly<Partial<Record<string, number>>>): boolean {
  return Object.entries(tasks).every(([state, count]) => state === 'RUNNING' || state === 'FINISHED' || count === 0);
}
