import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createBundleFile, type BundleFile } from './bundle-file.js';
import { RECORDING_PARTS } from './limits.js';

const ENDING = '.weir.gz';

/** A bundle of one stretch of one cluster, in the folder of what the service records. */
export interface RecordedStretch {
  readonly path: string;
  readonly cluster: string;
  readonly startMs: number;
  readonly bytes: number;
}

/** What is recorded under `dir`, oldest first; none where there is no such folder. */
export async function recordedStretches(dir: string): Promise<readonly RecordedStretch[]> {
  const found: RecordedStretch[] = [];
  for (const folder of await namesIn(dir)) {
    const cluster = clusterOf(folder);
    if (cluster === undefined) continue;
    for (const name of await namesIn(join(dir, folder))) {
      const startMs = startOf(name);
      const path = join(dir, folder, name);
      const bytes = startMs === undefined ? undefined : await sizeOf(path);
      if (startMs === undefined || bytes === undefined) continue;
      found.push({ path, cluster, startMs, bytes });
    }
  }
  return found.sort((a, b) => a.startMs - b.startMs);
}

export interface RecordingsLimits {
  /** What all bundles take together. */
  readonly maxBytes: number;
  /** Tasks of all recorded clusters together: to record one costs as much as to read it. */
  readonly maxTasks: number;
}

/** Where the service keeps what it records: a folder for each cluster, in it a bundle for each stretch, all together bounded. */
export class RecordingsFolder {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #maxTasks: number;
  /** Tasks of the clusters that are recorded, by who records them. */
  readonly #tasks = new Map<object, number>();
  /** Files being written, by their path. */
  readonly #open = new Map<string, BundleFile>();

  constructor(dir: string, { maxBytes, maxTasks }: RecordingsLimits) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
    this.#maxTasks = maxTasks;
  }

  /** Takes a place for so many tasks, instead of the one that `owner` had. Why not, when there is none: then it has none any more. */
  refusal(owner: object, tasks: number): string | undefined {
    this.#tasks.delete(owner);
    const others = [...this.#tasks.values()].reduce((sum, some) => sum + some, 0);
    if (others + tasks > this.#maxTasks)
      return `it has ${tasks} tasks, other recorded clusters have ${others}, and store.recordings.maxTasks is ${this.#maxTasks}`;
    this.#tasks.set(owner, tasks);
    return undefined;
  }

  leave(owner: object): void {
    this.#tasks.delete(owner);
  }

  /** A stretch that grows beyond this is ended: all that are being written take one part of the room together. */
  get maxStretchBytes(): number {
    return this.#maxBytes / RECORDING_PARTS / Math.max(1, this.#open.size);
  }

  /** Begins a stretch of a cluster. Rejects where the folder cannot be written. */
  async begin(cluster: string, startMs: number): Promise<BundleFile> {
    const path = join(this.#dir, folderOf(cluster), nameOf(startMs));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await createBundleFile(path);
    this.#open.set(path, file);
    return {
      append: (lines) => file.append(lines),
      get bytes() {
        return file.bytes;
      },
      close: async () => {
        this.#open.delete(path);
        await file.close();
      },
    };
  }

  /** Removes the oldest stretches until those being written have room to grow; never one of these. */
  async makeRoom(): Promise<void> {
    const roomBytes = this.#maxBytes * (1 - 1 / RECORDING_PARTS);
    const stretches = await recordedStretches(this.#dir);
    let bytes = stretches.reduce((sum, stretch) => sum + stretch.bytes, 0);
    for (const { path, bytes: freed } of stretches) {
      if (bytes <= roomBytes) return;
      if (this.#open.has(path)) continue;
      await unlink(path);
      bytes -= freed;
    }
  }
}

/** One folder below, whatever the cluster is called: a name may have slashes, or be two dots. */
const folderOf = (cluster: string): string => encodeURIComponent(cluster).replace(/^\./, '%2E');

/** Undefined for a folder that is not ours. */
function clusterOf(folder: string): string | undefined {
  try {
    return decodeURIComponent(folder);
  } catch {
    return undefined;
  }
}

/** `2026-01-05T10-00-00.000Z`: colons are no part of a file's name everywhere. */
const nameOf = (startMs: number): string => `${new Date(startMs).toISOString().replaceAll(':', '-')}${ENDING}`;

function startOf(name: string): number | undefined {
  const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z\.weir\.gz$/.exec(name) ?? [];
  if (day === undefined) return undefined;
  const startMs = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(startMs) ? undefined : startMs;
}

/** A folder that is not there, or a file in its place, holds nothing. */
const namesIn = (dir: string): Promise<readonly string[]> => readdir(dir).catch(() => []);

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
