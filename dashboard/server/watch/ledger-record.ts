import type { SeriesStore } from '../../../collector/index.js';
import type { Ledger, Trial } from '../../../analyzer/engine/ledger/trial.js';
import { newestRecords } from './newest-records.js';

/** Kind of the record that holds what became of a job's advice. */
export const LEDGER_KIND = 'ledger';

export function encodeLedger(ledger: Ledger): string {
  return JSON.stringify([...ledger]);
}

/** A record of another shape (another Weir's) gives none: advice is followed up from the readings again. */
export function decodeLedger(body: string): Ledger {
  try {
    const parsed: unknown = JSON.parse(body);
    return Array.isArray(parsed) && parsed.every(isEntry) ? new Map(parsed) : new Map();
  } catch {
    return new Map();
  }
}

/** Checks the fields that are computed with; texts are only shown. */
function isEntry(value: unknown): value is [string, Trial] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const trial: unknown = value[1];
  if (typeof trial !== 'object' || trial === null) return false;
  const { advice, state, firstProposedMs, lastProposedMs, before } = trial as Record<string, unknown>; // Checked below.
  if (typeof advice !== 'object' || advice === null) return false;
  const { id, changes, expected } = advice as Record<string, unknown>; // Checked below.
  return (
    ['proposed', 'applied', 'confirmed', 'refuted'].includes(String(state)) &&
    typeof firstProposedMs === 'number' &&
    typeof lastProposedMs === 'number' &&
    typeof before === 'object' &&
    before !== null &&
    typeof id === 'string' &&
    Array.isArray(changes) &&
    Array.isArray(expected)
  );
}

/** The newest record of each job. */
export async function restoreLedgers(
  store: SeriesStore,
  nowMs: number,
  youngerThanMs: number,
): Promise<readonly { readonly cluster: string; readonly jobName: string; readonly ledger: Ledger }[]> {
  const records = await newestRecords(store, LEDGER_KIND, nowMs, youngerThanMs);
  return records.map(({ cluster, jobName, body }) => ({ cluster, jobName, ledger: decodeLedger(body) }));
}
