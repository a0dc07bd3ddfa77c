import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { CPU_UTILISATION_MIN, GC_RATIO_MIN, utilisationOf } from '../../analyzer/graph/cause.js';
import { SLOW_FACTOR } from '../../analyzer/signals/cost-skew.js';
import { TM_WINDOW_MS } from '../../analyzer/signals/task-managers.js';
import { compact, counted, percent, text } from '../../analyzer/text.js';
import { CPU_NOT_SEEN } from '../support/not-told.js';
import { pressureCounts } from '../support/pressure.js';
import { impactEvidence, skewImpact, skewSeverity } from '../support/skew-verdict.js';

export const noisyTm = defineRule({
  id: 'noisy-tm',
  category: 'backpressure',
  title: text('A TaskManager is slower than the others', '某个 TaskManager 比其他的慢'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'costSkew', 'lag', 'taskManagers'],
  options: {},
  detect({ job, load, costSkew, lag, taskManagers }) {
    if (!pressureCounts(lag)) return [];
    return costSkew.slowTaskManagers.flatMap((slow) => {
      const { taskManagerId, vertexId, subtasks } = slow;
      const tm = taskManagers.find((one) => one.taskManagerId === taskManagerId);
      const impact = skewImpact(slow, job, load);
      const severity = skewSeverity(impact);
      if (tm === undefined || tm.gone || severity === undefined) return [];
      // Its own garbage, or its own computing: other rules' matter.
      if ((tm.gcRatio ?? 0) >= GC_RATIO_MIN || utilisationOf(tm, taskManagers) >= CPU_UTILISATION_MIN) return [];
      const cores = tm.cpuCoresUsed;
      const name = job.vertexName(vertexId);
      return [
        {
          severity,
          // Without CPU times its own computing is not ruled out.
          confidence: cores === undefined ? 0.65 : 0.85,
          subject: { kind: 'taskmanager' as const, taskManagerId, vertexId, vertexName: name },
          title: text(
            `A record costs ${compact(slow.factor)}× as much on TaskManager ${taskManagerId} as elsewhere`,
            `TaskManager ${taskManagerId} 上处理每条记录的成本是别处的 ${compact(slow.factor)} 倍`,
          ),
          summary: text(
            `That holds for ${counted(slow.slowSubtasks, 'subtask')} of ${counted(slow.slowVertices, 'vertex', 'vertices')} there; those of ${name} are ${percent(impact.busy)} busy, the others ${percent(impact.othersBusy ?? 0)}.${cores === undefined ? '' : ` It uses ${compact(cores)} of ${compact(tm.cpuCores)} cores: Flink does not fill the machine.`} Something else does: another process or container, a CPU limit, a slow disk. Look at ${tm.host}, or move the TaskManager to another machine.`,
            `该处 ${slow.slowVertices} 个顶点的 ${slow.slowSubtasks} 个子任务都是如此；其中 ${name} 的繁忙率为 ${percent(impact.busy)}，其余 ${percent(impact.othersBusy ?? 0)}。${cores === undefined ? '' : `它使用 ${compact(tm.cpuCores)} 个核中的 ${compact(cores)} 个：并非 Flink 占满机器。`}原因在别处：其他进程或容器、CPU 限额、慢磁盘。请检查 ${tm.host}，或将该 TaskManager 移到其他机器。`,
          ),
          evidence: [
            ...evidence('costOverOthers', slow.factor, slow.windowMs, ['>=', SLOW_FACTOR]),
            ...evidence('slowSubtasks', slow.slowSubtasks, slow.windowMs, ['>=', 2]),
            ...impactEvidence({ vertexId, subtasks }, impact),
            ...evidence('cpuCoresUsed', cores, TM_WINDOW_MS, undefined, { metric: 'cpuCoresUsed', taskManagerId }),
          ],
          wouldChange: [
            text('a record costs the same on every TaskManager', '每个 TaskManager 上处理一条记录的成本相同'),
          ],
          ...(cores === undefined ? { notSeen: [CPU_NOT_SEEN] } : {}),
        },
      ];
    });
  },
  // A slow machine is no setting of Flink; the finding says which one it is.
  advise: () => [],
});
