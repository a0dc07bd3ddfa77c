import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Decision, Entry } from './entries.js';
import { replay, type JournalLine } from './journal.js';
import type { Notice } from './notice.js';
import { newParcel, type Parcel } from './parcel.js';

/** Past this the file is written anew with what still counts. */
const COMPACT_BYTES = 4 * 1024 * 1024;
const OWNER_ONLY = 0o600;

/**
 * What was told and what is on its way, on disk before anything is sent: a message survives `kill -9` at any moment, and one that was being
 * sent then is sent again, marked. Written in step, not in the background: messages are few, and order is all that counts.
 */
export class Outbox {
  readonly #path: string | undefined;
  readonly #entries: Map<string, Entry>;
  readonly #parcels: Map<string, Parcel>;
  #file: number | undefined;
  #writtenBytes = 0;
  readonly #onProblem: (problem: string) => void;
  #hasProblem = false;
  #isClosed = false;

  /** Without a path nothing outlives the process. A file that cannot be written is told, and messages go out all the same. */
  constructor(path: string | undefined, onProblem: (problem: string) => void) {
    this.#path = path;
    this.#onProblem = onProblem;
    const kept = replay(path === undefined ? '' : this.#read(path));
    if (kept.broken > 0) onProblem(`${path ?? ''}: ${kept.broken} line(s) cannot be read and are left out`);
    this.#entries = new Map(kept.entries);
    this.#parcels = new Map(kept.parcels);
    this.#compact();
  }

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** Oldest first. */
  waitingFor(channel: string): readonly Parcel[] {
    return [...this.#parcels.values()].filter((parcel) => parcel.channel === channel);
  }

  get channels(): ReadonlySet<string> {
    return new Set([...this.#parcels.values()].map(({ channel }) => channel));
  }

  /** Keeps a decision, with one parcel for each notice and channel of its route. */
  commit({ entries, notices }: Decision, channelsOf: (notice: Notice) => readonly string[], nowMs: number): void {
    const parcels = notices.flatMap((notice) => channelsOf(notice).map((channel) => newParcel(notice, channel, nowMs)));
    if (entries.size === 0 && parcels.length === 0) return;
    for (const [key, entry] of entries) {
      if (entry === undefined) this.#entries.delete(key);
      else this.#entries.set(key, entry);
    }
    for (const parcel of parcels) this.#parcels.set(parcel.id, parcel);
    this.#append({ op: 'put', entries: [...entries].map(([key, entry]) => [key, entry ?? null]), parcels, ended: [] });
  }

  /** An attempt begins. From here on it may arrive, until `late` knows better. */
  trying(parcel: Parcel): void {
    this.#parcels.set(parcel.id, { ...parcel, attempts: parcel.attempts + 1, isRepeated: true });
    this.#append({ op: 'try', id: parcel.id });
  }

  /** The attempt failed; there will be another. */
  late(id: string, nextMs: number, isRepeated: boolean): void {
    const parcel = this.#parcels.get(id);
    if (parcel === undefined) return;
    this.#parcels.set(id, { ...parcel, nextMs, isRepeated });
    this.#append({ op: 'late', id, nextMs, isRepeated });
  }

  /** Sent, refused or given up. */
  end(id: string): void {
    this.#parcels.delete(id);
    this.#append({ op: 'put', entries: [], parcels: [], ended: [id] });
  }

  /** One parcel in place of several. */
  fold(ids: readonly string[], by: Parcel): void {
    for (const id of ids) this.#parcels.delete(id);
    this.#parcels.set(by.id, by);
    this.#append({ op: 'put', entries: [], parcels: [by], ended: [...ids] });
  }

  /** What is told to it after that is forgotten: an attempt under way counts as one that may have arrived. */
  close(): void {
    this.#isClosed = true;
    this.#closeFile();
  }

  #closeFile(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #read(path: string): string {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (!isMissing(error)) this.#tell(error);
      return '';
    }
  }

  /** What is in memory was changed before: where a line cannot follow the last one, the whole is written. */
  #append(line: JournalLine): void {
    if (this.#path === undefined || this.#isClosed) return;
    const file = this.#file;
    if (file === undefined || this.#hasProblem || this.#writtenBytes > COMPACT_BYTES) {
      this.#compact();
      return;
    }
    this.#safely(() => {
      const written = `${JSON.stringify(line)}\n`;
      writeAll(file, written);
      fsyncSync(file);
      this.#writtenBytes += Buffer.byteLength(written);
    });
  }

  /** Writes what counts into a new file and puts it in the place of the old one, which stays whole until then. */
  #compact(): void {
    const path = this.#path;
    if (path === undefined) return;
    this.#safely(() => {
      mkdirSync(dirname(path), { recursive: true });
      const written = `${JSON.stringify({
        op: 'put',
        entries: [...this.#entries],
        parcels: [...this.#parcels.values()],
        ended: [],
      } satisfies JournalLine)}\n`;
      const fresh = openSync(`${path}.new`, 'w', OWNER_ONLY);
      writeAll(fresh, written);
      fsyncSync(fresh);
      renameSync(`${path}.new`, path);
      syncFolder(dirname(path));
      this.#closeFile();
      this.#file = fresh;
      this.#writtenBytes = 0;
    });
  }

  #safely(write: () => void): void {
    try {
      write();
      this.#hasProblem = false;
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Once, not with every message. */
  #tell(error: unknown): void {
    if (this.#hasProblem) return;
    this.#hasProblem = true;
    const why = error instanceof Error ? error.message : String(error);
    this.#onProblem(`${this.#path ?? ''}: ${why}; alerts go out, but a restart may repeat or lose some`);
  }
}

function writeAll(file: number, written: string): void {
  const bytes = Buffer.from(written);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** The new name is durable only with its folder. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
