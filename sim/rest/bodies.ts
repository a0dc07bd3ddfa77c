import type { SimCheckpoint } from '../model/checkpoint-sim.js';
import type { ClusterSim } from '../model/cluster-sim.js';
import type { JobSim } from '../model/job-sim.js';
import type { TaskManagerState } from '../model/task-manager-sim.js';
import type { SubtaskState, VertexState } from '../model/vertex-sim.js';

/** The bodies of Flink 1.20's REST, with the fields that it has; shapes as recorded from a real 1.20.3. */
export const FLINK_VERSION = '1.20.3';
const TASK_STATES = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'RECONCILING',
];
/** Between submission and the first RUNNING task. */
const START_UP_MS = 3000;

export function overviewBody({ jobs }: ClusterSim): object {
  const taskManagers = jobs.flatMap((job) => job.taskManagers);
  return {
    taskmanagers: taskManagers.length,
    'slots-total': taskManagers.reduce((sum, tm) => sum + tm.spec.slots, 0),
    'slots-available': jobs.reduce((sum, job) => sum + freeSlots(job), 0),
    'jobs-running': jobs.length,
    'jobs-finished': 0,
    'jobs-cancelled': 0,
    'jobs-failed': 0,
    'flink-version': FLINK_VERSION,
    'flink-commit': '01e3a6d',
  };
}

function freeSlots({ taskManagers, vertices }: JobSim): number {
  const slots = taskManagers.reduce((sum, tm) => sum + tm.spec.slots, 0);
  return Math.max(0, slots - Math.max(...vertices.map(({ spec }) => spec.parallelism)));
}

export function jobsOverviewBody({ jobs, nowMs }: ClusterSim): object {
  return {
    jobs: jobs.map((job) => {
      const total = job.vertices.reduce((sum, { spec }) => sum + spec.parallelism, 0);
      return {
        jid: job.jobId,
        name: job.spec.name,
        'start-time': job.startMs,
        'end-time': -1,
        duration: nowMs - job.startMs,
        state: 'RUNNING',
        'last-modification': job.startMs + START_UP_MS,
        tasks: { ...counts('lower', total), total },
      };
    }),
  };
}

function counts(letters: 'lower' | 'upper', running: number): Record<string, number> {
  return Object.fromEntries(
    TASK_STATES.map((state) => [letters === 'lower' ? state.toLowerCase() : state, state === 'RUNNING' ? running : 0]),
  );
}

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
      host: '127.0.0.1',
      endpoint: '127.0.0.1:33117',
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

export function checkpointsBody(job: JobSim, nowMs: number): object {
  const history = [...job.checkpoints].reverse().map((checkpoint) => checkpointBody(job, checkpoint, nowMs));
  return {
    counts: {
      restored: 0,
      total:
        job.completedCheckpoints +
        job.failedCheckpoints +
        history.filter(({ status }) => status === 'IN_PROGRESS').length,
      in_progress: history.filter(({ status }) => status === 'IN_PROGRESS').length,
      completed: job.completedCheckpoints,
      failed: job.failedCheckpoints,
    },
    summary: {},
    latest: {
      completed: history.find(({ status }) => status === 'COMPLETED') ?? null,
      savepoint: null,
      failed: null,
      restored: null,
    },
    history,
  };
}

export function checkpointBody(job: JobSim, checkpoint: SimCheckpoint, nowMs: number): { status: string } {
  const running = nowMs < checkpoint.endMs;
  const acknowledged = checkpoint.phases.filter(
    (phase) => phaseEnd(checkpoint, phase) <= Math.min(nowMs, checkpoint.endMs),
  );
  const bytes = Math.round(checkpoint.phases.reduce((sum, { stateBytes }) => sum + stateBytes, 0));
  const status = running ? 'IN_PROGRESS' : checkpoint.expired ? 'FAILED' : 'COMPLETED';
  return {
    ...{ className: status.toLowerCase(), id: checkpoint.id },
    status,
    ...{
      is_savepoint: false,
      savepointFormat: null,
      trigger_timestamp: checkpoint.triggerMs,
      latest_ack_timestamp: Math.round(
        Math.max(checkpoint.triggerMs, ...acknowledged.map((phase) => phaseEnd(checkpoint, phase))),
      ),
      checkpointed_size: bytes,
      state_size: bytes,
      end_to_end_duration: Math.round(Math.min(nowMs, checkpoint.endMs) - checkpoint.triggerMs),
      alignment_buffered: 0,
      processed_data: 0,
      persisted_data: 0,
      num_subtasks: checkpoint.phases.length,
      num_acknowledged_subtasks: acknowledged.length,
      checkpoint_type: 'CHECKPOINT',
      tasks: {},
      discarded: false,
      ...(status === 'FAILED'
        ? { failure_timestamp: Math.round(checkpoint.endMs), failure_message: 'Checkpoint expired before completing.' }
        : { external_path: `s3://demo/${job.jobId}/chk-${checkpoint.id}` }),
    },
  };
}

function phaseEnd({ triggerMs }: SimCheckpoint, phase: SimCheckpoint['phases'][number]): number {
  return triggerMs + phase.startDelayMs + phase.alignmentMs + phase.syncMs + phase.asyncMs;
}

export function checkpointSubtasksBody(
  job: JobSim,
  checkpoint: SimCheckpoint,
  vertexId: string,
  nowMs: number,
): object {
  const phases = checkpoint.phases.filter((phase) => phase.vertexId === vertexId);
  return {
    id: checkpoint.id,
    status: checkpointBody(job, checkpoint, nowMs).status,
    num_subtasks: phases.length,
    subtasks: phases.map((phase) => {
      const endMs = phaseEnd(checkpoint, phase);
      if (endMs > Math.min(nowMs, checkpoint.endMs))
        return { className: 'pending', index: phase.subtask, status: 'pending_or_failed' };
      return {
        className: 'completed',
        index: phase.subtask,
        ack_timestamp: Math.round(endMs),
        end_to_end_duration: Math.round(endMs - checkpoint.triggerMs),
        checkpointed_size: Math.round(phase.stateBytes),
        state_size: Math.round(phase.stateBytes),
        checkpoint: { sync: Math.round(phase.syncMs), async: Math.round(phase.asyncMs) },
        alignment: { buffered: 0, processed: 0, persisted: 0, duration: Math.round(phase.alignmentMs) },
        start_delay: Math.round(phase.startDelayMs),
        unaligned_checkpoint: false,
        aborted: false,
        status: 'completed',
      };
    }),
  };
}

export function checkpointConfigBody({ spec }: JobSim): object {
  return {
    mode: 'exactly_once',
    interval: spec.checkpoints.intervalMs,
    timeout: spec.checkpoints.timeoutMs,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: true, delete_on_cancellation: false },
    state_backend: 'EmbeddedRocksDBStateBackend',
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: 3,
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog: false,
    changelog_periodic_materialization_interval: 600000,
  };
}

export function taskManagerBody(job: JobSim, tm: TaskManagerState, nowMs: number): object {
  const used = job.vertices.reduce(
    (most, { subtasks }) =>
      Math.max(most, subtasks.filter(({ taskManager }) => job.taskManagers[taskManager] === tm).length),
    0,
  );
  const heapUsed = Math.round(Math.min(tm.spec.heapBytes, tm.spec.liveBytes + tm.garbageBytes));
  const flinkBytes = tm.spec.heapBytes + tm.spec.managedBytes + NETWORK_BYTES + OFF_HEAP_BYTES;
  return {
    id: tm.taskManagerId,
    path: `pekko.tcp://flink@127.0.0.1:6200/user/rpc/taskmanager_0`,
    dataPort: 33117,
    jmxPort: -1,
    timeSinceLastHeartbeat: nowMs,
    slotsNumber: tm.spec.slots,
    freeSlots: Math.max(0, tm.spec.slots - used),
    totalResource: {},
    freeResource: {},
    hardware: {
      cpuCores: tm.spec.cpuCores,
      physicalMemory: 16 * 2 ** 30,
      freeMemory: tm.spec.heapBytes,
      managedMemory: tm.spec.managedBytes,
    },
    memoryConfiguration: {
      frameworkHeap: FRAMEWORK_HEAP_BYTES,
      taskHeap: tm.spec.heapBytes - FRAMEWORK_HEAP_BYTES,
      frameworkOffHeap: OFF_HEAP_BYTES,
      taskOffHeap: 0,
      networkMemory: NETWORK_BYTES,
      managedMemory: tm.spec.managedBytes,
      jvmMetaspace: METASPACE_BYTES,
      jvmOverhead: OVERHEAD_BYTES,
      totalFlinkMemory: flinkBytes,
      totalProcessMemory: flinkBytes + METASPACE_BYTES + OVERHEAD_BYTES,
    },
    allocatedSlots: [],
    metrics: {
      heapUsed,
      heapCommitted: tm.spec.heapBytes,
      heapMax: tm.spec.heapBytes,
      nonHeapUsed: 70_000_000,
      nonHeapCommitted: 72_000_000,
      nonHeapMax: 738_197_504,
      directUsed: NETWORK_BYTES,
      directMax: NETWORK_BYTES + OFF_HEAP_BYTES,
      mappedCount: 0,
      mappedUsed: 0,
      mappedMax: 0,
      nettyShuffleMemorySegmentsAvailable: 2000,
      nettyShuffleMemorySegmentsTotal: 2048,
      garbageCollectors: [
        { name: 'All', count: tm.collections, time: Math.round(tm.collectionMs) },
        { name: 'G1_Young_Generation', count: tm.collections, time: Math.round(tm.collectionMs) },
        { name: 'G1_Old_Generation', count: 0, time: 0 },
      ],
    },
  };
}

const MIB = 2 ** 20;
const FRAMEWORK_HEAP_BYTES = 128 * MIB;
const OFF_HEAP_BYTES = 128 * MIB;
const NETWORK_BYTES = 64 * MIB;
const METASPACE_BYTES = 256 * MIB;
const OVERHEAD_BYTES = 192 * MIB;

export function taskManagerMetric(tm: TaskManagerState, id: string): string | undefined {
  switch (id) {
    case 'Status.JVM.CPU.Time':
      return String(Math.round(tm.cpuSeconds * 1e9));
    case 'Status.Flink.Memory.Managed.Used':
    case 'Status.Flink.Memory.Managed.Total':
      // RocksDB takes its whole budget when it opens.
      return String(tm.spec.managedBytes);
    case 'Status.JVM.Memory.Metaspace.Used':
      return '68000000';
    case 'Status.JVM.Memory.Metaspace.Max':
      return String(METASPACE_BYTES);
    default:
      return undefined;
  }
}

/** Operator metrics of a source's reader, as a FLIP-27 connector registers them. */
export const SOURCE_METRICS = ['pendingRecords', 'numRecordsOut'] as const;

export function vertexMetric(vertex: VertexState, id: string): string | undefined {
  const [index = '', ...rest] = id.split('.');
  const subtask = vertex.subtasks[Number(index)];
  const name = rest.join('.');
  if (subtask === undefined) return undefined;
  if (name === `${operatorOf(vertex)}.pendingRecords`) return String(Math.round(subtask.pending));
  if (name === `${operatorOf(vertex)}.numRecordsOut`) return String(Math.round(subtask.recordsIn));
  return undefined;
}

/** Flink mangles operator names in metric ids: `Source: orders` becomes `Source__orders`. */
export function operatorOf({ spec }: VertexState): string {
  return spec.name.replace(/[^A-Za-z0-9>_-]/g, '_');
}
