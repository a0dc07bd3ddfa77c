import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { duration, text } from '../../analyzer/text.js';

export const slotsIdle = defineRule({
  id: 'slots-idle',
  category: 'capacity',
  title: text('Slots stand idle', 'slot 闲置'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['slots', 'history'],
  options: {
    share: { default: 0.25, unit: 'ratio', description: 'share of free slots from which it is said' },
    ms: { default: 120_000, unit: 'ms', description: 'how long they must have been free' },
  },
  detect({ slots, history, nowMs }, { share, ms }) {
    const { total, available, availableSinceMs } = slots;
    // On a cluster with several jobs the free slots belong to none of them; the fleet page shows them.
    if (total === undefined || available === undefined || availableSinceMs === undefined || history.jobsOnCluster !== 1)
      return [];
    const heldMs = nowMs - availableSinceMs;
    if (total === 0 || available / total < share || heldMs < ms) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.9,
        subject: { kind: 'cluster' as const },
        title: text(
          `${available} of ${total} slots have been free for ${duration(heldMs)}`,
          `${total} 个 slot 中有 ${available} 个已空闲 ${duration(heldMs)}`,
        ),
        summary: text(
          'No job uses them. They are a cost, unless they are kept as a spare for failures or rescaling.',
          '没有作业使用它们。若不是为故障或扩容预留，就是浪费。',
        ),
        evidence: [
          ...evidence('slotsAvailable', available, heldMs, ['>=', Math.ceil(share * total)]),
          ...evidence('slotsTotal', total, heldMs),
        ],
        wouldChange: [text('a job takes them', '有作业占用它们')],
      },
    ];
  },
  advise(_finding, { slots, history }) {
    const { available, perTaskManager, taskManagers } = slots;
    const surplus =
      available === undefined || perTaskManager === undefined ? 0 : Math.floor(available / perTaskManager);
    if (surplus < 1 || taskManagers === undefined || available === undefined) return [];
    const process = history.taskManagers[0]?.memory.totalProcessBytes ?? 0;
    return [
      {
        kind: 'slots',
        title: text(
          `Stop ${surplus} of ${taskManagers} TaskManagers`,
          `停止 ${taskManagers} 个 TaskManager 中的 ${surplus} 个`,
        ),
        changes: [{ scope: 'taskmanager', from: taskManagers, to: taskManagers - surplus, unit: 'TaskManagers' }],
        diffs: { FlinkDeployment: `spec:\n  taskManager:\n    replicas: ${taskManagers - surplus}` },
        expected: [
          {
            metric: 'slotsAvailable',
            label: labelOf('slotsAvailable'),
            from: available,
            to: available - surplus * (perTaskManager ?? 0),
            low: 0,
            high: available,
            unit: 'slots',
          },
        ],
        cost: {
          ...NO_COST,
          slots: -surplus * (perTaskManager ?? 0),
          taskManagers: -surplus,
          memoryBytes: -surplus * process,
        },
        prerequisites: [
          text('the free slots are not a spare that you keep on purpose', '这些空闲 slot 不是有意保留的备用'),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text(
            'tasks on the stopped TaskManagers move; stop empty ones first',
            '被停止的 TaskManager 上的任务会迁移；先停空闲的',
          ),
        },
        verify: [
          {
            metric: 'slotsAvailable',
            label: labelOf('slotsAvailable'),
            comparison: '<',
            target: perTaskManager ?? 1,
            unit: 'slots',
          },
        ],
        rejected: [],
        confidence: 0.7,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/concepts/flink-architecture/#task-slots-and-resources',
        ],
      },
    ];
  },
});
