import { z } from 'zod';
import type { ReportRecord, SeriesStore } from '../../../collector/index.js';
import type { LiveFinding, Snooze } from '../../../analyzer/engine/finding.js';
import type { Snoozes } from '../../../analyzer/engine/snooze.js';

/** Kind of the records that hold snoozes: one for each time somebody set or ended one. */
export const SNOOZE_KIND = 'snooze';
export const SNOOZE_DAYS_MAX = 30;
export const SNOOZE_MS_MAX = SNOOZE_DAYS_MAX * 86_400_000;
/** What one query of the store brings back after a restart; people do not set that many. */
export const MAX_SNOOZES = 5_000;

const recordSchema = z.object({ findingId: z.string(), untilMs: z.number(), reason: z.string() });

/** What somebody put aside, and until when. */
export interface SnoozeRecord extends Snooze {
  readonly findingId: string;
  readonly atMs: number;
}

/** Snoozes of the service, kept in the store so that they outlive a restart. */
export class SnoozeBook {
  readonly #store: SeriesStore;
  readonly #byFinding = new Map<string, Snooze>();

  constructor(store: SeriesStore) {
    this.#store = store;
  }

  async restore(nowMs: number): Promise<void> {
    for (const { findingId, untilMs, reason } of await storedSnoozes(this.#store, nowMs - SNOOZE_MS_MAX, nowMs + 1)) {
      if (!this.#byFinding.has(findingId)) this.#byFinding.set(findingId, { untilMs, reason });
    }
    this.active(nowMs);
  }

  /** A time that has passed ends the snooze. False: there are too many. */
  set({ id, cluster, jobName, jobId, title }: LiveFinding, snooze: Snooze, nowMs: number): boolean {
    const begins = snooze.untilMs > nowMs;
    if (begins && !this.#byFinding.has(id) && this.active(nowMs).size >= MAX_SNOOZES) return false;
    this.#byFinding.set(id, snooze);
    const ids = { cluster, jobName, jobId, atMs: nowMs };
    void this.#store.saveReport({ ...ids, kind: SNOOZE_KIND, body: JSON.stringify({ findingId: id, ...snooze }) });
    if (begins) void this.#store.appendEvents([{ ...ids, kind: 'snooze', text: title.en, ref: id }]);
    return true;
  }

  /** What still lasts; the rest is forgotten. */
  active(nowMs: number): Snoozes {
    for (const [id, { untilMs }] of this.#byFinding) if (untilMs <= nowMs) this.#byFinding.delete(id);
    return this.#byFinding;
  }
}

/** The last word on each finding within a time, whether it set a snooze or ended one. */
export async function storedSnoozes(
  store: SeriesStore,
  fromMs: number,
  toMs: number,
): Promise<readonly SnoozeRecord[]> {
  const records = await store.loadReports({ kind: SNOOZE_KIND, fromMs, toMs });
  const last = new Map(records.flatMap(decoded).map((record) => [record.findingId, record]));
  return [...last.values()];
}

/** A record of another shape (another Weir's) is none. */
function decoded({ atMs, body }: ReportRecord): SnoozeRecord[] {
  try {
    const read = recordSchema.safeParse(JSON.parse(body));
    return read.success ? [{ ...read.data, atMs }] : [];
  } catch {
    return [];
  }
}
