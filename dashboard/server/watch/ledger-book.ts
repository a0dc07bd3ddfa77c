import type { JobEvent, SeriesStore } from '../../../collector/index.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { advanceLedger } from '../../../analyzer/engine/ledger/advance.js';
import { withLedger } from '../../../analyzer/engine/ledger/lay-over.js';
import { withSteadySizes } from '../../../analyzer/engine/ledger/steady.js';
import type { Ledger } from '../../../analyzer/engine/ledger/trial.js';
import { inLanguage } from '../../../analyzer/text.js';
import { encodeLedger, LEDGER_KIND, restoreLedgers } from './ledger-record.js';

/** As long as the ledger keeps what was proposed or applied. */
const RESTORED_MS = 14 * 86_400_000;
const EMPTY: Ledger = new Map();

/** What became of the advice on each job, kept in the store so that it outlives a restart. */
export class LedgerBook {
  readonly #store: SeriesStore;
  readonly #byJob = new Map<string, Ledger>();

  constructor(store: SeriesStore) {
    this.#store = store;
  }

  /** `keyOf` names a job as `follow` will be given it. */
  async restore(nowMs: number, keyOf: (cluster: string, jobName: string) => string): Promise<void> {
    for (const { cluster, jobName, ledger } of await restoreLedgers(this.#store, nowMs, RESTORED_MS))
      if (ledger.size > 0) this.#byJob.set(keyOf(cluster, jobName), ledger);
  }

  /** Follows the advice of a report, and lays what became of earlier advice over it. */
  follow(key: string, judged: JobReport): JobReport {
    const before = this.#byJob.get(key) ?? EMPTY;
    const report = withSteadySizes(judged, before);
    const after = advanceLedger(before, report);
    if (after !== before) this.#keep(key, report, before, after);
    return withLedger(report, after);
  }

  forget(key: string): void {
    this.#byJob.delete(key);
  }

  keys(): Iterable<string> {
    return this.#byJob.keys();
  }

  #keep(key: string, report: JobReport, before: Ledger, after: Ledger): void {
    if (after.size === 0) this.#byJob.delete(key);
    else this.#byJob.set(key, after);
    if (!hasNews(before, after)) return;
    const { cluster, jobName, jobId, atMs } = report;
    void this.#store.saveReport({ cluster, jobName, jobId, atMs, kind: LEDGER_KIND, body: encodeLedger(after) });
    const events = eventsOf(before, after, { cluster, jobName, jobId, atMs });
    if (events.length > 0) void this.#store.appendEvents(events);
  }
}

/** What must be written: an advice more or less, or one whose state has changed. */
function hasNews(before: Ledger, after: Ledger): boolean {
  if (before.size !== after.size) return true;
  for (const [key, { state }] of after) if (before.get(key)?.state !== state) return true;
  return false;
}

/** For the time line. The store keeps one language: English. */
function eventsOf(
  before: Ledger,
  after: Ledger,
  ids: Pick<JobEvent, 'cluster' | 'jobName' | 'jobId' | 'atMs'>,
): readonly JobEvent[] {
  return [...after].flatMap(([key, { state, advice }]): JobEvent[] =>
    state === 'proposed' || before.get(key)?.state === state
      ? []
      : [{ ...ids, kind: 'recommendation', text: `${state}: ${inLanguage(advice.title, 'en')}`, ref: advice.id }],
  );
}
