import type * as wire from '../../contract.js';
import type { LiveFinding } from '../../../analyzer/engine/finding.js';
import type { Recommendation } from '../../../analyzer/engine/recommendation.js';
import { inLanguage, type Language } from '../../../analyzer/text.js';

export function presentFinding(finding: LiveFinding, language: Language, simulated: boolean): wire.Finding {
  return { ...inLanguage(finding, language), docs: `rules/${finding.rule}`, simulated };
}

export function presentRecommendation(recommendation: Recommendation, language: Language): wire.Recommendation {
  return inLanguage(recommendation, language);
}
