import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import type { Clock } from '../../clock.js';
import { LATE_ROWS_MS, MAX_DAMAGED_LISTED } from '../limits.js';
import type { DamagedFile } from '../series-store.js';
import { isLockError, isLogError, isMachineError, messageOf, StoreLockedError, StoreVersionError } from './errors.js';
import { DAY_MS, dayFile, dayStartMs, daysIn, deleteFile, moveAside, moveLogAside, RECORDS_FILE } from './files.js';
import { numberOf, textOf, toVertexEntry } from './rows.decode.js';
import { daySchema, META_TABLE, metaSchema, recordsSchema, SCHEMA_VERSION, VERTICES_TABLE } from './schema.js';
import { VertexNumbers } from './vertex-numbers.js';

/** Memory DuckDB may take; beyond it spills to disk. */
const MEMORY_LIMIT = '256MB';
const THREADS = '2';
/**
 * What DuckDB's allocator no longer needs goes back to the machine soon, not at the next burst: with the defaults (no thread of its own,
 * from 128 MiB on) a process that watches 1,000 small jobs held 50–70 MiB more, at the same CPU (`npm run bench -- collect`).
 */
const ALLOCATOR = ['SET allocator_background_threads = true', "SET allocator_flush_threshold = '1MB'"];

export const RECORDS = 'records';
export const catalogOf = (day: string): string => `day_${day.replaceAll('-', '_')}`;

export type Row = Readonly<Record<string, DuckDBValue>>;
export type Parameters = Readonly<Record<string, string | number | bigint | boolean>>;

/**
 * One in-memory DuckDB with the store's files attached: one a day, so that old data goes away by deleting a file
 * (DuckDB's files never shrink), and one for what is kept long.
 */
export class Database {
  readonly dir: string;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #instance: DuckDBInstance;
  readonly #reader: DuckDBConnection;
  /** The one connection that writes, so that a transaction holds only its own rows. */
  readonly writer: DuckDBConnection;
  readonly #days = new Set<string>();
  readonly vertexNumbers = new VertexNumbers();
  /** Rows of a day's record tables that are in the long file too, by catalog and table. */
  readonly #moved = new Map<string, number>();
  readonly damaged: DamagedFile[] = [];

  private constructor(
    dir: string,
    clock: Clock,
    log: (line: string) => void,
    instance: DuckDBInstance,
    connections: { readonly reader: DuckDBConnection; readonly writer: DuckDBConnection },
  ) {
    this.dir = dir;
    this.#clock = clock;
    this.#log = log;
    this.#instance = instance;
    this.#reader = connections.reader;
    this.writer = connections.writer;
  }

  /** Throws `StoreLockedError`, `StoreVersionError`, or what the machine refuses. */
  static async open(dir: string, clock: Clock, log: (line: string) => void): Promise<Database> {
    mkdirSync(dir, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY_LIMIT, threads: THREADS });
    const connections = { reader: await instance.connect(), writer: await instance.connect() };
    const database = new Database(dir, clock, log, instance, connections);
    try {
      for (const setting of ALLOCATOR) await database.writer.run(setting);
      await database.writer.run(`SET temp_directory = ${quoted(join(dir, 'tmp'))}`);
      await database.#attach(RECORDS_FILE, RECORDS, recordsSchema(RECORDS));
      await database.#loadMoved();
      for (const day of daysIn(dir)) await database.openDay(day);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  }

  /** Days at hand, oldest first. */
  get days(): readonly string[] {
    return [...this.#days].sort();
  }

  /** The catalog of a day, its file made if there is none. */
  async openDay(day: string): Promise<string> {
    const catalog = catalogOf(day);
    if (this.#days.has(day)) return catalog;
    await this.#attach(dayFile(day), catalog, daySchema(catalog));
    this.#days.add(day);
    return catalog;
  }

  async dropDay(day: string): Promise<void> {
    if (this.#days.delete(day)) await this.writer.run(`DETACH ${catalogOf(day)}`);
    deleteFile(this.dir, dayFile(day));
    this.vertexNumbers.forgetFile(catalogOf(day));
  }

  /** Attaches a file anew whose checkpoint failed: until then nothing can be read from it or written to it. */
  async reattach(catalog: string): Promise<void> {
    const day = this.days.find((one) => catalogOf(one) === catalog);
    if (day === undefined && catalog !== RECORDS) return;
    this.#log(`store: a checkpoint of ${catalog} failed; its file is closed and opened again.`);
    await this.writer.run(`DETACH DATABASE IF EXISTS ${catalog}`);
    this.vertexNumbers.forgetFile(catalog);
    if (day === undefined) return this.#attach(RECORDS_FILE, RECORDS, recordsSchema(RECORDS));
    // Only what is attached is listed: where this fails, the next batch for the day tries again.
    this.#days.delete(day);
    await this.openDay(day);
  }

  /** Catalogs that queries of a time must look into, oldest first: a batch's rows may lie in the day after theirs. */
  catalogsWithin(range: { readonly fromMs: number; readonly toMs: number }): readonly string[] {
    return this.days
      .filter((day) => dayStartMs(day) - LATE_ROWS_MS < range.toMs && dayStartMs(day) + DAY_MS > range.fromMs)
      .map(catalogOf);
  }

  /** Takes over what a file says of vertices, after a transaction that changed it. */
  async reloadVertices(catalog: string): Promise<void> {
    const entries = await this.query(`SELECT * FROM ${catalog}.${VERTICES_TABLE}`);
    this.vertexNumbers.load(catalog, entries.map(toVertexEntry));
  }

  /** How many rows of a day's record table are in the long file already. */
  moved(catalog: string, table: string): number {
    return this.#moved.get(movedKey(catalog, table)) ?? 0;
  }

  noteMoved(catalog: string, table: string, rows: number): void {
    this.#moved.set(movedKey(catalog, table), rows);
  }

  /** Columns of a result, chunk by chunk, so that a long answer does not hold the event loop. */
  async columns(sql: string, parameters: Parameters, take: (chunk: DuckDBDataChunk) => void): Promise<void> {
    // A connection of its own: the next query on a connection ends the stream before it, without an error.
    const connection = await this.#instance.connect();
    try {
      const result = await connection.stream(sql, { ...parameters });
      for (let chunk = await result.fetchChunk(); (chunk?.rowCount ?? 0) > 0; chunk = await result.fetchChunk()) {
        if (chunk !== null) take(chunk);
      }
    } finally {
      connection.closeSync();
    }
  }

  async #loadMoved(): Promise<void> {
    for (const row of await this.query(`SELECT key, value FROM ${RECORDS}.${META_TABLE} WHERE key LIKE 'moved:%'`))
      this.#moved.set(textOf(row['key']) ?? '', numberOf(Number(textOf(row['value']))) ?? 0);
  }

  async query(sql: string, parameters: Parameters = {}): Promise<readonly Row[]> {
    const result = await this.#reader.runAndReadAll(sql, { ...parameters });
    return result.getRowObjects();
  }

  close(): void {
    this.#reader.closeSync();
    this.writer.closeSync();
    this.#instance.closeSync();
  }

  async #attach(file: string, catalog: string, schema: readonly string[]): Promise<void> {
    try {
      await this.#tryAttach(file, catalog, schema);
    } catch (error) {
      if (error instanceof StoreVersionError) throw error;
      const reason = messageOf(error);
      if (isLockError(reason)) throw new StoreLockedError(this.dir, reason.split('. See', 1)[0] ?? reason);
      if (isMachineError(reason) || !existsSync(join(this.dir, file))) throw error;
      await this.#recover(file, catalog, schema, reason);
    }
  }

  /** A damaged log takes at most some seconds with it; a damaged file is kept for whoever wants to look, and a new one begun. */
  async #recover(file: string, catalog: string, schema: readonly string[], reason: string): Promise<void> {
    const log = isLogError(reason) ? moveLogAside(this.dir, file, this.#clock.nowMs()) : undefined;
    if (log !== undefined) {
      this.#noteDamage(log, reason);
      try {
        await this.#tryAttach(file, catalog, schema);
        return;
      } catch (error) {
        await this.#startAnew(file, catalog, schema, messageOf(error));
        return;
      }
    }
    await this.#startAnew(file, catalog, schema, reason);
  }

  async #startAnew(file: string, catalog: string, schema: readonly string[], reason: string): Promise<void> {
    this.#noteDamage(moveAside(this.dir, file, this.#clock.nowMs()), reason);
    await this.#tryAttach(file, catalog, schema);
  }

  async #tryAttach(file: string, catalog: string, schema: readonly string[]): Promise<void> {
    await this.writer.run(`ATTACH ${quoted(join(this.dir, file))} AS ${catalog}`);
    try {
      await this.writer.run(metaSchema(catalog));
      await this.#checkVersion(file, catalog);
      for (const statement of schema) await this.writer.run(statement);
      const entries = await this.writer.runAndReadAll(`SELECT * FROM ${catalog}.${VERTICES_TABLE}`);
      this.vertexNumbers.load(catalog, entries.getRowObjects().map(toVertexEntry));
    } catch (error) {
      await this.writer.run(`DETACH ${catalog}`);
      throw error;
    }
  }

  async #checkVersion(file: string, catalog: string): Promise<void> {
    const meta = `${catalog}.${META_TABLE}`;
    await this.writer.run(`INSERT OR IGNORE INTO ${meta} VALUES ('schema_version', '${SCHEMA_VERSION}')`);
    const result = await this.writer.runAndReadAll(`SELECT value FROM ${meta} WHERE key = 'schema_version'`);
    const version = Number(textOf(result.getRowObjects()[0]?.['value']) ?? SCHEMA_VERSION);
    if (version > SCHEMA_VERSION)
      throw new StoreVersionError(join(this.dir, file), String(version), String(SCHEMA_VERSION));
    if (version < SCHEMA_VERSION) throw new Error(`schema version ${version} of an older Weir`);
  }

  #noteDamage(movedTo: string, reason: string): void {
    this.damaged.push({ movedTo, reason, atMs: this.#clock.nowMs() });
    if (this.damaged.length > MAX_DAMAGED_LISTED) this.damaged.shift();
    this.#log(
      `store: a file in ${this.dir} cannot be used (${reason}); it was moved to ${movedTo} and a new one begun.`,
    );
  }
}

export const movedKey = (catalog: string, table: string): string => `moved:${catalog}:${table}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
