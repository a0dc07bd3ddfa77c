import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { CPU_UTILISATION_MIN, CPU_WAIT_RATIO_MAX } from '../../analyzer/graph/cause.js';
import { TM_WINDOW_MS } from '../../analyzer/signals/task-managers.js';
import { capacityOf, planParallelism } from '../../analyzer/tuning/parallelism.js';
import { diffsFor, optionChange, parallelismAdvice } from '../../analyzer/tuning/advice.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { percent, text } from '../../analyzer/text.js';
import { bottlenecksBy, pressureEvidence, pressureSeverity } from '../support/pressure.js';

export const bpCpuSaturatedTm = defineRule({
  id: 'bp-cpu-saturated-tm',
  category: 'backpressure',
  title: text('The TaskManager has no CPU left', 'TaskManager 的 CPU 已耗尽'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'taskManagers', 'slots', 'history', 'configuration'],
  options: {},
  detect({ job, bottlenecks, lag }) {
    return bottlenecksBy(bottlenecks, 'cpu-saturated', lag).map((bottleneck) => {
      const { taskManager, utilisation } = bottleneck.cause;
      const name = job.vertexName(bottleneck.vertexId);
      return {
        severity: pressureSeverity(lag),
        confidence: 0.9,
        subject: {
          kind: 'taskmanager' as const,
          taskManagerId: taskManager.taskManagerId,
          vertexId: bottleneck.vertexId,
          vertexName: name,
        },
        title: text(`${name} computes more than its machine has cores for`, `${name} 的计算量超过了机器的核数`),
        summary: text(
          `${percent(utilisation)} of the machine's ${taskManager.cpuCores} cores are in use and the busy time is spent computing. More subtasks on the same machine would only share the same cores.`,
          `机器 ${taskManager.cpuCores} 个核已使用 ${percent(utilisation)}，繁忙时间都在计算。在同一台机器上增加子任务只会瓜分同样的核。`,
        ),
        evidence: [
          ...pressureEvidence(bottleneck, lag),
          ...evidence('cpuUtilisation', utilisation, TM_WINDOW_MS, ['>=', CPU_UTILISATION_MIN]),
          ...evidence('waitRatio', bottleneck.waitRatio, TM_WINDOW_MS, ['<=', CPU_WAIT_RATIO_MAX]),
          ...evidence('cpuCoresUsed', taskManager.cpuCoresUsed, TM_WINDOW_MS, undefined, {
            metric: 'cpuCoresUsed',
            taskManagerId: taskManager.taskManagerId,
          }),
        ],
        wouldChange: [text('free cores on the machine while the vertex stays busy', '顶点仍然繁忙而机器出现空闲核')],
      };
    });
  },
  advise(finding, { job, load, bottlenecks, lag, taskManagers, slots, history, configuration }) {
    const bottleneck = bottlenecks.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const host = taskManagers.find((tm) => tm.taskManagerId === finding.subject.taskManagerId);
    if (bottleneck === undefined || host === undefined) return [];
    const cores = Math.max(1, Math.floor(host.cpuCores));
    if (host.slots > cores) {
      const changes = [optionChange('taskmanager', 'taskmanager.numberOfTaskSlots', cores, configuration, 'slots')];
      const taskManagersNeeded = Math.ceil(slots.needed / cores) - (slots.taskManagers ?? 1);
      return [
        {
          kind: 'slots',
          title: text(
            `Give each slot a core: ${cores} slots per TaskManager instead of ${host.slots}`,
            `每个 slot 一个核：每个 TaskManager ${cores} 个 slot，而不是 ${host.slots} 个`,
          ),
          changes,
          diffs: diffsFor(changes, { job, history }),
          expected: [
            {
              metric: 'cpuUtilisation',
              label: labelOf('cpuUtilisation'),
              from: host.cpuCoresUsed === undefined ? 1 : host.cpuCoresUsed / host.cpuCores,
              to: cores / host.slots,
              low: (cores / host.slots) * 0.85,
              high: 1,
              unit: 'ratio',
            },
          ],
          cost: {
            ...NO_COST,
            taskManagers: Math.max(0, taskManagersNeeded),
            memoryBytes: Math.max(0, taskManagersNeeded) * (host.memory.totalProcessBytes ?? 0),
          },
          prerequisites: [text('the added TaskManagers run on other machines', '新增的 TaskManager 运行在其他机器上')],
          risk: {
            restart: 'cluster',
            stateLoss: false,
            note: text(
              'TaskManagers restart; jobs resume from their last checkpoint',
              'TaskManager 重启，作业从最近检查点恢复',
            ),
          },
          verify: [
            { metric: 'cpuUtilisation', label: labelOf('cpuUtilisation'), comparison: '<', target: 0.8, unit: 'ratio' },
          ],
          rejected: [MORE_SUBTASKS],
          confidence: 0.75,
          sources: [
            'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/#taskmanager-numberoftaskslots',
          ],
        },
      ];
    }
    const plan = planParallelism(bottleneck, capacityOf(job, load, lag), lag, { job, history });
    if (plan === undefined) return [];
    return [
      parallelismAdvice(
        plan,
        { job, history, slots: { ...slots, available: 0 } },
        {
          confidence: 0.75,
          prerequisites: [
            text(
              'the new slots are on other machines (or the TaskManagers get more cores): this one has none left',
              '新的 slot 必须在其他机器上（或给 TaskManager 更多核）：本机已无空闲核',
            ),
          ],
          rejected: [MORE_SUBTASKS],
        },
      ),
    ];
  },
});

const MORE_SUBTASKS = {
  alternative: text('more subtasks on the same machine', '在同一台机器上增加子任务'),
  why: text('they would share the same cores', '它们只会瓜分同样的核'),
};
