import { randomInt } from 'node:crypto';
import type { InfluxDB } from 'influx';
import { systemClock, type Clock } from '../../clock.js';
import type { Checkpoint, JobException } from '../../model/index.js';
import { pointsOfParts, stepOf, type Weighted } from '../buckets.js';
import { DEFAULT_RAW_KEPT_MS, DEFAULT_ROLLUP_KEPT_MS, MAX_QUEUED_ROWS, MAX_RECORDS, STATEMENTS_PER_QUERY } from '../limits.js'; // prettier-ignore
import { influxClient, writeInPortions, type ServerAddress } from '../line/client.js';
import { JOB, SAMPLE_MEASUREMENTS, samplePoints, STATE, stateOf } from '../line/points.js';
import { fromText } from '../line/text.js';
import { uniqueCheckpoints, uniqueEvents, uniqueExceptions, uniqueReports } from '../records.js';
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
import { bodyOf, conditions, RECORD, recordPoints, type RecordType, type StoredRecord } from './records.js';
import { SAMPLES, seriesStatements } from './series-query.js';

export interface InfluxStoreOptions extends ServerAddress {
  /** Default 3 days of samples, 90 days of records. */
  readonly retention?: { readonly rawMs: number; readonly rollupMs: number };
  readonly log?: (line: string) => void;
  readonly clock?: Clock;
  readonly maxQueuedRows?: number;
  /** False: only `flush()` writes. For tests. */
  readonly autoFlush?: boolean;
}

/** The server takes what is written and does not give it back: VictoriaMetrics answers InfluxQL with nothing and no error. */
export class StoreProbeError extends Error {
  constructor(url: string) {
    super(
      `store.url ${url}: what is written there cannot be read back as InfluxDB does it; for VictoriaMetrics use kind: victoriametrics.`,
    );
    this.name = 'StoreProbeError';
  }
}

const RECORDS = 'records';
const PROBE = 'weir_probe';

/**
 * The shared store of several Weir processes: InfluxDB 1.x. A server that is away is no error: rows wait. Rejects with
 * `StoreProbeError` when the server is something else.
 */
export async function openInfluxStore(options: InfluxStoreOptions): Promise<SeriesStore> {
  const store = new InfluxStore(options);
  await store.start();
  return store;
}

/** A row of an answer: its columns by name. */
type Row = Readonly<Record<string, unknown>>;

class InfluxStore implements SeriesStore {
  readonly #options: InfluxStoreOptions;
  readonly #client: InfluxDB;
  readonly #clock: Clock;
  readonly #retention: { readonly rawMs: number; readonly rollupMs: number };
  readonly #writer: ServerWriter;
  #isReady = false;

  constructor(options: InfluxStoreOptions) {
    this.#options = options;
    this.#client = influxClient(options);
    this.#clock = options.clock ?? systemClock;
    this.#retention = options.retention ?? { rawMs: DEFAULT_RAW_KEPT_MS, rollupMs: DEFAULT_ROLLUP_KEPT_MS };
    this.#writer = new ServerWriter({
      kind: 'influx',
      clock: this.#clock,
      maxQueuedRows: options.maxQueuedRows ?? MAX_QUEUED_ROWS,
      autoFlush: options.autoFlush ?? true,
      log: (line) => options.log?.(line),
      write: (batches) => this.#write(batches),
    });
  }

  async start(): Promise<void> {
    try {
      await this.#prepare();
    } catch (error) {
      if (error instanceof StoreProbeError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      this.#options.log?.(`store: ${this.#options.url} is away (${message}); rows wait until it is back.`);
    }
  }

  append(batch: SeriesBatch): Promise<boolean> {
    return this.#writer.add(batch);
  }

  appendEvents(events: readonly JobEvent[]): Promise<boolean> {
    return this.#writer.add({ events });
  }

  saveReport(report: ReportRecord): Promise<boolean> {
    return this.#writer.add({ reports: [report] });
  }

  async series(query: SeriesQuery): Promise<readonly SeriesPoint[]> {
    const [points] = await this.seriesOf([query]);
    return points ?? [];
  }

  async seriesOf(queries: readonly SeriesQuery[]): Promise<readonly (readonly SeriesPoint[])[]> {
    const statements = queries.map(seriesStatements);
    const answers = await this.#ask(statements.flat());
    let at = 0;
    return queries.map((query, nth) => {
      const count = statements[nth]?.length ?? 0;
      const rows = answers.slice(at, at + count).flat();
      at += count;
      return pointsOf(rows, query);
    });
  }

  async checkpoints(job: JobSelector, range: TimeRange): Promise<readonly Checkpoint[]> {
    return uniqueCheckpoints(await this.#records<Checkpoint>('checkpoint', job, range));
  }

  async exceptions(job: JobSelector, range: TimeRange): Promise<readonly JobException[]> {
    return uniqueExceptions(await this.#records<JobException>('exception', job, range));
  }

  async events(job: JobSelector, range: TimeRange): Promise<readonly JobEvent[]> {
    return uniqueEvents(await this.#records<JobEvent>('event', job, range));
  }

  async loadReports(query: ReportQuery): Promise<readonly ReportRecord[]> {
    return uniqueReports(await this.#records<ReportRecord>('report', query, query, query.kind));
  }

  async jobs(range: TimeRange): Promise<readonly StoredJob[]> {
    const where = `time >= ${range.fromMs}ms AND time < ${range.toMs}ms GROUP BY "cluster", "job_name", "job_id"`;
    const from = `FROM "${SAMPLES}"."${JOB}" WHERE ${where}`;
    const [first = [], last = []] = await this.#ask([
      `SELECT first("${STATE}") AS state ${from}`,
      `SELECT last("${STATE}") AS state ${from}`,
    ]);
    const keyOf = (row: Row): string => JSON.stringify([row['cluster'], row['job_name'], row['job_id']]);
    const begins = new Map(first.map((row) => [keyOf(row), numberOf(row['time'])]));
    return last.map((row) => {
      const lastMs = numberOf(row['time']) ?? 0;
      return {
        cluster: tagOf(row, 'cluster'),
        jobName: tagOf(row, 'job_name'),
        jobId: tagOf(row, 'job_id'),
        firstMs: begins.get(keyOf(row)) ?? lastMs,
        lastMs,
        lastState: stateOf(numberOf(row['state'])),
      };
    });
  }

  /** The retention policy does this by itself; here it is done at once. */
  async dropBefore(ms: number): Promise<void> {
    if (this.#isReady) await this.#ask(SAMPLE_MEASUREMENTS.map((name) => `DELETE FROM "${name}" WHERE time < ${ms}ms`));
  }

  health(): StoreHealth {
    return this.#writer.health();
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  async #write(batches: readonly StoredBatch[]): Promise<void> {
    await this.#prepare();
    const oldestMs = this.#clock.nowMs() - this.#retention.rawMs;
    const samples = batches.flatMap((batch) => samplePoints(batch, oldestMs));
    await writeInPortions(this.#client, samples, { precision: 'ms', retentionPolicy: SAMPLES });
    await writeInPortions(this.#client, batches.flatMap(recordPoints), { precision: 'n', retentionPolicy: RECORDS });
  }

  /** Database, retention, and whether what is written comes back. Several processes may do it at once. */
  async #prepare(): Promise<void> {
    if (this.#isReady) return;
    const { database, url } = this.#options;
    await this.#client.createDatabase(database);
    await this.#keep(SAMPLES, this.#retention.rawMs);
    await this.#keep(RECORDS, this.#retention.rollupMs);
    const value = randomInt(2 ** 40);
    const timestamp = String(this.#clock.nowMs());
    const probe = { measurement: PROBE, tags: { id: String(value) }, fields: { value }, timestamp };
    await writeInPortions(this.#client, [probe], { precision: 'ms', retentionPolicy: SAMPLES });
    const [rows = []] = await this.#ask([`SELECT value FROM "${SAMPLES}"."${PROBE}" WHERE "id" = '${value}'`]);
    if (numberOf(rows[0]?.['value']) !== value) throw new StoreProbeError(url);
    await this.#ask([`DROP SERIES FROM "${PROBE}" WHERE "id" = '${value}'`]);
    this.#isReady = true;
  }

  async #keep(policy: string, ms: number): Promise<void> {
    const { database } = this.#options;
    const wanted = {
      duration: `${Math.max(1, Math.ceil(ms / 3_600_000))}h`,
      replication: 1,
      isDefault: false,
      database,
    };
    // Exists already with another duration: made what the configuration says.
    await this.#client
      .createRetentionPolicy(policy, wanted)
      .catch(() => this.#client.alterRetentionPolicy(policy, wanted));
  }

  async #records<T extends StoredRecord>(
    type: RecordType,
    job: Partial<JobSelector>,
    { fromMs, toMs }: TimeRange,
    kind?: string,
  ): Promise<readonly T[]> {
    const where = conditions(job, { type, kind });
    const [rows = []] = await this.#ask([
      `SELECT "body", "details" FROM "${RECORDS}"."${RECORD}" WHERE ${where} AND time >= ${fromMs}ms AND time < ${toMs}ms
       ORDER BY time DESC LIMIT ${MAX_RECORDS}`,
    ]);
    return rows.flatMap((row) => bodyOf<T>(row) ?? []).toReversed();
  }

  /** One list of rows per statement. */
  async #ask(statements: readonly string[]): Promise<readonly (readonly Row[])[]> {
    const answers: (readonly Row[])[] = [];
    for (let from = 0; from < statements.length; from += STATEMENTS_PER_QUERY) {
      const part = statements.slice(from, from + STATEMENTS_PER_QUERY);
      const raw: unknown = await this.#client.queryRaw(part.join('; '), { precision: 'ms', method: 'POST' });
      answers.push(...rowsOfAnswer(raw, part.length));
    }
    return answers;
  }
}

/** Decodes `{results:[{series:[{tags,columns,values}],error}]}`; a statement's error rejects. */
function rowsOfAnswer(raw: unknown, count: number): readonly (readonly Row[])[] {
  const results = listOf(field(raw, 'results'));
  return Array.from({ length: count }, (_, nth) => {
    const result = results[nth];
    const error = field(result, 'error');
    if (typeof error === 'string') throw new Error(`InfluxDB: ${error}`);
    return listOf(field(result, 'series')).flatMap((series) => {
      const columns = listOf(field(series, 'columns')).map(String);
      const tags = field(series, 'tags');
      return listOf(field(series, 'values')).map((values): Row => {
        const cells = listOf(values).map((value, column) => [columns[column] ?? '', value] as const);
        return { ...(typeof tags === 'object' ? tags : {}), ...Object.fromEntries(cells) };
      });
    });
  });
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const tagOf = (row: Row, name: string): string => fromText(String(row[name] ?? ''));

function pointsOf(rows: readonly Row[], query: SeriesQuery): readonly SeriesPoint[] {
  const stepMs = stepOf(query);
  const buckets = new Map<number, Weighted[]>();
  for (const row of rows) {
    const [atMs, value, readings] = [numberOf(row['time']), numberOf(row['value']), numberOf(row['n'])];
    if (atMs === undefined || value === undefined || readings === undefined) continue;
    const index = Math.floor((atMs - query.fromMs) / stepMs);
    buckets.set(index, [...(buckets.get(index) ?? []), { value, readings }]);
  }
  return pointsOfParts(buckets, query, stepMs);
}
