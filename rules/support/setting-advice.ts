import type { Advice, Change, ExpectedEffect, RecommendationKind } from '../../analyzer/engine/recommendation.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import type { Text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';

export interface Setting {
  readonly kind: RecommendationKind;
  readonly title: Text;
  readonly changes: readonly Change[];
  readonly effect: Pick<ExpectedEffect, 'metric' | 'label' | 'from' | 'to' | 'unit'> &
    Partial<Pick<ExpectedEffect, 'low' | 'high'>>;
  readonly verify: readonly ['>=' | '<=' | '>' | '<' | '=', number];
  readonly restart: Advice['risk']['restart'];
  readonly note: Text;
  readonly prerequisites?: readonly Text[];
  readonly rejected?: Advice['rejected'];
  readonly confidence?: number;
  readonly source: string;
}

const DOCS = 'https://nightlies.apache.org/flink/flink-docs-stable/docs/';

/** Advice to set options; what is already as it should be is left out, and nothing left is no advice. */
export function settingAdvice(setting: Setting, context: { job: JobFacts; history: JobHistory }): readonly Advice[] {
  const changes = setting.changes.filter(({ from, to }) => String(from) !== String(to));
  if (changes.length === 0) return [];
  const { effect } = setting;
  const [comparison, target] = setting.verify;
  return [
    {
      kind: setting.kind,
      title: setting.title,
      changes,
      diffs: diffsFor(changes, context),
      expected: [{ low: effect.to, high: effect.to, ...effect }],
      cost: NO_COST,
      prerequisites: setting.prerequisites ?? [],
      risk: { restart: setting.restart, stateLoss: false, note: setting.note },
      verify: [{ metric: effect.metric, label: effect.label, comparison, target, unit: effect.unit }],
      rejected: setting.rejected ?? [],
      confidence: setting.confidence ?? 0.8,
      sources: [`${DOCS}${setting.source}`],
    },
  ];
}
