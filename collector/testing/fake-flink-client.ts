import type { Clock } from '../clock.js';
import { parseFlinkVersion } from '../flink/capabilities.js';
import type { Pace, FlinkClient } from '../flink/client.js';
import type { MetricSummaries, MetricSummary, MetricValues } from '../flink/decode/metrics.decode.js';
import type { JobExceptions } from '../flink/decode/exceptions.decode.js';
import { TASK_COUNTERS } from '../plan/vertex-metrics.js';
import type {
  Checkpoint,
  CheckpointSubtask,
  Edge,
  JobDetail,
  JobState,
  ParallelismRange,
  ReadFailure,
  Reading,
  Rescale,
  SubtaskSample,
  TaskManager,
  TaskManagerSample,
} from '../model/index.js';

/** One job of a fake cluster; tests change its fields between rounds. */
export interface FakeJob {
  jobId: string;
  name: string;
  state: JobState;
  startMs: number;
  endMs?: number;
  stateSinceMs: Partial<Record<JobState, number>>;
  edges: readonly Edge[];
  vertices: FakeVertex[];
  restarts: number;
  checkpoints: Checkpoint[];
  exceptions: JobExceptions;
  requirements?: ReadonlyMap<string, ParallelismRange>;
  rescales?: readonly Rescale[];
}

export interface FakeVertex {
  vertexId: string;
  name: string;
  /** What the next reading of each subtask says, without its time. */
  subtasks: Omit<SubtaskSample, 'atMs'>[];
  /** Metric texts by id, e.g. `0.Source__src.pendingRecords`. */
  metrics: Record<string, string>;
  /** Over all subtasks, by name. */
  summaries?: Record<string, MetricSummary>;
  /** The job's page counts all its tasks as running. */
  running?: boolean;
}

export const NOT_FOUND: ReadFailure = { kind: 'not-found', message: 'gone', status: 404 };
export const REFUSED: ReadFailure = { kind: 'unreachable', message: 'refused' };

/** A Flink cluster in memory, for tests of everything after decoding. */
export class FakeFlinkClient implements FlinkClient {
  readonly url = 'http://fake:8081';
  version = '1.20.3';
  jobList: FakeJob[] = [];
  managers: { manager: TaskManager; sample?: TaskManagerSample }[] = [];
  options: Record<string, string> = { 'parallelism.default': '2' };
  /** CPU time of the JobManager since its start. */
  jobManagerCpuSeconds = 0;
  /** The whole cluster does not answer. */
  down: ReadFailure | undefined;
  /** Endpoints (method names) that fail. */
  readonly failing = new Map<keyof FlinkClient, ReadFailure>();
  /** Method names called, in order. */
  readonly calls: string[] = [];
  isClosed = false;
  /** Resolved before an answer; a test may hold it back. */
  gate: Promise<void> = Promise.resolve();
  readonly #clock: Clock;
  readonly #modified = new Map<string, { readonly phases: string; readonly atMs: number }>();
  #pace: Pace | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  setPace(pace: Pace): void {
    this.#pace = pace;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  clusterConfig() {
    return this.#answer('clusterConfig', () => ({
      flinkVersion: parseFlinkVersion(this.version),
      isHistoryServer: false,
      canRescale: false,
    }));
  }

  overview() {
    return this.#answer('overview', () => ({
      flinkVersion: parseFlinkVersion(this.version),
      taskManagers: this.managers.length,
      slotsTotal: 4,
      slotsAvailable: 1,
      jobsRunning: this.jobList.length,
    }));
  }

  jobs() {
    return this.#answer('jobs', () =>
      this.jobList.map(({ jobId, name, state, startMs, endMs }) => ({
        jobId,
        name,
        state,
        startMs,
        ...(endMs === undefined ? {} : { endMs }),
        lastModifiedMs: this.#lastModifiedMs(jobId),
        tasks: {},
      })),
    );
  }

  /** As Flink has it: when a task or the job last entered a state. */
  #lastModifiedMs(jobId: string): number {
    const job = this.jobList.find((one) => one.jobId === jobId);
    const phases = job?.vertices.map(({ subtasks, running }) => [
      running,
      ...subtasks.map(({ state, attempt, startMs, taskManagerId }) => [state, attempt, startMs, taskManagerId]),
    ]);
    const now = JSON.stringify([job?.state, job?.stateSinceMs, job?.edges, phases]);
    const before = this.#modified.get(jobId);
    if (before?.phases === now) return before.atMs;
    const atMs = this.#clock.nowMs();
    this.#modified.set(jobId, { phases: now, atMs });
    return atMs;
  }

  job(jobId: string) {
    return this.#ofJob('job', jobId, (job): JobDetail => ({
      jobId,
      name: job.name,
      state: job.state,
      type: 'STREAMING',
      startMs: job.startMs,
      ...(job.endMs === undefined ? {} : { endMs: job.endMs }),
      stateSinceMs: job.stateSinceMs,
      vertices: job.vertices.map((vertex) => ({
        vertexId: vertex.vertexId,
        name: vertex.name,
        parallelism: vertex.subtasks.length,
        tasks: vertex.running === true ? { RUNNING: vertex.subtasks.length } : {},
      })),
      edges: job.edges,
    }));
  }

  vertex(jobId: string, vertexId: string) {
    return this.#ofVertex('vertex', jobId, vertexId, (vertex) => ({
      vertexId,
      name: vertex.name,
      parallelism: vertex.subtasks.length,
      subtasks: vertex.subtasks.map((sample, subtask) => ({ ...sample, subtask, atMs: this.#clock.nowMs() })),
    }));
  }

  vertexMetricIds(jobId: string, vertexId: string) {
    return this.#ofVertex('vertexMetricIds', jobId, vertexId, (vertex) => [
      ...new Set(Object.keys(vertex.metrics).map((id) => id.slice(id.indexOf('.') + 1))),
    ]);
  }

  vertexMetrics(jobId: string, vertexId: string, ids: readonly string[]) {
    return this.#ofVertex('vertexMetrics', jobId, vertexId, (vertex) =>
      pick({ ...countersOf(vertex), ...vertex.metrics }, ids),
    );
  }

  vertexSummaries(jobId: string, vertexId: string, ids: readonly string[]) {
    return this.#ofVertex('vertexSummaries', jobId, vertexId, (vertex): MetricSummaries => {
      const summaries = ids.map((id) => [id, vertex.summaries?.[id]] as const);
      return summaries.every(([, summary]) => summary !== undefined)
        ? new Map(summaries.flatMap(([id, summary]) => (summary === undefined ? [] : [[id, summary] as const])))
        : new Map();
    });
  }

  operatorSummaries(jobId: string, vertexId: string, ids: readonly string[]) {
    return this.vertexSummaries(jobId, vertexId, ids);
  }

  checkpoints(jobId: string) {
    return this.#ofJob('checkpoints', jobId, (job) => ({
      counts: { total: 0, completed: 0, failed: 0, inProgress: 0, restored: 0 },
      history: job.checkpoints,
    }));
  }

  checkpointConfig(jobId: string) {
    return this.#ofJob('checkpointConfig', jobId, () => ({
      mode: 'exactly_once' as const,
      intervalMs: 10_000,
      timeoutMs: 600_000,
      minPauseMs: 0,
      maxConcurrent: 1,
      unaligned: false,
      externalized: false,
    }));
  }

  checkpoint(jobId: string, checkpointId: number) {
    return this.#ofJob('checkpoint', jobId, (job) => {
      const checkpoint = job.checkpoints.find((one) => one.id === checkpointId);
      return checkpoint && { checkpoint, vertexIds: job.vertices.map((vertex) => vertex.vertexId) };
    });
  }

  checkpointSubtasks(jobId: string, checkpointId: number, vertexId: string) {
    return this.#ofJob('checkpointSubtasks', jobId, (job): readonly CheckpointSubtask[] | undefined =>
      job.checkpoints.some((one) => one.id === checkpointId)
        ? [{ vertexId, subtask: 0, acknowledged: true, asyncMs: 5 }]
        : undefined,
    );
  }

  exceptions(jobId: string) {
    return this.#ofJob('exceptions', jobId, (job) => job.exceptions);
  }

  jobMetrics(jobId: string, ids: readonly string[]) {
    return this.#ofJob('jobMetrics', jobId, (job) => pick({ numRestarts: String(job.restarts) }, ids));
  }

  jobManagerMetrics(ids: readonly string[]) {
    return this.#answer('jobManagerMetrics', () =>
      pick({ 'Status.JVM.CPU.Time': String(this.jobManagerCpuSeconds * 1e9) }, ids),
    );
  }

  taskManagers() {
    return this.#answer('taskManagers', () => this.managers.map(({ manager }) => manager));
  }

  taskManager(taskManagerId: string) {
    return this.#answer('taskManager', () => {
      const found = this.managers.find(({ manager }) => manager.taskManagerId === taskManagerId);
      return found && { taskManager: found.manager, ...(found.sample === undefined ? {} : { sample: found.sample }) };
    });
  }

  taskManagerMetrics(_taskManagerId: string, ids: readonly string[]) {
    return this.#answer('taskManagerMetrics', () => pick({ 'Status.JVM.CPU.Time': '2500000000' }, ids));
  }

  configuration() {
    return this.#answer('configuration', () => this.options);
  }

  jobConfiguration(jobId: string) {
    return this.#ofJob('jobConfiguration', jobId, () => this.options);
  }

  jobConfig(jobId: string) {
    return this.#ofJob('jobConfig', jobId, () => ({ parallelism: 3, userConfig: {} }));
  }

  resourceRequirements(jobId: string) {
    return this.#ofJob('resourceRequirements', jobId, ({ requirements }) => requirements);
  }

  rescales(jobId: string) {
    return this.#ofJob('rescales', jobId, ({ rescales }) => rescales);
  }

  #ofJob<T>(method: keyof FlinkClient, jobId: string, value: (job: FakeJob) => T | undefined): Promise<Reading<T>> {
    return this.#answer(method, () => {
      const job = this.jobList.find((one) => one.jobId === jobId);
      return job && value(job);
    });
  }

  #ofVertex<T>(
    method: keyof FlinkClient,
    jobId: string,
    vertexId: string,
    value: (vertex: FakeVertex) => T,
  ): Promise<Reading<T>> {
    return this.#ofJob(method, jobId, (job) => {
      const vertex = job.vertices.find((one) => one.vertexId === vertexId);
      return vertex && value(vertex);
    });
  }

  async #answer<T>(method: keyof FlinkClient, value: () => T | undefined): Promise<Reading<T>> {
    await this.#pace?.();
    this.calls.push(method);
    await this.gate;
    const atMs = this.#clock.nowMs();
    const failure = this.down ?? this.failing.get(method);
    if (failure !== undefined) return { ok: false, failure, atMs };
    const found = value();
    return found === undefined ? { ok: false, failure: NOT_FOUND, atMs } : { ok: true, value: found, atMs };
  }
}

/** The counters that Flink has among the metrics too, where the page has them. */
function countersOf({ subtasks }: FakeVertex): Record<string, string> {
  const counters = Object.entries(TASK_COUNTERS) as [keyof typeof TASK_COUNTERS, string][];
  return Object.fromEntries(
    subtasks.flatMap((sample, subtask) =>
      counters.flatMap(([key, name]) =>
        sample[key] === undefined ? [] : [[`${subtask}.${name}`, String(sample[key])]],
      ),
    ),
  );
}

function pick(values: Readonly<Record<string, string>>, ids: readonly string[]): MetricValues {
  return new Map(ids.flatMap((id) => (values[id] === undefined ? [] : [[id, values[id]] as const])));
}

export const hex = (digit: string): string => digit.repeat(32);

/** A job `source → sink`, parallelism 1, running since `startMs`. */
export function fakeJob(jobId: string, name: string, startMs: number): FakeJob {
  const running = { state: 'RUNNING' as const, attempt: 0, startMs, runningSinceMs: startMs, taskManagerId: 'tm-1' };
  const zero = { busyMs: 0, idleMs: 0, backPressuredMs: 0, recordsIn: 0, recordsOut: 0, bytesIn: 0, bytesOut: 0 };
  return {
    jobId,
    name,
    state: 'RUNNING',
    startMs,
    stateSinceMs: { CREATED: startMs, RUNNING: startMs + 1 },
    edges: [{ fromVertexId: hex('a'), toVertexId: hex('b'), shipStrategy: 'HASH', blocking: false }],
    vertices: [
      { vertexId: hex('a'), name: 'Source: src', subtasks: [{ ...running, ...zero }], metrics: {} },
      { vertexId: hex('b'), name: 'sink', subtasks: [{ ...running, ...zero }], metrics: {} },
    ],
    restarts: 0,
    checkpoints: [],
    exceptions: { exceptions: [], isHistory: true },
  };
}

/** Lets a subtask work on for `seconds` at the given shares. */
export function work(
  vertex: FakeVertex | undefined,
  subtask: number,
  seconds: number,
  busy: number,
  rate: number,
): void {
  const before = vertex?.subtasks[subtask];
  if (vertex === undefined || before === undefined) throw new Error('no such subtask');
  vertex.subtasks[subtask] = {
    ...before,
    busyMs: (before.busyMs ?? 0) + busy * seconds * 1000,
    idleMs: (before.idleMs ?? 0) + (1 - busy) * seconds * 1000,
    backPressuredMs: before.backPressuredMs ?? 0,
    recordsIn: (before.recordsIn ?? 0) + rate * seconds,
    recordsOut: (before.recordsOut ?? 0) + rate * seconds,
  };
}
