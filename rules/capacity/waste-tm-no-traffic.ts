import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { counted, duration, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';

/** From this share of free slots on `slots-idle` tells of it. */
const IDLE_SHARE = 0.25;
/** Diagnosis §5.13: a TaskManager that does nothing uses less than this of a core. */
const CPU_IDLE = 0.05;

export const wasteTmNoTraffic = defineRule({
  id: 'waste-tm-no-traffic',
  category: 'capacity',
  title: text('A TaskManager runs nothing', '有 TaskManager 没有任务'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'slots', 'history'],
  options: {
    emptyMs: {
      default: 3_600_000,
      unit: 'ms',
      description: 'how long it must have been in the cluster, and the free slots free',
    },
  },
  detect({ taskManagers, slots, history, nowMs }, { emptyMs }) {
    const { available = 0, total = 0, availableSinceMs = nowMs } = slots;
    if (available === 0 || available >= IDLE_SHARE * total || history.jobsOnCluster !== 1) return [];
    const heldMs = nowMs - availableSinceMs;
    if (heldMs < emptyMs) return [];
    const old = new Set(
      history.taskManagers.flatMap((tm) => (nowMs - tm.firstSeenMs >= emptyMs ? [tm.taskManagerId] : [])),
    );
    const empty = taskManagers.filter(
      (tm) =>
        !tm.gone &&
        tm.slotsFree === tm.slots &&
        tm.vertexIds.length === 0 &&
        (tm.cpuCoresUsed ?? 1) < CPU_IDLE &&
        old.has(tm.taskManagerId),
    );
    if (empty.length === 0) return [];
    return [
      remark({
        subject: { kind: 'cluster' },
        title: text(
          `${counted(empty.length, 'TaskManager has', 'TaskManagers have')} run nothing for ${duration(heldMs)}`,
          `${empty.length} 个 TaskManager 已有 ${duration(heldMs)} 没有任务`,
        ),
        summary: text(
          'No task of the only job of this cluster is on it, and its process uses no CPU. Unless it is kept as a spare for failures, it is a cost.',
          '该集群唯一的作业没有任务在其上，其进程也不使用 CPU。若不是为故障预留，就是浪费。',
        ),
        evidence: [
          ...evidence('taskManagers', empty.length, heldMs, ['>=', 1]),
          ...evidence('slotsAvailable', available, heldMs),
          ...evidence('cpuCoresUsed', Math.max(...empty.map(({ cpuCoresUsed = 0 }) => cpuCoresUsed)), heldMs, [
            '<',
            CPU_IDLE,
          ]),
        ],
        until: text('a task runs on it', '有任务在其上运行'),
      }),
    ];
  },
  advise(finding, { slots, history }) {
    const { taskManagers } = slots;
    const empty = finding.evidence.find(({ signal }) => signal === 'taskManagers')?.value ?? 0;
    if (taskManagers === undefined || empty < 1 || empty >= taskManagers) return [];
    const process = history.taskManagers[0]?.memory.totalProcessBytes ?? 0;
    return [
      {
        kind: 'slots',
        title: text(
          `Stop the ${counted(empty, 'TaskManager')} without tasks`,
          `停止 ${empty} 个没有任务的 TaskManager`,
        ),
        changes: [{ scope: 'taskmanager', from: taskManagers, to: taskManagers - empty, unit: 'TaskManagers' }],
        diffs: { FlinkDeployment: `spec:\n  taskManager:\n    replicas: ${taskManagers - empty}` },
        expected: [
          {
            metric: 'taskManagers',
            label: labelOf('taskManagers'),
            from: taskManagers,
            to: taskManagers - empty,
            low: taskManagers - empty,
            high: taskManagers - empty,
            unit: 'count',
          },
        ],
        cost: { ...NO_COST, taskManagers: -empty, memoryBytes: -empty * process },
        prerequisites: [text('it is not a spare that you keep on purpose', '它不是有意保留的备用')],
        risk: {
          restart: 'none',
          stateLoss: false,
          note: text('a lost TaskManager is then replaced only by a new one', '此后丢失 TaskManager 只能由新的替补'),
        },
        verify: [
          {
            metric: 'taskManagers',
            label: labelOf('taskManagers'),
            comparison: '=',
            target: taskManagers - empty,
            unit: 'count',
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
