import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { finerKeyAdvice } from '../support/finer-key-advice.js';
import { skewEvidence, skewHarms } from '../support/skew-verdict.js';
import { vertexSubject } from '../support/subjects.js';

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
  detect: (view) =>
    skewHarms(view, 'data-hash').map(({ found, impact, severity, name, who }) => ({
      severity,
      confidence: 0.75,
      subject: vertexSubject(view.job, found.vertexId, found.subtasks),
      title: text(`The keys of ${name} spread unevenly over its subtasks`, `${name} 的键在子任务间分布不均`),
      summary: text(
        `${who.en} get ${compact(found.maxOverMean)}× the average and are ${percent(impact.busy)} busy, the others ${percent(impact.othersBusy ?? 0)}.`,
        `${who['zh-CN']} 的记录是均值的 ${compact(found.maxOverMean)} 倍，繁忙率 ${percent(impact.busy)}，其余 ${percent(impact.othersBusy ?? 0)}。`,
      ),
      evidence: [
        ...evidence('excessVariation', found.excessVariation, found.windowMs, ['>=', 0.3]),
        ...skewEvidence(found, impact),
      ],
      wouldChange: [text('the records spread evenly over the subtasks', '记录在子任务间均匀分布')],
    })),
  advise: (finding, view) =>
    finerKeyAdvice(finding, view, [
      {
        alternative: text('more parallelism', '提高并行度'),
        why: text(
          'uneven keys stay uneven; the heavy subtask keeps its keys',
          '不均匀的键仍然不均匀，重的子任务仍保有它的键',
        ),
      },
    ]),
});
