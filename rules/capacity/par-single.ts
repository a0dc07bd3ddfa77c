import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { max, present } from '../../analyzer/numbers.js';
import { percent, text } from '../../analyzer/text.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { remark } from '../support/remark.js';
import { pressureCounts } from '../support/pressure.js';

export const parSingle = defineRule({
  id: 'par-single',
  category: 'capacity',
  title: text('Every vertex has one subtask', '每个顶点只有一个子任务'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag', 'slots'],
  options: {
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy of the busiest subtask from which it is said' },
    slots: {
      default: 2,
      unit: 'slots',
      description: 'slots of the cluster from which more subtasks would have a place',
    },
  },
  detect({ job, load, lag, slots: { total = 0 } }, limits) {
    if (job.parallelism !== 1 || total < limits.slots || !pressureCounts(lag)) return [];
    const busy = max(present([...load.values()].map(({ busyMax }) => busyMax))) ?? 0;
    if (busy < limits.busyRatio && lag.phase !== 'growing') return [];
    return [
      remark({
        title: text(
          `All vertices run with parallelism 1, and the cluster has ${total} slots`,
          `所有顶点的并行度均为 1，而集群有 ${total} 个 slot`,
        ),
        summary: text(
          `One subtask is ${percent(busy)} busy${lag.phase === 'growing' ? ', and the source falls behind' : ''}. 1 is what Flink takes where nobody says otherwise. An operator's own setting goes before the job's, that before -p, and that before parallelism.default.`,
          `有子任务的繁忙率为 ${percent(busy)}${lag.phase === 'growing' ? '，且源端在落后' : ''}。未指定时 Flink 取 1。优先级：算子设置、作业设置、-p、parallelism.default。`,
        ),
        evidence: [
          ...evidence('parallelism', 1, LOAD_WINDOW_MS),
          ...evidence(
            'busyRatio',
            busy,
            LOAD_WINDOW_MS,
            lag.phase === 'growing' ? undefined : ['>=', limits.busyRatio],
          ),
          ...evidence('slotsTotal', total, LOAD_WINDOW_MS, ['>=', limits.slots]),
        ],
        until: text('more subtasks, or less load', '增加子任务或降低负载'),
      }),
    ];
  },
  // How many it takes `par-under` and the bottleneck's own rule say.
  advise: () => [],
});
