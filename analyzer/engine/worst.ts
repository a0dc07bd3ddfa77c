import type { LiveFinding, Severity } from './finding.js';

/** The severity that a job is shown with: of what is measured, fires and was not put aside. */
export function worstOf(findings: readonly LiveFinding[], reachable: boolean): 'ok' | Severity | 'unknown' {
  if (!reachable) return 'unknown';
  const severities = alarming(findings).map((finding) => finding.severity);
  return (['critical', 'warning', 'info'] as const).find((severity) => severities.includes(severity)) ?? 'ok';
}

/**
 * Measured findings that fire and that nobody put aside. A symptom rests with its causes when all of them rest; a warning rests
 * with a backlog that is being worked off, where nothing is to be done (L55).
 */
export function alarming(findings: readonly LiveFinding[]): readonly LiveFinding[] {
  const resting = restingIds(findings);
  return findings.filter(({ id, state, basis }) => state === 'firing' && basis === 'measured' && !resting.has(id));
}

function restingIds(findings: readonly LiveFinding[]): ReadonlySet<string> {
  const resting = new Set(findings.filter(({ snoozed }) => snoozed !== undefined).map(({ id }) => id));
  const workedOff = findings.find(
    ({ rule, role, severity }) => rule === 'src-catchup' && role === 'root' && severity === 'info',
  );
  // A symptom may be the cause of another one, so this goes on until no more come to rest.
  for (let before = -1; before < resting.size;) {
    before = resting.size;
    for (const { id, causedBy, severity } of findings) {
      const rests = (cause: string): boolean =>
        resting.has(cause) || (cause === workedOff?.id && severity !== 'critical');
      if (causedBy.length > 0 && causedBy.every(rests)) resting.add(id);
    }
  }
  return resting;
}
