import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { compact, counted, percent, text } from '../../analyzer/text.js';
import { finerKeyAdvice } from '../support/finer-key-advice.js';
import { skewEvidence, skewHarms } from '../support/skew-verdict.js';
import { vertexSubject } from '../support/subjects.js';

export const skewLowCardinality = defineRule({
  id: 'skew-low-cardinality',
  category: 'skew',
  title: text('Too few keys for the subtasks', '键太少，不够子任务分'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew', 'lag'],
  options: {},
  detect(view) {
    return skewHarms(view, 'few-keys').map(({ found, impact, severity, name, who }) => {
      const empty = found.records.filter((records) => records === 0).length;
      return {
        severity,
        // Equal keys, as many as subtasks, leave one of them empty in 93–100 % of simulated runs; one heavy key beside
        // an idle subtask looks alike (diagnosis §4).
        confidence: 0.85,
        subject: vertexSubject(view.job, found.vertexId, found.subtasks),
        title: text(
          `${name} has too few keys for ${found.records.length} subtasks`,
          `${name} 的键太少，不够 ${found.records.length} 个子任务分`,
        ),
        summary: text(
          `${who.en} get ${compact(found.maxOverMean)}× the average and are ${percent(impact.busy)} busy, the others ${percent(impact.othersBusy ?? 0)}; ${counted(empty, 'subtask gets', 'subtasks get')} nothing.`,
          `${who['zh-CN']} 的记录是均值的 ${compact(found.maxOverMean)} 倍，繁忙率 ${percent(impact.busy)}，其余 ${percent(impact.othersBusy ?? 0)}；${empty} 个子任务没有数据。`,
        ),
        evidence: [...evidence('emptySubtasks', empty, found.windowMs, ['>', 0]), ...skewEvidence(found, impact)],
        wouldChange: [text('every subtask gets records', '每个子任务都有数据')],
        notSeen: [
          {
            signal: text('keys', '键'),
            enableBy: text(
              'state.backend.rocksdb.metrics.estimate-num-keys: true tells the keys of each subtask, where state is in RocksDB',
              '状态在 RocksDB 中时，state.backend.rocksdb.metrics.estimate-num-keys: true 可得知每个子任务的键数',
            ),
          },
        ],
      };
    });
  },
  advise: (finding, view) =>
    finerKeyAdvice(finding, view, [
      {
        alternative: text('more parallelism', '提高并行度'),
        why: text('more subtasks than keys: the new ones get nothing', '子任务已多于键，新增的不会有数据'),
      },
      {
        alternative: text('another max parallelism', '更换最大并行度'),
        why: text(
          'it deals the keys out anew, by chance, and discards keyed state',
          '只是随机地重新分配键，还会丢弃键控状态',
        ),
      },
    ]),
});
