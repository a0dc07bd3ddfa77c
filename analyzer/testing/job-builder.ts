import type { Edge, FlinkVersion, JobException, JobHistory, SubtaskHistory } from '../../collector/model/index.js';
import { buildCheckpoint, buildCheckpointConfig } from './build-checkpoint.js';
import { buildTaskManager } from './build-task-manager.js';
import { buildVertex } from './build-vertex.js';
import { secondsOf, START_MS, type ExceptionSpec, type JobSpec } from './job-spec.js';

export * from './job-spec.js';

/** Builds what the collector would have kept of a job, from a description of what differs from a calm one. */
export function historyOf(spec: JobSpec): JobHistory {
  const startMs = spec.startMs ?? START_MS;
  const times = secondsOf(spec).map((seconds) => startMs + seconds * 1000);
  const state = spec.state ?? 'RUNNING';
  const vertices = Object.entries(spec.vertices).map(([id, vertex]) => buildVertex(id, vertex, spec));
  const edges = edgesOf(spec);
  const taskManagers = (spec.taskManagers ?? [{}]).map((tm, i) => buildTaskManager(tm, i, spec));
  const checkpointConfig = buildCheckpointConfig(spec);
  const stateSinceMs = startMs + (spec.stateSince ?? -5) * 1000;
  const name = spec.name ?? 'orders';
  return {
    cluster: 'test',
    reachable: spec.reachable ?? true,
    flinkVersion: versionOf(spec.flink ?? '1.20.3'),
    jobId: 'a0b1',
    jobName: name,
    detail: {
      jobId: 'a0b1',
      name,
      state,
      type: spec.batch === true ? 'BATCH' : 'STREAMING',
      startMs: startMs - 10_000,
      stateSinceMs: { [state]: stateSinceMs },
      vertices,
      edges,
    },
    edges,
    vertices,
    states: [{ atMs: stateSinceMs, state }],
    restarts: secondsOf(spec).map((s) => ({ atMs: startMs + s * 1000, restarts: spec.restarts?.(s) ?? 0 })),
    exceptions: (spec.exceptions ?? []).map((exception) => exceptionOf(exception, startMs)),
    ...(checkpointConfig === undefined ? {} : { checkpointConfig }),
    checkpoints: (spec.checkpoints ?? []).map((checkpoint, i) => buildCheckpoint(checkpoint, i, spec)),
    taskManagers,
    clusterSamples: clusterSamplesOf(spec),
    jobsOnCluster: spec.jobsOnCluster ?? 1,
    configuration: spec.configuration ?? { 'taskmanager.memory.process.size': '1728m' },
    rounds: times.map((atMs) => ({ atMs, ok: true })),
    missing: (spec.missing ?? []).map((endpoint) => ({
      endpoint,
      failure: { kind: 'http', message: 'HTTP 500', status: 500 },
      sinceMs: startMs,
    })),
    simulated: false,
    ...spec.history,
  };
}

/** The moment of the last reading. */
export function nowOf(history: JobHistory): number {
  return history.rounds.at(-1)?.atMs ?? START_MS;
}

/** The same job as it was known at an earlier moment. */
export function until(history: JobHistory, nowMs: number): JobHistory {
  const before = <T extends { readonly atMs: number }>(items: readonly T[]): T[] =>
    items.filter(({ atMs }) => atMs <= nowMs);
  return {
    ...history,
    vertices: history.vertices.map((vertex) => ({
      ...vertex,
      subtasks: vertex.subtasks.map(({ subtask, samples }) => ({ subtask, samples: before(samples) })),
      ...(vertex.metrics === undefined
        ? {}
        : { metrics: new Map([...vertex.metrics].map(([id, readings]) => [id, before(readings)])) }),
    })),
    restarts: before(history.restarts),
    exceptions: before(history.exceptions),
    checkpoints: history.checkpoints.filter(({ triggerMs, durationMs }) => triggerMs + durationMs <= nowMs),
    taskManagers: history.taskManagers.map((tm) => ({ ...tm, samples: before(tm.samples) })),
    clusterSamples: before(history.clusterSamples),
    rounds: before(history.rounds),
  };
}

/** A job that was deployed anew: the readings of both, and the later one's shape. */
export function redeployed(earlier: JobHistory, later: JobHistory): JobHistory {
  const samplesBefore = (vertexId: string, subtask: number): SubtaskHistory['samples'] =>
    earlier.vertices
      .find((vertex) => vertex.vertexId === vertexId)
      ?.subtasks.find((candidate) => candidate.subtask === subtask)?.samples ?? [];
  return {
    ...later,
    vertices: later.vertices.map((vertex) => {
      const before = earlier.vertices.find(({ vertexId }) => vertexId === vertex.vertexId)?.subtasks ?? [];
      const gone = before.filter(({ subtask }) => vertex.subtasks.every((current) => current.subtask !== subtask));
      const kept = vertex.subtasks.map(({ subtask, samples }) => ({
        subtask,
        samples: [...samplesBefore(vertex.vertexId, subtask), ...samples],
      }));
      return { ...vertex, subtasks: [...kept, ...gone] };
    }),
    restarts: [...earlier.restarts, ...later.restarts],
    rounds: [...earlier.rounds, ...later.rounds],
    clusterSamples: [...earlier.clusterSamples, ...later.clusterSamples],
  };
}

function edgesOf(spec: JobSpec): readonly Edge[] {
  return Object.entries(spec.vertices).flatMap(([toVertexId, { inputs = {}, blocking = false }]) =>
    Object.entries(inputs).map(([fromVertexId, shipStrategy]) => ({
      fromVertexId,
      toVertexId,
      shipStrategy,
      blocking,
    })),
  );
}

function versionOf(text: string): FlinkVersion {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return { major, minor, text };
}

function clusterSamplesOf(spec: JobSpec): JobHistory['clusterSamples'] {
  const startMs = spec.startMs ?? START_MS;
  const groups = new Map<string, number>();
  for (const { slotSharingGroup = 'default', parallelism } of Object.values(spec.vertices)) {
    groups.set(slotSharingGroup, Math.max(groups.get(slotSharingGroup) ?? 0, parallelism));
  }
  const used = [...groups.values()].reduce((total, width) => total + width, 0);
  return secondsOf(spec).map((seconds) => {
    const alive = (spec.taskManagers ?? [{}]).filter(({ goneAt }) => goneAt === undefined || seconds < goneAt);
    const slotsTotal = spec.slots?.total ?? alive.reduce((total, { slots = 4 }) => total + slots, 0);
    const free = spec.slots?.free ?? Math.max(0, slotsTotal - used);
    return {
      atMs: startMs + seconds * 1000,
      taskManagers: alive.length,
      slotsTotal,
      slotsAvailable: typeof free === 'number' ? free : free(seconds),
    };
  });
}

function exceptionOf(
  { at, trace, task, taskManager, concurrent = false }: ExceptionSpec,
  startMs: number,
): JobException {
  return {
    atMs: startMs + at * 1000,
    exceptionName: trace.split(/[:\n]/)[0] ?? '',
    stacktrace: trace,
    concurrent,
    ...(task === undefined ? {} : { taskName: task }),
    ...(taskManager === undefined ? {} : { taskManagerId: taskManager }),
  };
}
