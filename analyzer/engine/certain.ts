import type { LiveFinding } from './finding.js';
import type { Recommendation } from './recommendation.js';

/**
 * Advice that takes resources waits until one of its findings is certain: a machine that is short of CPU for a minute makes a healthy vertex
 * full (1.20.3: 10 subtasks in place of 6 were advised for 20 s, and the finding never fired). What frees or costs nothing need not wait.
 * The same list where nothing waits: most jobs, in every beat.
 */
export function withoutUncertain(
  recommendations: readonly Recommendation[],
  findings: readonly LiveFinding[],
): readonly Recommendation[] {
  if (!recommendations.some(takesMore)) return recommendations;
  const certain = new Set(findings.flatMap(({ id, state }) => (state === 'firing' ? [id] : [])));
  const waits = (advice: Recommendation): boolean =>
    takesMore(advice) && !advice.findings.some((id) => certain.has(id));
  return recommendations.some(waits) ? recommendations.filter((advice) => !waits(advice)) : recommendations;
}

function takesMore({ changes, cost }: Recommendation): boolean {
  const isWider = changes.some(
    ({ scope, from, to }) => scope === 'vertex' && typeof from === 'number' && typeof to === 'number' && to > from,
  );
  return isWider || cost.slots > 0 || cost.taskManagers > 0 || cost.memoryBytes > 0;
}
