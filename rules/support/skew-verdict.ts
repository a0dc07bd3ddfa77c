import type { LoadSignal } from '../../analyzer/signals/load.js';
import type { VertexSkew } from '../../analyzer/signals/skew.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import type { Evidence, Severity } from '../../analyzer/engine/finding.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { RuleView } from '../../analyzer/engine/rule.js';
import { max, median, present } from '../../analyzer/numbers.js';
import type { Text } from '../../analyzer/text.js';
import { pressureCounts } from './pressure.js';
import { subtaskNames } from './subjects.js';

/** Skew on idle subtasks harms nobody: below this busy of the heaviest subtask it is not mentioned (L09: .02). */
const MENTIONED_BUSY = 0.2;
/** Never a warning below this (CALIBRATION §2, "harmless skew"). */
const WARNING_BUSY = 0.5;
const CRITICAL_BUSY = 0.9;
const PRESSED = 0.5;

/** What the heaviest subtasks of a skewed vertex do, against the others. */
export interface SkewImpact {
  readonly busy: number;
  readonly othersBusy: number | undefined;
  readonly inputPressure: number;
}

export function skewImpact(
  skew: Pick<VertexSkew, 'vertexId' | 'subtasks'>,
  job: JobFacts,
  load: LoadSignal,
): SkewImpact {
  const subtasks = load.get(skew.vertexId)?.subtasks ?? [];
  const busyOf = (wanted: boolean): number[] =>
    present(
      subtasks.filter(({ subtask }) => skew.subtasks.includes(subtask) === wanted).map(({ busyRatio }) => busyRatio),
    );
  const inputs = job.topology.inputsOf(skew.vertexId).map((edge) => load.get(edge.fromVertexId)?.backPressuredMax);
  return { busy: max(busyOf(true)) ?? 0, othersBusy: median(busyOf(false)), inputPressure: max(present(inputs)) ?? 0 };
}

/** Severity by harm: nothing, a word, a warning, or critical when its input waits for the heavy subtask. */
export function skewSeverity(impact: SkewImpact): Severity | undefined {
  if (impact.busy < MENTIONED_BUSY) return undefined;
  if (impact.busy < WARNING_BUSY) return 'info';
  return impact.busy >= CRITICAL_BUSY && impact.inputPressure >= PRESSED ? 'critical' : 'warning';
}

/** A skew that does harm, and how its texts call it. */
export interface SkewHarm {
  readonly found: VertexSkew;
  readonly impact: SkewImpact;
  readonly severity: Severity;
  readonly name: string;
  readonly who: Text;
}

/** The skews of one kind that are worth a word; none while the job only catches up. */
export function skewHarms(
  { job, load, skew, lag }: RuleView<'load' | 'skew' | 'lag'>,
  kind: VertexSkew['kind'],
): readonly SkewHarm[] {
  if (!pressureCounts(lag)) return [];
  return skew.flatMap((found) => {
    if (found.kind !== kind) return [];
    const impact = skewImpact(found, job, load);
    const severity = skewSeverity(impact);
    const [name, who] = [job.vertexName(found.vertexId), subtaskNames(found.subtasks)];
    return severity === undefined ? [] : [{ found, impact, severity, name, who }];
  });
}

export function skewEvidence(skew: VertexSkew, impact: SkewImpact): readonly Evidence[] {
  const { vertexId } = skew;
  return [
    ...evidence('recordsMaxOverMean', skew.maxOverMean, skew.windowMs, undefined, {
      metric: 'recordsInPerSecond',
      vertexId,
    }),
    ...impactEvidence(skew, impact),
  ];
}

/** What it does to the heaviest subtask, the others, and what feeds them. */
export function impactEvidence(
  { vertexId, subtasks: [heaviest] }: Pick<VertexSkew, 'vertexId' | 'subtasks'>,
  impact: SkewImpact,
): readonly Evidence[] {
  return [
    ...evidence('busyRatio', impact.busy, LOAD_WINDOW_MS, ['>=', WARNING_BUSY], {
      metric: 'busyRatio',
      vertexId,
      ...(heaviest === undefined ? {} : { subtask: heaviest }),
    }),
    ...evidence('othersBusyRatio', impact.othersBusy, LOAD_WINDOW_MS),
    ...(impact.inputPressure >= PRESSED
      ? evidence('inputPressure', impact.inputPressure, LOAD_WINDOW_MS, ['>=', PRESSED])
      : []),
  ];
}
