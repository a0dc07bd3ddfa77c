import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { DEAR_FACTOR, FLAT_RECORDS_MAX } from '../../analyzer/signals/cost-skew.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { pressureCounts } from '../support/pressure.js';
import { impactEvidence, skewImpact, skewSeverity } from '../support/skew-verdict.js';
import { subtaskNames, vertexSubject } from '../support/subjects.js';

export const skewProcessingCost = defineRule({
  id: 'skew-processing-cost',
  category: 'skew',
  title: text('The records of one subtask cost more', '某个子任务的记录处理成本更高'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'costSkew', 'lag'],
  options: {},
  detect({ job, load, costSkew, lag }) {
    if (!pressureCounts(lag)) return [];
    return costSkew.dearSubtasks.flatMap((dear) => {
      const impact = skewImpact(dear, job, load);
      const severity = skewSeverity(impact);
      if (severity === undefined) return [];
      const name = job.vertexName(dear.vertexId);
      const who = subtaskNames(dear.subtasks);
      const each = duration(dear.secondsPerRecord * 1000);
      return [
        {
          severity,
          confidence: 0.85,
          subject: vertexSubject(job, dear.vertexId, dear.subtasks),
          title: text(
            `A record costs ${compact(dear.factor)}× as much in ${who.en} of ${name}`,
            `${name} 的${who['zh-CN']}处理每条记录的成本是其余的 ${compact(dear.factor)} 倍`,
          ),
          summary: text(
            `All subtasks get about as many records, but there one takes ${each}: it is ${percent(impact.busy)} busy, the others ${percent(impact.othersBusy ?? 0)}. Others on the same TaskManager are as fast as elsewhere, so that it is what these records need: large state of some keys, long lists or maps, a slow partner for some of them.`,
            `各子任务的记录数相近，但该处每条需 ${each}：繁忙率 ${percent(impact.busy)}，其余 ${percent(impact.othersBusy ?? 0)}。同一 TaskManager 上的其他子任务速度正常，因此是这些记录本身更费时：某些键的状态很大、列表或映射很长，或其外部依赖较慢。`,
          ),
          evidence: [
            ...evidence('costOverOthers', dear.factor, dear.windowMs, ['>=', DEAR_FACTOR]),
            ...evidence('recordsMaxOverMean', dear.maxOverMean, dear.windowMs, ['<', FLAT_RECORDS_MAX]),
            ...evidence('recordMs', dear.secondsPerRecord * 1000, dear.windowMs),
            ...impactEvidence(dear, impact),
          ],
          wouldChange: [text('a record costs the same in every subtask', '每个子任务处理一条记录的成本相同')],
          notSeen: [
            {
              signal: text('flame graph', '火焰图'),
              enableBy: text(
                'rest.flamegraph.enabled: true shows where this subtask spends its time, beside another one',
                '设置 rest.flamegraph.enabled: true，可将该子任务与其他子任务的耗时对比',
              ),
            },
          ],
        },
      ];
    });
  },
  // What makes these records dear is in the code or in the state of their keys: no setting is right for all of it.
  advise: () => [],
});
