import type { JobFacts } from '../signals/job-facts.js';
import { explains } from '../graph/explains.js';
import { SEVERITIES, type LiveFinding } from './finding.js';
import type { Life } from './lifecycle.js';

/** Gives each finding its role (root or symptom), its causes and its rank. Best to read first comes first. */
export function rankFindings(lives: readonly Life[], job: JobFacts): readonly LiveFinding[] {
  const placed = lives.map((life): LiveFinding => {
    const explaining = lives.filter((other) => stoodWith(other, life) && explains(other.finding, life.finding, job));
    const open = explaining.filter(({ state }) => state !== 'resolved');
    const causes = life.state === 'resolved' || open.length === 0 ? explaining : open;
    return {
      ...life.finding,
      id: life.id,
      cluster: job.cluster,
      jobId: job.jobId,
      jobName: job.name,
      state: life.state,
      role: causes.length > 0 ? 'symptom' : 'root',
      causedBy: causes.map((cause) => cause.id),
      rank: 0,
      firstSeenMs: life.firstSeenMs,
      lastSeenMs: life.lastSeenMs,
      ...(life.resolvedMs === undefined ? {} : { resolvedMs: life.resolvedMs }),
    };
  });
  return placed.sort(byUrgency).map((finding, i) => ({ ...finding, rank: i + 1 }));
}

/**
 * What a cause leaves behind is told over windows that still hold it: the last slow checkpoint, the lag that is worked off. So long
 * a finding that stood with it goes on as its symptom (1.20.3: the wait of a barrier was told as a cause 85 s after the fault was over).
 */
const AFTERMATH_MS = 300_000;

/** An open finding has open causes, or else those that have just ended; a resolved one keeps those it had: a symptom that passed was never a root. */
function stoodWith(other: Life, life: Life): boolean {
  if (life.state !== 'resolved' && other.state !== 'resolved') return true;
  if (life.state !== 'resolved' && life.lastSeenMs - (other.resolvedMs ?? -Infinity) > AFTERMATH_MS) return false;
  return other.firstSeenMs <= life.lastSeenMs && other.lastSeenMs >= life.firstSeenMs;
}

const STATES = ['firing', 'pending', 'resolved'] as const;
const ROLES = ['root', 'symptom'] as const;
const BASES = ['measured', 'configuration'] as const;

/** State, basis (a configuration finding never outranks a measured one), snoozed last, role, severity, confidence, age. */
export function byUrgency(a: LiveFinding, b: LiveFinding): number {
  return (
    STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
    BASES.indexOf(a.basis) - BASES.indexOf(b.basis) ||
    Number(a.snoozed !== undefined) - Number(b.snoozed !== undefined) ||
    ROLES.indexOf(a.role) - ROLES.indexOf(b.role) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    b.confidence - a.confidence ||
    a.firstSeenMs - b.firstSeenMs ||
    (a.id < b.id ? -1 : 1)
  );
}
