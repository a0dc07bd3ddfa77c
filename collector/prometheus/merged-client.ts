import { systemClock, type Clock } from '../clock.js';
import type { MetricSummaries, MetricSummary, MetricValues } from '../flink/decode/metrics.decode.js';
import { toCount, toFigure } from '../flink/decode/fields.decode.js';
import { RestFlinkClient, type FlinkClient, type Transport } from '../flink/client.js';
import { summaryOfSubtasks } from '../flink/metric-summary.js';
import {
  allTasksRun,
  defined,
  type JobDetail,
  type JobSummary,
  type Reading,
  type VertexDetail,
} from '../model/index.js';
import { TASK_COUNTERS } from '../plan/vertex-metrics.js';
import type { ProcessFigures, TaskFigures } from './figures.js';
import { PAGE_MAX_AGE_MS } from './limits.js';
import { plainName } from './reporter-names.js';
import type { Reporters } from './reporters.js';

type Subtask = VertexDetail['subtasks'][number];

/**
 * A cluster read over REST, with the metrics taken from its Prometheus reporters where these have them all. Every reading
 * comes from one of the two, so nothing is counted twice; REST says what no reporter does (states, plans, checkpoints) and
 * steps in for each vertex and process whose reporter is silent. The counters are the same objects in Flink: only their age
 * differs, 0 s here and up to 10 s over REST (REST-TRUTH fact 4).
 */
export function createMergedClient(transport: Transport, reporters: Reporters, clock = systemClock): FlinkClient {
  return new MergedClient(transport, reporters, clock);
}

interface Page {
  readonly detail: VertexDetail;
  readonly atMs: number;
}

class MergedClient extends RestFlinkClient {
  readonly #reporters: Reporters;
  readonly #clock: Clock;
  /** Vertices whose subtasks all run, by job: only they are as their page last said. */
  readonly #running = new Map<string, ReadonlySet<string>>();
  readonly #pages = new Map<string, Map<string, Page>>();

  constructor(transport: Transport, reporters: Reporters, clock: Clock) {
    super(transport);
    this.#reporters = reporters;
    this.#clock = clock;
  }

  override async jobs(): Promise<Reading<readonly JobSummary[]>> {
    const reading = await super.jobs();
    if (reading.ok) this.#forgetOthers(new Set(reading.value.map(({ jobId }) => jobId)));
    return reading;
  }

  override async job(jobId: string): Promise<Reading<JobDetail>> {
    const reading = await super.job(jobId);
    if (!reading.ok) return reading;
    const running = reading.value.vertices.filter(allTasksRun);
    this.#running.set(jobId, new Set(running.map(({ vertexId }) => vertexId)));
    return reading;
  }

  override async vertex(jobId: string, vertexId: string): Promise<Reading<VertexDetail>> {
    const kept = this.#pages.get(jobId)?.get(vertexId);
    const composed = this.#isCurrent(jobId, vertexId, kept) ? this.#compose(jobId, kept.detail) : undefined;
    if (composed !== undefined) return composed;
    const reading = await super.vertex(jobId, vertexId);
    if (!reading.ok) return reading;
    const pages = this.#pages.get(jobId) ?? new Map<string, Page>();
    this.#pages.set(jobId, pages.set(vertexId, { detail: reading.value, atMs: reading.atMs }));
    return this.#compose(jobId, reading.value) ?? reading;
  }

  knowsSubtasks(jobId: string, vertexId: string): boolean {
    const page = this.#pages.get(jobId)?.get(vertexId);
    return this.#isCurrent(jobId, vertexId, page) && this.#compose(jobId, page.detail) !== undefined;
  }

  override vertexMetrics(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    const asked = ids.map(splitId);
    const tasks = this.#tasks(jobId, vertexId, Math.max(0, ...asked.map(({ subtask }) => subtask + 1)));
    if (tasks === undefined) return super.vertexMetrics(jobId, vertexId, ids);
    const values = new Map<string, string>();
    for (const { id, subtask, name } of asked) {
      const value = tasks[subtask]?.values.get(name);
      if (value !== undefined) values.set(id, String(value));
    }
    return found(values, newest(tasks));
  }

  override async vertexMetricIds(jobId: string, vertexId: string): Promise<Reading<readonly string[]>> {
    const reading = await super.vertexMetricIds(jobId, vertexId);
    if (reading.ok && reading.value.length > 0) return reading;
    // REST's way to the TaskManagers' metrics is a port of its own, which networks often close.
    const ids = this.#reporters.figures.operatorIds(jobId, vertexId);
    return ids.length === 0 ? reading : { ok: true, value: ids, atMs: reading.atMs };
  }

  override vertexSummaries(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricSummaries>> {
    const parallelism = this.#pages.get(jobId)?.get(vertexId)?.detail.parallelism ?? 0;
    const tasks = this.#tasks(jobId, vertexId, parallelism);
    if (tasks === undefined) return super.vertexSummaries(jobId, vertexId, ids);
    const summaries = ids.flatMap((id): [string, MetricSummary][] => {
      const values = tasks.flatMap((task) => toFigure(task.values.get(plainName(id))) ?? []);
      return values.length === 0 ? [] : [[id, summaryOfSubtasks(values)]];
    });
    return found(new Map(summaries), newest(tasks));
  }

  override jobMetrics(jobId: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    return this.#ofProcess(this.#reporters.figures.job(jobId), ids) ?? super.jobMetrics(jobId, ids);
  }

  override jobManagerMetrics(ids: readonly string[]): Promise<Reading<MetricValues>> {
    return this.#ofProcess(this.#reporters.figures.jobManager(), ids) ?? super.jobManagerMetrics(ids);
  }

  override taskManagerMetrics(taskManagerId: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    const figures = this.#reporters.figures.taskManager(taskManagerId);
    return this.#ofProcess(figures, ids) ?? super.taskManagerMetrics(taskManagerId, ids);
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#reporters.close()]);
  }

  #forgetOthers(jobIds: ReadonlySet<string>): void {
    for (const map of [this.#running, this.#pages]) for (const id of map.keys()) if (!jobIds.has(id)) map.delete(id);
  }

  #isFresh(atMs: number): boolean {
    return this.#clock.nowMs() - atMs <= this.#reporters.maxAgeMs;
  }

  #tasks(jobId: string, vertexId: string, parallelism: number): readonly TaskFigures[] | undefined {
    const tasks = this.#reporters.figures.tasks(jobId, vertexId, parallelism);
    return tasks?.every(({ atMs }) => this.#isFresh(atMs)) === true ? tasks : undefined;
  }

  #isCurrent(jobId: string, vertexId: string, page: Page | undefined): page is Page {
    if (page === undefined || this.#clock.nowMs() - page.atMs > PAGE_MAX_AGE_MS) return false;
    return this.#running.get(jobId)?.has(vertexId) === true;
  }

  /** The page with the reporters' counters; undefined unless they tell of the same attempts on the same TaskManagers. */
  #compose(jobId: string, page: VertexDetail): Reading<VertexDetail> | undefined {
    const tasks = this.#tasks(jobId, page.vertexId, page.parallelism);
    if (tasks === undefined) return undefined;
    const subtasks = page.subtasks.flatMap((subtask) => composed(subtask, tasks[subtask.subtask]) ?? []);
    if (subtasks.length < page.subtasks.length) return undefined;
    return { ok: true, value: { ...page, subtasks }, atMs: newest(tasks) };
  }

  /** Undefined unless the process has every one of them. */
  #ofProcess(figures: ProcessFigures | undefined, ids: readonly string[]): Promise<Reading<MetricValues>> | undefined {
    if (figures === undefined || !this.#isFresh(figures.atMs)) return undefined;
    const values = new Map<string, string>();
    for (const id of ids) {
      const value = figures.values.get(plainName(id));
      if (value === undefined) return undefined;
      values.set(id, String(value));
    }
    return found(values, figures.atMs);
  }
}

const found = <T>(value: T, atMs: number): Promise<Reading<T>> => Promise.resolve({ ok: true, value, atMs });

/** A server's samples of two TaskManagers are of two moments: the newest stands for all, rates go by each task's own clock. */
const newest = (tasks: readonly TaskFigures[]): number => Math.max(...tasks.map(({ atMs }) => atMs));

/** `3.Source__orders.pendingRecords` → subtask 3, `Source__orders_pendingRecords`. */
function splitId(id: string): { readonly id: string; readonly subtask: number; readonly name: string } {
  const dot = id.indexOf('.');
  return { id, subtask: Number(id.slice(0, dot)), name: plainName(id.slice(dot + 1)) };
}

const COUNTERS = Object.entries(TASK_COUNTERS) as readonly [keyof typeof TASK_COUNTERS, string][];

/** Undefined for another attempt or TaskManager, and where the reporter leaves out what the page has (`filter.includes`). */
function composed(subtask: Subtask, task: TaskFigures | undefined): Subtask | undefined {
  if (task?.attempt !== subtask.attempt || subtask.state !== 'RUNNING') return undefined;
  if (subtask.taskManagerId !== undefined && plainName(subtask.taskManagerId) !== task.taskManagerId) return undefined;
  const counters: Partial<Record<keyof typeof TASK_COUNTERS, number | undefined>> = {};
  for (const [key, metric] of COUNTERS) {
    if (subtask[key] !== undefined && !task.values.has(metric)) return undefined;
    counters[key] = toCount(task.values.get(metric));
  }
  return defined<Subtask>({ ...EMPTY, ...subtask, ...counters, atMs: task.atMs });
}

/** `defined` wants every key named. */
const EMPTY = {
  startMs: undefined,
  runningSinceMs: undefined,
  taskManagerId: undefined,
  busyMs: undefined,
  idleMs: undefined,
  backPressuredMs: undefined,
  recordsIn: undefined,
  recordsOut: undefined,
  bytesIn: undefined,
  bytesOut: undefined,
  watermarkMs: undefined,
  pendingRecords: undefined,
};
