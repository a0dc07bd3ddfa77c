import { OTHERS_BUSY_MAX } from '../../analyzer/graph/cause.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Evidence, Severity } from '../../analyzer/engine/finding.js';
import { NO_COST, type Advice } from '../../analyzer/engine/recommendation.js';
import type { RuleView } from '../../analyzer/engine/rule.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { LagSignal } from '../../analyzer/signals/lag.js';
import type { LoadSignal } from '../../analyzer/signals/load.js';
import type { SourceSkew } from '../../analyzer/signals/source-skew.js';
import { max, present, sum } from '../../analyzer/numbers.js';
import { percent, text, type Text } from '../../analyzer/text.js';
import { capacityOf } from '../../analyzer/tuning/parallelism.js';
import { expectedBusy } from './expectations.js';
import { pressureCounts } from './pressure.js';
import { impactEvidence, skewImpact, skewSeverity, type SkewImpact } from './skew-verdict.js';
import { subtaskNames } from './subjects.js';

/** What uneven readers do to the vertex that works on their records, which is the source itself where all is chained. */
export interface SourceSkewImpact extends SkewImpact {
  readonly vertexId: string;
}

/**
 * A subtask behind a FORWARD edge gets exactly what its reader reads: of the source and these the one whose heavy subtasks
 * are busiest. The pressure is that on the heavy readers; a source that does its own work feels none, but falls behind.
 */
export function sourceSkewImpact(
  skew: SourceSkew,
  job: JobFacts,
  load: LoadSignal,
  lag: LagSignal,
): SourceSkewImpact | undefined {
  const carriers = [skew.vertexId, ...job.topology.forwardFrom(skew.vertexId)];
  const impacts = carriers.map((vertexId) => ({
    ...skewImpact({ vertexId, subtasks: skew.subtasks }, job, load),
    vertexId,
  }));
  const busiest = max(impacts.map(({ busy }) => busy));
  const impact = impacts.find(({ busy }) => busy === busiest);
  if (impact === undefined) return undefined;
  const readers = load.get(skew.vertexId)?.subtasks ?? [];
  const pressure = readers
    .filter(({ subtask }) => skew.subtasks.includes(subtask))
    .map(({ backPressuredRatio }) => backPressuredRatio);
  const isBehind =
    impact.vertexId === skew.vertexId &&
    lag.sources.some(({ vertexId, trend }) => vertexId === skew.vertexId && trend === 'growing');
  return { ...impact, inputPressure: isBehind ? 1 : (max(present(pressure)) ?? 0) };
}

/** Where the others are as busy it is too much work for all of them, not too uneven. */
function sourceSkewSeverity(impact: SourceSkewImpact): Severity | undefined {
  return (impact.othersBusy ?? 1) > OTHERS_BUSY_MAX ? undefined : skewSeverity(impact);
}

export function sourceSkewEvidence(skew: SourceSkew, impact: SourceSkewImpact): readonly Evidence[] {
  const [heaviest] = skew.subtasks;
  return [
    ...evidence('arrivingPerSecond', heaviest === undefined ? undefined : skew.arriving[heaviest], skew.windowMs),
    ...impactEvidence({ vertexId: impact.vertexId, subtasks: skew.subtasks }, impact),
  ];
}

/** Why a rule on readers says nothing of a source that does not tell what arrives. */
const ARRIVING_NOT_TOLD = text(
  'a reader is held back and does not tell how many records wait for it: what arrives there is not known',
  '有读取者受到反压，且未报告等待的记录数：无法得知到达量',
);

/** Uneven readers that do harm, and how their texts call them. */
export interface SourceSkewHarm {
  readonly skew: SourceSkew;
  readonly impact: SourceSkewImpact;
  readonly severity: Severity;
  readonly name: string;
  readonly who: Text;
  readonly work: Text;
}

/** What a rule says of the uneven readers of one kind; not evaluated where it finds none and a source does not tell. */
export function ofSourceSkew<Verdict>(
  { job, load, sourceSkew, lag }: RuleView<'load' | 'sourceSkew' | 'lag'>,
  kind: SourceSkew['kind'],
  say: (harm: SourceSkewHarm) => readonly Verdict[],
): readonly Verdict[] | { readonly notEvaluated: Text } {
  if (!pressureCounts(lag)) return [];
  const verdicts = sourceSkew.flatMap((skew) => {
    const impact = skew.kind === kind ? sourceSkewImpact(skew, job, load, lag) : undefined;
    const severity = impact === undefined ? undefined : sourceSkewSeverity(impact);
    if (impact === undefined || severity === undefined) return [];
    const [name, who] = [job.vertexName(skew.vertexId), subtaskNames(skew.subtasks)];
    return say({ skew, impact, severity, name, who, work: workWords(skew, impact, job) });
  });
  return verdicts.length === 0 && sourceSkew.some(({ kind: found }) => found === 'untold')
    ? { notEvaluated: ARRIVING_NOT_TOLD }
    : verdicts;
}

/** Records dealt out anew behind the source: even work, whatever the partitions. */
export function rebalanceAdvice(
  skew: SourceSkew,
  impact: SourceSkewImpact,
  { job, load, lag }: { readonly job: JobFacts; readonly load: LoadSignal; readonly lag: LagSignal },
  rejected: Advice['rejected'],
): readonly Advice[] {
  const capacity = capacityOf(job, load, lag).get(impact.vertexId);
  if (capacity === undefined) return [];
  const arriving = sum(skew.arriving);
  const evenBusy = (arriving * capacity.secondsPerRecord) / capacity.parallelism;
  const served = evenBusy > 1 ? arriving / evenBusy : arriving;
  const busyTo = Math.min(1, evenBusy);
  return [
    {
      kind: 'code',
      title: text(
        `Put rebalance() behind ${job.vertexName(skew.vertexId)}: its records are then worked on evenly`,
        `在 ${job.vertexName(skew.vertexId)} 之后加 rebalance()：记录将被均匀处理`,
      ),
      changes: [
        {
          scope: 'vertex',
          vertexId: skew.vertexId,
          vertexName: job.vertexName(skew.vertexId),
          from: 'source → forward',
          to: 'source → rebalance()',
          unit: 'code',
        },
      ],
      diffs: {},
      expected: [
        {
          metric: 'recordsInPerSecond',
          label: labelOf('recordsPerSecond'),
          from: capacity.servedPerSecond,
          to: Math.max(capacity.servedPerSecond, served),
          low: capacity.servedPerSecond,
          high: Math.max(capacity.servedPerSecond, served),
          unit: 'records/s',
        },
        expectedBusy(impact.busy, busyTo),
      ],
      cost: NO_COST,
      prerequisites: [
        text(
          'nothing up to the next keyBy needs the order within a partition',
          '到下一个 keyBy 之前，不依赖分区内的顺序',
        ),
        text('each record is worth its way over the network', '记录值得经网络传输一次'),
      ],
      risk: {
        restart: 'savepoint',
        stateLoss: false,
        note: text(
          'breaks the chain behind the source; operators keep their state where they have a uid()',
          '源端之后的算子链被拆开；设有 uid() 的算子保留其状态',
        ),
      },
      verify: [
        {
          metric: 'busyRatio',
          label: labelOf('busyRatio'),
          comparison: '<',
          target: Math.min(1, busyTo * 1.15),
          unit: 'ratio',
        },
      ],
      rejected,
      confidence: 0.8,
      sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/overview/'],
    },
  ];
}

/** "83 %, the others 16 %": what a summary says of the work, and where it is done. */
function workWords(skew: SourceSkew, impact: SourceSkewImpact, job: JobFacts): { en: string; 'zh-CN': string } {
  const [busy, others] = [percent(impact.busy), percent(impact.othersBusy ?? 0)];
  return impact.vertexId === skew.vertexId
    ? text(`it is ${busy} busy, the others ${others}`, `其繁忙率为 ${busy}，其余 ${others}`)
    : text(
        `${job.vertexName(impact.vertexId)} is ${busy} busy there and ${others} elsewhere`,
        `${job.vertexName(impact.vertexId)} 在该处繁忙率为 ${busy}，其余 ${others}`,
      );
}
