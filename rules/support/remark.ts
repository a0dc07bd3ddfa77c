import type { Evidence, Subject } from '../../analyzer/engine/finding.js';
import type { Verdict } from '../../analyzer/engine/rule.js';
import type { Text } from '../../analyzer/text.js';

/** How long a job must have run before its size or its cost is worth a remark: a day has seen its peak. */
export const A_DAY = { default: 86_400_000, unit: 'ms', description: 'how long the job must have run' } as const;

/** A remark about a setting or a cost: an info, of the whole job unless told otherwise. */
export function remark(said: {
  readonly subject?: Subject;
  readonly confidence?: number;
  readonly title: Text;
  readonly summary: Text;
  readonly evidence: readonly Evidence[];
  readonly until: Text;
}): Verdict {
  return {
    severity: 'info',
    confidence: said.confidence ?? 0.8,
    subject: said.subject ?? { kind: 'job' },
    title: said.title,
    summary: said.summary,
    evidence: said.evidence,
    wouldChange: [said.until],
  };
}
