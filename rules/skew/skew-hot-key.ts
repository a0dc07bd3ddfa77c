import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { capacityOf } from '../../analyzer/tuning/parallelism.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { skewEvidence, skewHarms } from '../support/skew-verdict.js';
import { vertexSubject } from '../support/subjects.js';

export const skewHotKey = defineRule({
  id: 'skew-hot-key',
  category: 'skew',
  title: text('One key carries too much', '单个键过热'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew', 'lag'],
  options: {},
  detect: (view) =>
    skewHarms(view, 'hot-key').map(({ found, impact, severity, name, who }) => ({
      severity,
      // Subtask counts cannot tell one key from a few that fell into the same subtask (CALIBRATION fact 21).
      confidence: 0.85,
      subject: vertexSubject(view.job, found.vertexId, found.subtasks),
      title: text(
        `One key carries about ${percent(found.hotKeyShare)} of the records of ${name}`,
        `${name} 约 ${percent(found.hotKeyShare)} 的记录集中在一个键上`,
      ),
      summary: text(
        `${who.en} gets ${compact(found.maxOverMean)}× the average and is ${percent(impact.busy)} busy; the others are ${percent(impact.othersBusy ?? 0)} busy. Scaling out will not help: a key is never split. It may also be a few keys that share the subtask.`,
        `${who['zh-CN']} 的记录是均值的 ${compact(found.maxOverMean)} 倍，繁忙率 ${percent(impact.busy)}；其余为 ${percent(impact.othersBusy ?? 0)}。扩容无效：一个键不会被拆分。也可能是少数几个键落在同一子任务。`,
      ),
      evidence: [
        ...evidence('hotKeyShare', found.hotKeyShare, found.windowMs, ['>=', hotKeyLimit(found.records.length)]),
        ...skewEvidence(found, impact),
      ],
      wouldChange: [
        text(
          'the records spread over the subtasks, or another subtask becomes the heaviest',
          '记录在子任务间分散，或最重的子任务换了',
        ),
      ],
      notSeen: [
        {
          signal: text('key', '键'),
          enableBy: text(
            'sample keys of that subtask into a side output to learn which key it is; null or default keys are the usual ones',
            '将该子任务的键采样到旁路输出以确认是哪个键；常见的是空键或默认键',
          ),
        },
      ],
    })),
  advise(finding, { job, load, skew, lag }) {
    const found = skew.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const capacity = found === undefined ? undefined : capacityOf(job, load, lag).get(found.vertexId);
    if (found === undefined || capacity === undefined || finding.severity === 'info') return [];
    const parallelism = found.records.length;
    const salts = Math.min(parallelism, Math.max(2, Math.ceil(2 * found.hotKeyShare * parallelism)));
    const gain = found.maxOverMean / found.structural;
    const reach = (rate: number): number => Math.min(rate, capacity.demandKnown ? capacity.demandPerSecond : Infinity);
    const served = capacity.servedPerSecond;
    return [
      {
        kind: 'code',
        title: text(
          `Salt the key with ${salts} values, aggregate, then aggregate again by the key`,
          `给键加 ${salts} 个盐值先聚合，再按原键聚合一次`,
        ),
        changes: [
          {
            scope: 'vertex',
            vertexId: found.vertexId,
            vertexName: job.vertexName(found.vertexId),
            from: 'keyBy(key)',
            to: `keyBy(key, hash % ${salts}) → pre-aggregate → keyBy(key)`,
            unit: 'code',
          },
        ],
        diffs: isSqlAggregate(job.vertexName(found.vertexId)) ? { sql: TWO_PHASE } : {},
        expected: [
          {
            metric: 'recordsInPerSecond',
            label: labelOf('recordsPerSecond'),
            from: served,
            to: reach(served * gain),
            // Half of the ideal gain when the key is several keys that salt unevenly.
            low: reach(served * (1 + (gain - 1) / 2)),
            high: reach(served * gain),
            unit: 'records/s',
          },
          {
            metric: 'recordsMaxOverMean',
            label: labelOf('recordsMaxOverMean'),
            from: found.maxOverMean,
            to: 1.1,
            low: 1,
            high: 1.3,
            unit: 'ratio',
          },
        ],
        cost: NO_COST,
        prerequisites: [
          text(
            'the aggregate can be combined from partial results (sum, count, max …)',
            '聚合可由部分结果合并（求和、计数、最大值等）',
          ),
          text('a null or default key is filtered out before keyBy instead', '若是空键或默认键，应在 keyBy 之前过滤'),
        ],
        risk: {
          restart: 'savepoint',
          stateLoss: true,
          note: text('new layout of keyed state: start this operator fresh', '键控状态结构改变：该算子需从空状态启动'),
        },
        verify: [
          {
            metric: 'recordsMaxOverMean',
            label: labelOf('recordsMaxOverMean'),
            comparison: '<',
            target: 1.3,
            unit: 'ratio',
          },
        ],
        rejected: [
          {
            alternative: text('more parallelism', '提高并行度'),
            why: text(
              `one key is always one subtask: beyond ${Math.max(1, Math.floor(1 / found.hotKeyShare))} subtasks nothing is gained`,
              `一个键只在一个子任务上：超过 ${Math.max(1, Math.floor(1 / found.hotKeyShare))} 个子任务没有收益`,
            ),
          },
          {
            alternative: text('rebalance()', 'rebalance()'),
            why: text('records of one key must stay together after keyBy', 'keyBy 之后同一键的记录必须在一起'),
          },
        ],
        confidence: 0.75,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/table/tuning/#local-global-aggregation',
        ],
      },
    ];
  },
});

/** Diagnosis §4: a key of this share alone makes max/avg 1.5. */
function hotKeyLimit(parallelism: number): number {
  return Math.max(0.01, 0.5 / (parallelism - 1));
}

function isSqlAggregate(vertexName: string): boolean {
  return /GroupAggregate|GroupWindowAggregate/.test(vertexName);
}

const TWO_PHASE = [
  "SET 'table.exec.mini-batch.enabled' = 'true';",
  "SET 'table.exec.mini-batch.allow-latency' = '2 s';",
  "SET 'table.exec.mini-batch.size' = '5000';",
  "SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';",
].join('\n');
