import type { SeriesStore } from '../../../collector/index.js';
import type { Life, Lives } from '../../../analyzer/engine/lifecycle.js';

/** Kind of the record that holds a job's findings and their lives, one per beat in which the job was judged. */
export const LIVES_KIND = 'findings';

export function encodeLives(lives: Lives): string {
  return JSON.stringify([...lives.values()]);
}

/** A record of another shape (an older Weir's) gives none: findings open again from the readings. */
export function decodeLives(body: string): Lives {
  try {
    const parsed: unknown = JSON.parse(body);
    if (!Array.isArray(parsed) || !parsed.every(isLife)) return new Map();
    return new Map(parsed.map((life) => [life.id, life]));
  } catch {
    return new Map();
  }
}

/** Checks the fields that the life cycle computes with; texts and evidence are only shown. */
function isLife(value: unknown): value is Life {
  if (typeof value !== 'object' || value === null) return false;
  const life = value as Record<string, unknown>; // Narrowed field by field below.
  return (
    typeof life.id === 'string' &&
    typeof life.firstSeenMs === 'number' &&
    typeof life.lastSeenMs === 'number' &&
    typeof life.readings === 'number' &&
    typeof life.lastReadingMs === 'number' &&
    ['pending', 'firing', 'resolved'].includes(String(life.state)) &&
    typeof life.finding === 'object' &&
    life.finding !== null
  );
}

/** The newest record of each job that is young enough to go on from. */
export async function restoreLives(
  store: SeriesStore,
  nowMs: number,
  youngerThanMs: number,
): Promise<readonly { readonly cluster: string; readonly jobName: string; readonly lives: Lives }[]> {
  const records = await store.loadReports({ kind: LIVES_KIND, fromMs: nowMs - youngerThanMs, toMs: nowMs });
  const newest = new Map(records.map((record) => [JSON.stringify([record.cluster, record.jobName]), record]));
  return [...newest.values()].map(({ cluster, jobName, body }) => ({ cluster, jobName, lives: decodeLives(body) }));
}
