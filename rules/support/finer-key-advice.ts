import { labelOf } from '../../analyzer/engine/evidence.js';
import type { Finding } from '../../analyzer/engine/finding.js';
import { NO_COST, type Advice } from '../../analyzer/engine/recommendation.js';
import type { RuleView } from '../../analyzer/engine/rule.js';
import { capacityOf } from '../../analyzer/tuning/parallelism.js';
import { text } from '../../analyzer/text.js';

/** Two steps instead of one for keys that are too few or too uneven: by key and bucket, then by the key. */
export function finerKeyAdvice(
  finding: Finding,
  { job, load, skew, lag }: RuleView<'load' | 'skew' | 'lag'>,
  rejected: Advice['rejected'],
): readonly Advice[] {
  const found = skew.find(({ vertexId }) => vertexId === finding.subject.vertexId);
  const capacity = found === undefined ? undefined : capacityOf(job, load, lag).get(found.vertexId);
  if (found === undefined || capacity === undefined || finding.severity === 'info') return [];
  const gain = found.maxOverMean / found.structural;
  const reach = (rate: number): number => Math.min(rate, capacity.demandKnown ? capacity.demandPerSecond : Infinity);
  const served = capacity.servedPerSecond;
  return [
    {
      kind: 'code',
      title: text(
        'Use a finer key, or aggregate by key and bucket before the final key',
        '使用更细的键，或先按“键+桶”聚合再按最终键聚合',
      ),
      changes: [
        {
          scope: 'vertex',
          vertexId: found.vertexId,
          vertexName: job.vertexName(found.vertexId),
          from: 'keyBy(key)',
          to: 'keyBy(key, bucket) → pre-aggregate → keyBy(key)',
          unit: 'code',
        },
      ],
      diffs: {},
      expected: [
        {
          metric: 'recordsInPerSecond',
          label: labelOf('recordsPerSecond'),
          from: served,
          to: reach(served * gain),
          low: served,
          high: reach(served * gain),
          unit: 'records/s',
        },
      ],
      cost: NO_COST,
      prerequisites: [text('the aggregate can be combined from partial results', '聚合可由部分结果合并')],
      risk: { restart: 'savepoint', stateLoss: true, note: text('new layout of keyed state', '键控状态结构改变') },
      verify: [
        {
          metric: 'recordsMaxOverMean',
          label: labelOf('recordsMaxOverMean'),
          comparison: '<',
          target: 1.3,
          unit: 'ratio',
        },
      ],
      rejected,
      confidence: 0.6,
      sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/table/tuning/'],
    },
  ];
}
