import type {
  Checkpoint,
  JobException,
  StateChange,
  SubtaskRates,
  SubtaskSample,
  TaskManagerRates,
  VertexReading,
} from '../model/index.js';
import type {
  CheckpointRow,
  ExceptionRow,
  Figures,
  JobEvent,
  JobKey,
  JobRow,
  SeriesBatch,
  TaskManagerRow,
  VertexRow,
} from '../store/series-store.js';
import type { JobMetric } from '../store/series-metrics.js';
import { SubtaskRows } from '../store/subtask-rows.js';
import { defined } from '../model/index.js';
import { WIDE_SUBTASKS } from '../plan/checkpoint-turns.js';
import type { Happened } from './job-changes.js';
import { tellingSubtasks } from './telling-subtasks.js';

/** Collects the rows of one round. */
export class BatchBuilder {
  readonly #cluster: string;
  #subtasks = new SubtaskRows();
  #vertices: VertexRow[] = [];
  #taskManagers: TaskManagerRow[] = [];
  #jobs: JobRow[] = [];
  #checkpoints: CheckpointRow[] = [];
  #exceptions: ExceptionRow[] = [];
  #events: JobEvent[] = [];

  constructor(cluster: string) {
    this.#cluster = cluster;
  }

  subtask(job: JobKey, vertexId: string, subtask: number, sample: SubtaskSample, rates: SubtaskRates): void {
    if (isEmpty(rates)) return;
    const { atMs, attempt } = sample;
    this.#subtasks.add(job, vertexId, { atMs, subtask, attempt, figures: rates });
  }

  vertex(job: JobKey, vertexId: string, reading: VertexReading): void {
    const { atMs, busyMaxRatio, backPressuredMaxRatio } = reading;
    const { recordsInPerSecond, recordsOutPerSecond, pendingRecords, watermarkMs } = reading;
    const figures = defined<VertexRow['figures']>({
      busyRatio: busyMaxRatio,
      backPressuredRatio: backPressuredMaxRatio,
      recordsInPerSecond,
      recordsOutPerSecond,
      pendingRecords,
      watermarkMs,
    });
    if (Object.keys(figures).length > 0) this.#vertices.push({ ...keyOf(job), atMs, vertexId, figures });
  }

  taskManager(taskManagerId: string, atMs: number, rates: TaskManagerRates): void {
    this.#taskManagers.push({ cluster: this.#cluster, taskManagerId, atMs, figures: rates });
  }

  job(job: JobKey, atMs: number, state: JobRow['state'], figures: Figures<JobMetric>): void {
    this.#jobs.push({ ...keyOf(job), atMs, state, figures });
  }

  checkpoint(job: JobKey, checkpoint: Checkpoint): void {
    const { details = [] } = checkpoint;
    const stored = details.length > WIDE_SUBTASKS ? { ...checkpoint, details: tellingSubtasks(details) } : checkpoint;
    this.#checkpoints.push({ ...keyOf(job), checkpoint: stored });
  }

  exceptions(job: JobKey, exceptions: readonly JobException[]): void {
    for (const exception of exceptions) this.#exceptions.push({ ...keyOf(job), exception });
  }

  states(job: JobKey, changes: readonly StateChange[]): void {
    for (const { atMs, state } of changes) this.event(job, atMs, 'state', state);
  }

  event(job: JobKey, atMs: number, kind: JobEvent['kind'], text: string): void {
    this.#events.push({ ...keyOf(job), atMs, kind, text });
  }

  /** What a change is to be told as; undefined for one that is no news. */
  happened(job: JobKey, what: Happened | undefined): void {
    if (what !== undefined) this.event(job, what.atMs, what.kind, what.text);
  }

  /** Rows of subtasks gathered so far: the other kinds are few. */
  get subtaskRows(): number {
    return this.#subtasks.length;
  }

  /** What was gathered since the last time; the builder begins anew. */
  take(): SeriesBatch {
    const batch = {
      subtasks: this.#subtasks,
      vertices: this.#vertices,
      taskManagers: this.#taskManagers,
      jobs: this.#jobs,
      checkpoints: this.#checkpoints,
      exceptions: this.#exceptions,
      events: this.#events,
    };
    this.#subtasks = new SubtaskRows();
    this.#vertices = [];
    this.#taskManagers = [];
    this.#jobs = [];
    this.#checkpoints = [];
    this.#exceptions = [];
    this.#events = [];
    return batch;
  }
}

/** Without a list of its keys, which would be thrown away for each subtask of a fleet. */
function isEmpty(figures: object): boolean {
  for (const _key in figures) return false;
  return true;
}

const keyOf = ({ cluster, jobName, jobId }: JobKey): JobKey => ({ cluster, jobName, jobId });
