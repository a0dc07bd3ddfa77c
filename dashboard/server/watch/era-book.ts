import type { SeriesStore } from '../../../collector/index.js';
import type { JobEras } from '../../../collector/model/index.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { withEras } from '../../../analyzer/tuning/scalability.js';
import { encodeEras, ERAS_KIND, restoreEras } from './era-record.js';

/** As long as an era counts. */
const RESTORED_MS = 14 * 86_400_000;
const NONE: JobEras = new Map();

/** What the vertices of each job served at past parallelisms, kept in the store so that it outlives a restart. */
export class EraBook {
  readonly #store: SeriesStore;
  readonly #byJob = new Map<string, JobEras>();

  constructor(store: SeriesStore) {
    this.#store = store;
  }

  /** `keyOf` names a job as `of` and `follow` will be given it. */
  async restore(nowMs: number, keyOf: (cluster: string, jobName: string) => string): Promise<void> {
    for (const { cluster, jobName, eras } of await restoreEras(this.#store, nowMs, RESTORED_MS))
      if (eras.size > 0) this.#byJob.set(keyOf(cluster, jobName), eras);
  }

  /** Undefined: none of its vertices was ever full. */
  of(key: string): JobEras | undefined {
    return this.#byJob.get(key);
  }

  /** Adds what a report has shown. */
  follow(key: string, { signals, atMs, reachable, cluster, jobName, jobId }: JobReport): void {
    const load = signals.get('load');
    if (!reachable || !load.ok) return;
    const before = this.of(key) ?? NONE;
    const after = withEras(before, signals.job, load.value, atMs);
    if (after === before) return;
    this.#byJob.set(key, after);
    void this.#store.saveReport({ cluster, jobName, jobId, atMs, kind: ERAS_KIND, body: encodeEras(after) });
  }

  forget(key: string): void {
    this.#byJob.delete(key);
  }

  keys(): Iterable<string> {
    return this.#byJob.keys();
  }
}
