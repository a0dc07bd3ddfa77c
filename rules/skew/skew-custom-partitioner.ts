import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { max, mean, present } from '../../analyzer/numbers.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { pressureCounts } from '../support/pressure.js';
import { impactEvidence, skewImpact, skewSeverity } from '../support/skew-verdict.js';
import { subtaskNames, vertexSubject } from '../support/subjects.js';

export const skewCustomPartitioner = defineRule({
  id: 'skew-custom-partitioner',
  category: 'skew',
  title: text('A custom partitioner spreads records unevenly', '自定义分区器分布不均'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag'],
  options: {
    maxOverMean: {
      default: 1.5,
      unit: 'times',
      description: 'records of the subtask with most over the mean, from which it is said',
    },
    minPerSecond: {
      default: 10,
      unit: 'records/s',
      description: 'records of a subtask on the mean below which a ratio is chance',
    },
  },
  detect({ job, load, lag }, limits) {
    const custom = job.topology.edges.filter(({ shipStrategy }) => shipStrategy === 'CUSTOM');
    if (custom.length === 0 || !pressureCounts(lag)) return [];
    return [...new Set(custom.map(({ toVertexId }) => toVertexId))].flatMap((vertexId) => {
      const { subtasks = [], parallelism = 0, name = vertexId } = load.get(vertexId) ?? {};
      const rates = present(subtasks.map(({ recordsInPerSecond }) => recordsInPerSecond));
      const [most, average] = [max(rates) ?? 0, mean(rates) ?? 0];
      if (
        rates.length < Math.max(2, parallelism) ||
        average < limits.minPerSecond ||
        most < limits.maxOverMean * average
      )
        return [];
      const heavy = subtasks
        .filter(({ recordsInPerSecond = 0 }) => recordsInPerSecond >= limits.maxOverMean * average)
        .sort((a, b) => (b.recordsInPerSecond ?? 0) - (a.recordsInPerSecond ?? 0))
        .map(({ subtask }) => subtask);
      const impact = skewImpact({ vertexId, subtasks: heavy }, job, load);
      const severity = skewSeverity(impact);
      if (severity === undefined) return [];
      const who = subtaskNames(heavy);
      return [
        {
          severity,
          confidence: 0.9,
          subject: vertexSubject(job, vertexId, heavy),
          title: text(
            `${name}: ${who.en} get ${compact(most / average)}× the records of the mean from a custom partitioner`,
            `${name}：自定义分区器使${who['zh-CN']}的记录达到均值的 ${compact(most / average)} 倍`,
          ),
          summary: text(
            `It is ${percent(impact.busy)} busy, the others ${percent(impact.othersBusy ?? 0)}. partitionCustom() sends records where its function says: a hash of more of the key, or rebalance() where no key is needed, spreads them.`,
            `其繁忙率为 ${percent(impact.busy)}，其余 ${percent(impact.othersBusy ?? 0)}。partitionCustom() 按其函数分发：对更多字段取哈希，或在不需要键时用 rebalance()，即可均匀。`,
          ),
          evidence: [
            ...evidence('recordsMaxOverMean', most / average, LOAD_WINDOW_MS, ['>=', limits.maxOverMean]),
            ...impactEvidence({ vertexId, subtasks: heavy }, impact),
          ],
          wouldChange: [text('records that are spread evenly', '记录分布均匀')],
        },
      ];
    });
  },
  // The function is in code, and what its order is for only its author knows.
  advise: () => [],
});
