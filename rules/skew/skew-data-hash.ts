import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { capacityOf } from '../../analyzer/tuning/parallelism.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { pressureCounts } from '../support/pressure.js';
import { skewEvidence, skewImpact, skewSeverity } from '../support/skew-verdict.js';
import { subtaskNames, vertexSubject } from '../support/subjects.js';

export const skewDataHash = defineRule({
  id: 'skew-data-hash',
  category: 'skew',
  title: text('Keys spread unevenly', '键分布不均'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew', 'lag'],
  options: {},
  detect({ job, load, skew, lag }) {
    if (!pressureCounts(lag)) return [];
    return skew.flatMap((found) => {
      const impact = skewImpact(found, job, load);
      const severity = found.kind === 'data-hash' || found.kind === 'few-keys' ? skewSeverity(impact) : undefined;
      if (severity === undefined) return [];
      const name = job.vertexName(found.vertexId);
      const who = subtaskNames(found.subtasks);
      const few = found.kind === 'few-keys';
      return [
        {
          severity,
          confidence: few ? 0.85 : 0.75,
          subject: vertexSubject(job, found.vertexId, found.subtasks),
          title: few
            ? text(
                `${name} has too few keys for ${found.records.length} subtasks`,
                `${name} 的键太少，不够 ${found.records.length} 个子任务分`,
              )
            : text(`The keys of ${name} spread unevenly over its subtasks`, `${name} 的键在子任务间分布不均`),
          summary: text(
            `${who.en} get ${compact(found.maxOverMean)}× the average and are ${percent(impact.busy)} busy, the others ${percent(impact.othersBusy ?? 0)}${few ? '; at least one subtask gets nothing' : ''}.`,
            `${who['zh-CN']} 的记录是均值的 ${compact(found.maxOverMean)} 倍，繁忙率 ${percent(impact.busy)}，其余 ${percent(impact.othersBusy ?? 0)}${few ? '；至少一个子任务没有数据' : ''}。`,
          ),
          evidence: [
            ...evidence('excessVariation', found.excessVariation, found.windowMs, ['>=', 0.3]),
            ...skewEvidence(found, impact),
          ],
          wouldChange: [text('the records spread evenly over the subtasks', '记录在子任务间均匀分布')],
        },
      ];
    });
  },
  advise(finding, { job, load, skew, lag }) {
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
        rejected: [
          {
            alternative: text('more parallelism', '提高并行度'),
            why: text(
              'uneven keys stay uneven; the heavy subtask keeps its keys',
              '不均匀的键仍然不均匀，重的子任务仍保有它的键',
            ),
          },
        ],
        confidence: 0.6,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/table/tuning/'],
      },
    ];
  },
});
