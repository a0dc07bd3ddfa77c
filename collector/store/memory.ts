import type { Checkpoint, JobException, JobState } from '../model/index.js';
import { bucketValue, stepOf, toPoints, type Bucket, type Weighted } from './buckets.js';
import { MAX_MEMORY_ROWS, MAX_RECORDS } from './limits.js';
import { newestOf, uniqueCheckpoints, uniqueEvents, uniqueExceptions, uniqueReports } from './records.js';
import { isJobMetric, isVertexMetric, shapeOf, type MetricShape } from './series-metrics.js';
import type {
  CheckpointRow,
  ExceptionRow,
  JobEvent,
  JobRow,
  JobSelector,
  ReportQuery,
  ReportRecord,
  Rows,
  SeriesBatch,
  SeriesPoint,
  SeriesQuery,
  SeriesStore,
  StoredJob,
  StoreHealth,
  SubtaskRow,
  TaskManagerRow,
  TimeRange,
  VertexRow,
} from './series-store.js';

export interface MemoryStoreOptions {
  /** Rows of each kind; the oldest go first. */
  readonly maxRows?: number;
}

/** A store in RAM: for one-shot diagnoses and tests. Nothing survives the process. */
export function createMemoryStore(options: MemoryStoreOptions = {}): SeriesStore {
  return new MemoryStore(options.maxRows ?? MAX_MEMORY_ROWS);
}

/** One reading of one metric; `part` is the subtask or TaskManager it is of. */
interface Reading {
  readonly atMs: number;
  readonly part: string;
  readonly value: number;
}

class MemoryStore implements SeriesStore {
  readonly #maxRows: number;
  readonly #subtasks: SubtaskRow[] = [];
  readonly #vertices: VertexRow[] = [];
  readonly #taskManagers: TaskManagerRow[] = [];
  readonly #jobs: JobRow[] = [];
  readonly #checkpoints: CheckpointRow[] = [];
  readonly #exceptions: ExceptionRow[] = [];
  readonly #events: JobEvent[] = [];
  readonly #reports: ReportRecord[] = [];
  #dropped = 0;
  #written = 0;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  append(batch: SeriesBatch): Promise<boolean> {
    this.#push(this.#subtasks, batch.subtasks);
    this.#push(this.#vertices, batch.vertices);
    this.#push(this.#taskManagers, batch.taskManagers);
    this.#push(this.#jobs, batch.jobs);
    this.#push(this.#checkpoints, batch.checkpoints);
    this.#push(this.#exceptions, batch.exceptions);
    this.#push(this.#events, batch.events);
    return Promise.resolve(true);
  }

  appendEvents(events: readonly JobEvent[]): Promise<boolean> {
    this.#push(this.#events, events);
    return Promise.resolve(true);
  }

  saveReport(report: ReportRecord): Promise<boolean> {
    this.#push(this.#reports, [report]);
    return Promise.resolve(true);
  }

  series(query: SeriesQuery): Promise<readonly SeriesPoint[]> {
    const stepMs = stepOf(query);
    const inRange = this.#readings(query).filter(({ atMs }) => atMs >= query.fromMs && atMs < query.toMs);
    return Promise.resolve(toPoints(downSample(inRange, query.fromMs, stepMs, shapeOf(query.metric)), query, stepMs));
  }

  seriesOf(queries: readonly SeriesQuery[]): Promise<readonly (readonly SeriesPoint[])[]> {
    return Promise.all(queries.map((query) => this.series(query)));
  }

  checkpoints(job: JobSelector, range: TimeRange): Promise<readonly Checkpoint[]> {
    const rows = this.#checkpoints.filter((row) => isOf(row, job)).map((row) => row.checkpoint);
    const found = uniqueCheckpoints(rows).filter(({ triggerMs }) => isWithin(triggerMs, range));
    return Promise.resolve(newestOf(found, MAX_RECORDS));
  }

  exceptions(job: JobSelector, range: TimeRange): Promise<readonly JobException[]> {
    const rows = this.#exceptions.filter((row) => isOf(row, job)).map((row) => row.exception);
    return Promise.resolve(
      newestOf(
        uniqueExceptions(rows).filter(({ atMs }) => isWithin(atMs, range)),
        MAX_RECORDS,
      ),
    );
  }

  events(job: JobSelector, range: TimeRange): Promise<readonly JobEvent[]> {
    const rows = this.#events.filter((row) => isOf(row, job) && isWithin(row.atMs, range));
    return Promise.resolve(newestOf(uniqueEvents(rows), MAX_RECORDS));
  }

  loadReports(query: ReportQuery): Promise<readonly ReportRecord[]> {
    const isWanted = (row: ReportRecord): boolean =>
      isWithin(row.atMs, query) &&
      (query.cluster ?? row.cluster) === row.cluster &&
      (query.jobName ?? row.jobName) === row.jobName &&
      (query.jobId ?? row.jobId) === row.jobId &&
      (query.kind ?? row.kind) === row.kind;
    return Promise.resolve(uniqueReports(this.#reports.filter(isWanted)));
  }

  jobs(range: TimeRange): Promise<readonly StoredJob[]> {
    const found = new Map<string, StoredJob>();
    for (const row of this.#jobs) {
      if (!isWithin(row.atMs, range)) continue;
      const key = `${row.cluster}|${row.jobId}`;
      found.set(key, extended(found.get(key), row, row.state));
    }
    return Promise.resolve([...found.values()]);
  }

  dropBefore(ms: number): Promise<void> {
    for (const rows of [this.#subtasks, this.#vertices, this.#taskManagers, this.#jobs]) {
      const kept = rows.findIndex((row) => row.atMs >= ms);
      rows.splice(0, kept < 0 ? rows.length : kept);
    }
    return Promise.resolve();
  }

  health(): StoreHealth {
    return {
      kind: 'memory',
      ok: true,
      queuedRows: 0,
      droppedRows: this.#dropped,
      writtenRows: this.#written,
      damagedFiles: [],
    };
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #readings(query: SeriesQuery): readonly Reading[] {
    const { metric } = query;
    if (isVertexMetric(metric))
      return [
        ...this.#subtasks
          .filter((row) => isOf(row, query) && row.vertexId === query.vertexId)
          .filter((row) => (query.subtask ?? row.subtask) === row.subtask)
          .flatMap((row) => toReading(row.atMs, String(row.subtask), row.figures[metric])),
        ...(query.subtask === undefined ? this.#vertices : [])
          .filter((row) => isOf(row, query) && row.vertexId === query.vertexId)
          .flatMap((row) => toReading(row.atMs, WHOLE, row.figures[metric])),
      ];
    if (isJobMetric(metric))
      return this.#jobs
        .filter((row) => isOf(row, query))
        .flatMap((row) => toReading(row.atMs, '', row.figures[metric]));
    return this.#taskManagers
      .filter((row) => row.cluster === query.cluster)
      .filter((row) => (query.taskManagerId ?? row.taskManagerId) === row.taskManagerId)
      .flatMap((row) => toReading(row.atMs, row.taskManagerId, row.figures[metric]));
  }

  #push<T>(list: T[], rows: Rows<T>): void {
    for (const row of rows) list.push(row);
    this.#written += rows.length;
    const surplus = list.length - this.#maxRows;
    if (surplus <= 0) return;
    list.splice(0, surplus);
    this.#dropped += surplus;
  }
}

const toReading = (atMs: number, part: string, value: number | undefined): readonly Reading[] =>
  value === undefined ? [] : [{ atMs, part, value }];

const isWithin = (atMs: number, range: TimeRange): boolean => atMs >= range.fromMs && atMs < range.toMs;

function isOf(row: { cluster: string; jobName: string; jobId: string }, job: JobSelector): boolean {
  return (
    row.cluster === job.cluster &&
    (job.jobName ?? row.jobName) === row.jobName &&
    (job.jobId ?? row.jobId) === row.jobId
  );
}

function extended(before: StoredJob | undefined, row: JobRow, state: JobState): StoredJob {
  const { cluster, jobName, jobId, atMs } = row;
  return { cluster, jobName, jobId, firstMs: before?.firstMs ?? atMs, lastMs: atMs, lastState: state };
}

/** The part of a reading of the whole vertex. */
const WHOLE = 'whole';

/** First over time for each part, then over the parts: a busy subtask must not vanish among idle ones. */
function downSample(
  readings: readonly Reading[],
  fromMs: number,
  stepMs: number,
  shape: MetricShape,
): readonly Bucket[] {
  const buckets = new Map<number, Map<string, number[]>>();
  for (const { atMs, part, value } of readings) {
    const index = Math.floor((atMs - fromMs) / stepMs);
    const parts = buckets.get(index) ?? new Map<string, number[]>();
    buckets.set(index, parts);
    const values = parts.get(part);
    if (values === undefined) parts.set(part, [value]);
    else values.push(value);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([index, parts]) => ({ index, value: bucketValue([...partsOf(parts, shape)], shape) }));
}

/** The subtasks of a bucket brought together, and the readings of the whole vertex. */
function* partsOf(parts: ReadonlyMap<string, readonly number[]>, shape: MetricShape): Generator<Weighted> {
  const whole = parts.get(WHOLE);
  if (whole !== undefined) yield { value: combine(whole, shape.overTime), readings: whole.length };
  const perSubtask = [...parts].flatMap(([part, values]) => (part === WHOLE ? [] : [values]));
  if (perSubtask.length === 0) return;
  yield {
    value: combine(
      perSubtask.map((values) => combine(values, shape.overTime)),
      shape.overSubtasks,
    ),
    readings: Math.max(...perSubtask.map((values) => values.length)),
  };
}

function combine(values: readonly number[], how: 'avg' | 'sum' | 'max' | 'min'): number {
  if (how === 'max') return Math.max(...values);
  if (how === 'min') return Math.min(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return how === 'sum' ? sum : sum / values.length;
}
