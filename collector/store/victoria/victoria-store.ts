import { readFileSync } from 'node:fs';
import type { InfluxDB } from 'influx';
import { systemClock, type Clock } from '../../clock.js';
import type { Checkpoint, JobException } from '../../model/index.js';
import { QueryApi, type AnsweredSeries } from '../../http/query-api.js';
import { eachLimited } from '../../round/each-limited.js';
import { pointsOfParts, stepOf, type Weighted } from '../buckets.js';
import {
  DEFAULT_RAW_KEPT_MS,
  MAX_ANSWER_BYTES,
  MAX_QUEUED_ROWS,
  QUERIES_AT_ONCE,
  SERVER_TIMEOUT_MS,
} from '../limits.js';
import { influxClient, writeInPortions, type ServerAddress } from '../line/client.js';
import { JOB, samplePoints, STATE, stateOf } from '../line/points.js';
import { fromText } from '../line/text.js';
import type {
  JobEvent,
  JobSelector,
  ReportQuery,
  ReportRecord,
  SeriesBatch,
  SeriesPoint,
  SeriesQuery,
  SeriesStore,
  StoredBatch,
  StoredJob,
  StoreHealth,
  TimeRange,
} from '../series-store.js';
import { ServerWriter } from '../server-writer.js';
import { selector, seriesExpressions } from './series-query.js';

export interface VictoriaStoreOptions extends ServerAddress {
  /** Keeps what is not a series: checkpoints, exceptions, events, reports of this process's clusters. Closed with this store. */
  readonly records: SeriesStore;
  /** Samples older than this are not sent. Default 3 days. What the server keeps it is told by its own `-retentionPeriod`. */
  readonly rawKeptMs?: number;
  readonly log?: (line: string) => void;
  readonly clock?: Clock;
  readonly maxQueuedRows?: number;
  readonly autoFlush?: boolean;
}

/** Series in a Prometheus-compatible store that also takes the line protocol, for fleets beyond one node; records beside it. */
export function openVictoriaStore(options: VictoriaStoreOptions): SeriesStore {
  return new VictoriaStore(options);
}

class VictoriaStore implements SeriesStore {
  readonly #database: string;
  readonly #records: SeriesStore;
  readonly #client: InfluxDB;
  readonly #api: QueryApi;
  readonly #clock: Clock;
  readonly #rawKeptMs: number;
  readonly #writer: ServerWriter;

  constructor(options: VictoriaStoreOptions) {
    this.#database = options.database;
    this.#records = options.records;
    this.#client = influxClient(options);
    const authorization = authorizationOf(options);
    this.#api = new QueryApi({
      url: options.url,
      what: 'VictoriaMetrics',
      timeoutMs: SERVER_TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
      headers: () => Promise.resolve(authorization === undefined ? {} : { authorization }),
    });
    this.#clock = options.clock ?? systemClock;
    this.#rawKeptMs = options.rawKeptMs ?? DEFAULT_RAW_KEPT_MS;
    this.#writer = new ServerWriter({
      kind: 'victoriametrics',
      clock: this.#clock,
      maxQueuedRows: options.maxQueuedRows ?? MAX_QUEUED_ROWS,
      autoFlush: options.autoFlush ?? true,
      log: (line) => options.log?.(line),
      write: (batches) => this.#write(batches),
    });
  }

  async append(batch: SeriesBatch): Promise<boolean> {
    const { subtasks, vertices, taskManagers, jobs, ...records } = batch;
    const kept = await Promise.all([
      this.#writer.add({ subtasks, vertices, taskManagers, jobs }),
      this.#records.append({ ...records, subtasks: [], vertices: [], taskManagers: [], jobs: [] }),
    ]);
    return kept.every(Boolean);
  }

  appendEvents(events: readonly JobEvent[]): Promise<boolean> {
    return this.#records.appendEvents(events);
  }

  saveReport(report: ReportRecord): Promise<boolean> {
    return this.#records.saveReport(report);
  }

  async series(query: SeriesQuery): Promise<readonly SeriesPoint[]> {
    const stepMs = stepOf(query);
    // The server's window ends with the time asked for, so a bucket is asked for at its last millisecond.
    const firstMs = query.fromMs + stepMs - 1;
    const buckets = new Map<number, Weighted[]>();
    for (const { value, readings } of seriesExpressions(this.#database, query)) {
      const ask = (expression: string): Promise<readonly AnsweredSeries[]> =>
        this.#api.range(expression, firstMs, Math.max(firstMs, query.toMs - 1 + stepMs - 1), stepMs);
      const [found, counts] = await Promise.all([ask(value), ask(readings)]);
      const indexOf = (seconds: number): number => Math.round((seconds * 1000 - firstMs) / stepMs);
      const countOf = new Map((counts[0]?.values ?? []).map(([at, count]) => [indexOf(at), count]));
      for (const [at, one] of found[0]?.values ?? []) {
        const index = indexOf(at);
        buckets.set(index, [...(buckets.get(index) ?? []), { value: one, readings: countOf.get(index) ?? 1 }]);
      }
    }
    return pointsOfParts(buckets, query, stepMs);
  }

  async seriesOf(queries: readonly SeriesQuery[]): Promise<readonly (readonly SeriesPoint[])[]> {
    const answers: (readonly SeriesPoint[])[] = queries.map(() => []);
    await eachLimited([...queries.entries()], QUERIES_AT_ONCE, async ([nth, query]) => {
      answers[nth] = await this.series(query);
    });
    return answers;
  }

  checkpoints(job: JobSelector, range: TimeRange): Promise<readonly Checkpoint[]> {
    return this.#records.checkpoints(job, range);
  }

  exceptions(job: JobSelector, range: TimeRange): Promise<readonly JobException[]> {
    return this.#records.exceptions(job, range);
  }

  events(job: JobSelector, range: TimeRange): Promise<readonly JobEvent[]> {
    return this.#records.events(job, range);
  }

  loadReports(query: ReportQuery): Promise<readonly ReportRecord[]> {
    return this.#records.loadReports(query);
  }

  /** Of all processes that write to this server. */
  async jobs({ fromMs, toMs }: TimeRange): Promise<readonly StoredJob[]> {
    const window = `${selector(this.#database, JOB, STATE, {})}[${toMs - fromMs}ms]`;
    const ask = (name: string): Promise<readonly AnsweredSeries[]> => this.#api.instant(`${name}(${window})`, toMs - 1);
    const [first, last, states] = await Promise.all([
      ask('tfirst_over_time'),
      ask('tlast_over_time'),
      ask('last_over_time'),
    ]);
    const firsts = valuesByJob(first);
    const codes = valuesByJob(states);
    return [...valuesByJob(last)].map(([key, { labels, value }]) => ({
      cluster: fromText(labels['cluster'] ?? ''),
      jobName: fromText(labels['job_name'] ?? ''),
      jobId: fromText(labels['job_id'] ?? ''),
      firstMs: Math.round((firsts.get(key)?.value ?? value) * 1000),
      lastMs: Math.round(value * 1000),
      lastState: stateOf(codes.get(key)?.value),
    }));
  }

  /** The server forgets by its own `-retentionPeriod`: it deletes whole series only. */
  dropBefore(): Promise<void> {
    return Promise.resolve();
  }

  /** Of the server; where the records cannot be written, of them. */
  health(): StoreHealth {
    const [series, records] = [this.#writer.health(), this.#records.health()];
    return {
      ...(series.ok && !records.ok ? { ...series, ok: false, lastError: records.lastError ?? 'records' } : series),
      queuedRows: series.queuedRows + records.queuedRows,
      droppedRows: series.droppedRows + records.droppedRows,
      writtenRows: series.writtenRows + records.writtenRows,
      ...(records.diskBytes === undefined ? {} : { diskBytes: records.diskBytes }),
      damagedFiles: records.damagedFiles,
    };
  }

  async flush(): Promise<void> {
    await Promise.all([this.#writer.flush(), this.#records.flush()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#records.close()]);
  }

  async #write(batches: readonly StoredBatch[]): Promise<void> {
    const oldestMs = this.#clock.nowMs() - this.#rawKeptMs;
    await writeInPortions(
      this.#client,
      batches.flatMap((batch) => samplePoints(batch, oldestMs)),
      { precision: 'ms' },
    );
  }
}

function authorizationOf({ username, passwordFile }: ServerAddress): string | undefined {
  if (username === undefined) return undefined;
  const password = passwordFile === undefined ? '' : (readFileSync(passwordFile, 'utf8').split('\n', 1)[0] ?? '');
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

interface ValueOfJob {
  readonly labels: AnsweredSeries['labels'];
  readonly value: number;
}

function valuesByJob(series: readonly AnsweredSeries[]): ReadonlyMap<string, ValueOfJob> {
  const keyOf = (labels: AnsweredSeries['labels']): string =>
    JSON.stringify([labels['cluster'], labels['job_name'], labels['job_id']]);
  return new Map(
    series.flatMap(({ labels, values }) => {
      const value = values[0]?.[1];
      return value === undefined ? [] : [[keyOf(labels), { labels, value }] as const];
    }),
  );
}
