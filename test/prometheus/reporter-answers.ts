/** One sample of a reporter. */
export type Sink = (name: string, labels: Readonly<Record<string, string>>, value: number) => void;
/** Ends the samples of the pages that match. */
export type Drop = (matches: (path: string) => boolean) => void;

type Labels = Readonly<Record<string, string>>;

interface JobPage {
  readonly jid: string;
  readonly name: string;
  readonly vertices?: readonly { readonly id: string; readonly tasks: Readonly<Record<string, number>> }[];
}
interface VertexPage {
  readonly id: string;
  readonly name: string;
  readonly subtasks: readonly {
    readonly subtask: number;
    readonly attempt: number;
    readonly status: string;
    readonly 'taskmanager-id': string;
    readonly metrics: Readonly<Record<string, unknown>>;
  }[];
}
interface Checkpoints {
  readonly counts?: { readonly total: number };
  readonly latest?: {
    readonly completed?: { readonly end_to_end_duration: number; readonly state_size: number } | null;
  };
}
interface JobsOverview {
  readonly jobs: readonly { readonly jid: string; readonly state: string }[];
}
interface TaskManagers {
  readonly taskmanagers: readonly { readonly id: string }[];
}
interface Metric {
  readonly id: string;
  readonly value?: string;
}

/** The reporter writes every other sign in the value of a label as `_` (`AbstractPrometheusReporter`). */
const plain = (name: string): string => name.replace(/[^a-zA-Z0-9:_]/g, '_');
const scraped = (process: string): Labels => ({ job: 'flink', instance: `${process}:9249`, host: 'localhost' });
const JOB_MANAGER = scraped('jobmanager');
const TERMINAL = new Set(['FINISHED', 'CANCELED', 'FAILED', 'SUSPENDED']);
const ALIVE = ['RUNNING', 'INITIALIZING'];

const TASK_COUNTERS: Readonly<Record<string, string>> = {
  accumulateBusyTimeMs: 'accumulated-busy-time',
  accumulateIdleTimeMs: 'accumulated-idle-time',
  accumulateBackPressuredTimeMs: 'accumulated-backpressured-time',
  numRecordsIn: 'read-records',
  numRecordsOut: 'write-records',
  numBytesIn: 'read-bytes',
  numBytesOut: 'write-bytes',
};

/** Writes what the answers of a JobManager show as the samples that the reporters have of the same objects. */
export class ReporterSamples {
  readonly #jobNames = new Map<string, string>();
  /** Labels of the running subtasks, by vertex id and index. */
  readonly #tasks = new Map<string, Labels>();
  readonly #hasAllCollectors: boolean;

  constructor(flink: string) {
    const [major = 0, minor = 0] = flink.split('.').map(Number);
    this.#hasAllCollectors = major > 1 || minor >= 19;
  }

  /** The recordings are this repository's: their shapes are known, and a wrong one fails the tests. */
  add(path: string, text: string, sink: Sink, drop: Drop): void {
    const [page = '', query = ''] = path.split('?');
    const [, root, id = '', what, vertexId, more] = page.split('/');
    if (page === '/overview') addOverview(JSON.parse(text) as Readonly<Record<string, number>>, sink);
    else if (page === '/taskmanagers') addTaskManagers(JSON.parse(text) as TaskManagers, sink, drop);
    else if (root === 'taskmanagers' && what === 'metrics') this.#addTaskManager(id, metricsOf(text), sink);
    else if (page === '/jobs/overview') endJobs(JSON.parse(text) as JobsOverview, drop);
    else if (root !== 'jobs') return;
    else if (what === undefined) this.#readJob(JSON.parse(text) as JobPage, drop);
    else if (what === 'metrics') this.#addJob(id, metricsOf(text), sink);
    else if (what === 'checkpoints' && vertexId === undefined)
      this.#addCheckpoints(id, JSON.parse(text) as Checkpoints, sink);
    else if (what === 'vertices' && more === undefined) this.#addVertex(id, JSON.parse(text) as VertexPage, sink);
    else if (more === 'metrics' && query.startsWith('get=')) this.#addTasks(vertexId ?? '', metricsOf(text), sink);
  }

  /** Tasks that do not run have no metrics; REST shows their last ones. */
  #readJob({ jid, name, vertices }: JobPage, drop: Drop): void {
    this.#jobNames.set(jid, name);
    for (const { id, tasks } of vertices ?? []) {
      if (ALIVE.some((state) => (tasks[state] ?? 0) > 0)) continue;
      drop((path) => path.startsWith(`/jobs/${jid}/vertices/${id}`));
    }
  }

  #jobLabels(jobId: string): Labels {
    return { job_id: jobId, job_name: plain(this.#jobNames.get(jobId) ?? '') };
  }

  #addJob(jobId: string, metrics: ReadonlyMap<string, number>, sink: Sink): void {
    for (const [id, value] of metrics)
      sink(`flink_jobmanager_job_${id}`, { ...JOB_MANAGER, ...this.#jobLabels(jobId) }, value);
  }

  #addCheckpoints(jobId: string, { counts, latest }: Checkpoints, sink: Sink): void {
    const labels = { ...JOB_MANAGER, ...this.#jobLabels(jobId) };
    if (counts !== undefined) sink('flink_jobmanager_job_totalNumberOfCheckpoints', labels, counts.total);
    const completed = latest?.completed;
    sink('flink_jobmanager_job_lastCheckpointDuration', labels, completed?.end_to_end_duration ?? -1);
    sink('flink_jobmanager_job_lastCheckpointSize', labels, completed?.state_size ?? -1);
  }

  #addVertex(jobId: string, { id, name, subtasks }: VertexPage, sink: Sink): void {
    for (const { subtask, attempt, status, metrics, 'taskmanager-id': taskManagerId } of subtasks) {
      const key = `${id}/${subtask}`;
      this.#tasks.delete(key);
      if (!ALIVE.includes(status)) continue;
      const labels = {
        ...scraped(taskManagerId),
        ...this.#jobLabels(jobId),
        tm_id: plain(taskManagerId),
        task_id: id,
        task_name: plain(name),
        subtask_index: String(subtask),
        task_attempt_num: String(attempt),
        task_attempt_id: `${id}_${subtask}_${attempt}`,
      };
      this.#tasks.set(key, labels);
      for (const [metric, field] of Object.entries(TASK_COUNTERS)) {
        const value = metrics[field];
        if (value !== undefined) sink(`flink_taskmanager_job_task_${metric}`, labels, Number(value));
      }
    }
  }

  /** `0.currentInputWatermark` is the task's, `0.Source__src.pendingRecords` an operator's. */
  #addTasks(vertexId: string, metrics: ReadonlyMap<string, number>, sink: Sink): void {
    for (const [id, value] of metrics) {
      const [, subtask, operator, metric = ''] = /^(\d+)\.(?:(.+)\.)?(\w+)$/.exec(id) ?? [];
      const labels = this.#tasks.get(`${vertexId}/${subtask}`);
      if (labels === undefined) continue;
      if (operator === undefined) sink(`flink_taskmanager_job_task_${metric}`, labels, value);
      else
        sink(
          `flink_taskmanager_job_task_operator_${metric}`,
          { ...labels, operator_id: vertexId, operator_name: plain(operator) },
          value,
        );
    }
  }

  #addTaskManager(id: string, metrics: ReadonlyMap<string, number>, sink: Sink): void {
    const labels = { ...scraped(id), tm_id: plain(id) };
    for (const [metric, value] of metrics) sink(`flink_taskmanager_${metric.replace(/\W/g, '_')}`, labels, value);
    if (!this.#hasAllCollectors) return;
    for (const figure of ['Time', 'Count']) {
      const ofEach = [...metrics].filter(([metric]) => metric.includes('GarbageCollector') && metric.endsWith(figure));
      if (ofEach.length === 0) continue;
      const all = ofEach.reduce((sum, [, value]) => sum + value, 0);
      sink(`flink_taskmanager_Status_JVM_GarbageCollector_All_${figure}`, labels, all);
    }
  }
}

const metricsOf = (text: string): ReadonlyMap<string, number> =>
  new Map((JSON.parse(text) as readonly Metric[]).map(({ id, value }) => [id, Number(value ?? NaN)]));

function addOverview(body: Readonly<Record<string, number>>, sink: Sink): void {
  sink('flink_jobmanager_taskSlotsTotal', JOB_MANAGER, body['slots-total'] ?? 0);
  sink('flink_jobmanager_taskSlotsAvailable', JOB_MANAGER, body['slots-available'] ?? 0);
  sink('flink_jobmanager_numRunningJobs', JOB_MANAGER, body['jobs-running'] ?? 0);
}

/** The reporter of a TaskManager ends with it. */
function addTaskManagers({ taskmanagers }: TaskManagers, sink: Sink, drop: Drop): void {
  sink('flink_jobmanager_numRegisteredTaskManagers', JOB_MANAGER, taskmanagers.length);
  const alive = new Set(taskmanagers.map(({ id }) => id));
  drop((path) => {
    const [, id] = /^\/taskmanagers\/([^/]+)\/metrics/.exec(path) ?? [];
    return id !== undefined && !alive.has(id);
  });
}

/** The metrics of a job end with it. */
function endJobs({ jobs }: JobsOverview, drop: Drop): void {
  for (const { jid } of jobs.filter(({ state }) => TERMINAL.has(state)))
    drop((path) => path.startsWith(`/jobs/${jid}/`));
}
