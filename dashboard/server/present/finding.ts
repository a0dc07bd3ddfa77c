import type * as wire from '../../contract.js';
import type { LiveFinding } from '../../../analyzer/engine/finding.js';
import type { Recommendation } from '../../../analyzer/engine/recommendation.js';
import { inLanguage, type Language } from '../../../analyzer/text.js';

/** A finding with what the pages add to it, in both languages. */
export function findingCard(finding: LiveFinding, simulated: boolean) {
  return { ...finding, docs: `rules/${finding.rule}`, simulated };
}

export function presentFinding(finding: LiveFinding, language: Language, simulated: boolean): wire.Finding {
  return inLanguage(findingCard(finding, simulated), language);
}

export function presentRecommendation(recommendation: Recommendation, language: Language): wire.Recommendation {
  return inLanguage(recommendation, language);
}
