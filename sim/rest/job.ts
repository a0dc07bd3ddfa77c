import type { JobSim } from '../model/job-sim.js';
import type { SubtaskState, VertexState } from '../model/vertex-sim.js';
import { counts, START_UP_MS } from './tasks.js';

export function jobBody(job: JobSim, nowMs: number): object {
  return {
    jid: job.jobId,
    name: job.spec.name,
    isStoppable: false,
    state: 'RUNNING',
    'job-type': 'STREAMING',
    'start-time': job.startMs,
    'end-time': -1,
    duration: nowMs - job.startMs,
    maxParallelism: -1,
    now: nowMs,
    timestamps: {
      INITIALIZING: job.startMs,
      CREATED: job.startMs + 500,
      RUNNING: job.startMs + 1000,
      RESTARTING: 0,
      FAILING: 0,
      FAILED: 0,
      CANCELLING: 0,
      CANCELED: 0,
      FINISHED: 0,
      SUSPENDED: 0,
      RECONCILING: 0,
    },
    vertices: job.vertices.map((vertex) => ({
      id: vertex.vertexId,
      slotSharingGroupId: job.jobId,
      name: vertex.spec.name,
      maxParallelism: vertex.spec.maxParallelism,
      parallelism: vertex.spec.parallelism,
      status: 'RUNNING',
      'start-time': job.startMs + START_UP_MS,
      'end-time': -1,
      duration: nowMs - job.startMs - START_UP_MS,
      tasks: counts('upper', vertex.spec.parallelism),
      metrics: ioMetrics(summed(vertex), vertex),
    })),
    'status-counts': counts('upper', job.vertices.length),
    plan: {
      jid: job.jobId,
      name: job.spec.name,
      type: 'STREAMING',
      nodes: job.vertices.map((vertex) => planNode(job, vertex)),
    },
  };
}

function planNode(job: JobSim, vertex: VertexState): object {
  const inputs = job.spec.edges
    .filter(({ to }) => to === vertex.spec.name)
    .map(({ from, ship }, num) => ({
      num,
      id: job.vertices.find(({ spec }) => spec.name === from)?.vertexId,
      ship_strategy: ship,
      exchange: 'pipelined_bounded',
    }));
  return {
    id: vertex.vertexId,
    parallelism: vertex.spec.parallelism,
    operator: '',
    operator_strategy: '',
    description: vertex.spec.name,
    ...(inputs.length === 0 ? {} : { inputs }),
    optimizer_properties: {},
  };
}

type Counters = Pick<
  SubtaskState,
  'busyMs' | 'idleMs' | 'backPressuredMs' | 'recordsIn' | 'recordsOut' | 'bytesIn' | 'bytesOut'
>;

function summed({ subtasks }: VertexState): Counters {
  const total = (key: keyof Counters): number => subtasks.reduce((sum, subtask) => sum + subtask[key], 0);
  return {
    busyMs: total('busyMs'),
    idleMs: total('idleMs'),
    backPressuredMs: total('backPressuredMs'),
    recordsIn: total('recordsIn'),
    recordsOut: total('recordsOut'),
    bytesIn: total('bytesIn'),
    bytesOut: total('bytesOut'),
  };
}

/** Sources show no input at task level, as up to 1.20. */
function ioMetrics(counters: Counters, { spec }: VertexState): object {
  const source = spec.source !== undefined;
  return {
    'read-bytes': source ? 0 : Math.round(counters.bytesIn),
    'read-bytes-complete': true,
    'write-bytes': Math.round(counters.bytesOut),
    'write-bytes-complete': true,
    'read-records': source ? 0 : Math.round(counters.recordsIn),
    'read-records-complete': true,
    'write-records': Math.round(counters.recordsOut),
    'write-records-complete': true,
    'accumulated-backpressured-time': Math.round(counters.backPressuredMs),
    'accumulated-idle-time': Math.round(counters.idleMs),
    'accumulated-busy-time': Math.round(counters.busyMs),
  };
}

export function vertexBody(job: JobSim, vertex: VertexState, nowMs: number): object {
  const startMs = job.startMs + START_UP_MS;
  return {
    id: vertex.vertexId,
    name: vertex.spec.name,
    parallelism: vertex.spec.parallelism,
    maxParallelism: vertex.spec.maxParallelism,
    now: nowMs,
    subtasks: vertex.subtasks.map((subtask, index) => ({
      subtask: index,
      status: 'RUNNING',
      attempt: 0,
      host: job.taskManagers[subtask.taskManager]?.host,
      endpoint: `${job.taskManagers[subtask.taskManager]?.host ?? ''}:33117`,
      'start-time': startMs,
      'end-time': -1,
      duration: nowMs - startMs,
      metrics: ioMetrics(subtask, vertex),
      'taskmanager-id': job.taskManagers[subtask.taskManager]?.taskManagerId,
      'status-duration': { RUNNING: nowMs - startMs, INITIALIZING: 200, DEPLOYING: 300, CREATED: 100, SCHEDULED: 100 },
      start_time: startMs,
    })),
    aggregated: { metrics: {}, 'status-duration': {} },
  };
}
