import { present, sum } from '../../analyzer/numbers.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import type { JobHistory, TaskManagerHistory } from '../../collector/model/index.js';
import type { ExceptionSignal, Incident } from '../../analyzer/signals/exceptions.js';
import { duration, text } from '../../analyzer/text.js';

/** A loss is told for this long; after that it is history. */
const TOLD_MS = 600_000;
/** The exception and the list of TaskManagers tell of the same loss within this time (heartbeat time-out 50 s). */
const SAME_LOSS_MS = 120_000;

export const tmLost = defineRule({
  id: 'tm-lost',
  category: 'stability',
  title: text('A TaskManager was lost', '丢失了 TaskManager'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'slots', 'history'],
  options: {},
  detect({ job, exceptions, slots, history, nowMs }) {
    return losses(exceptions, history, nowMs).map(({ taskManagerId, incident }) => {
      const recovered = job.allRunningSinceMs !== undefined && job.allRunningSinceMs > incident.atMs;
      return {
        severity: recovered ? ('warning' as const) : ('critical' as const),
        confidence: 0.95,
        subject: { kind: 'taskmanager' as const, ...(taskManagerId === undefined ? {} : { taskManagerId }) },
        title: text(
          `TaskManager${taskManagerId === undefined ? '' : ` ${taskManagerId}`} was lost ${duration(nowMs - incident.atMs)} ago`,
          `TaskManager${taskManagerId === undefined ? '' : ` ${taskManagerId}`} 在 ${duration(nowMs - incident.atMs)} 前丢失`,
        ),
        summary: text(
          `${recovered ? 'The job runs again on the others.' : 'The job does not run fully yet.'} The restarts and failures around that time follow from it. Look at its machine: killed, out of memory, or evicted; REST cannot tell which.`,
          `${recovered ? '作业已在其他 TaskManager 上恢复。' : '作业尚未完全恢复。'}当时的重启与失败都由此引起。请查看该机器：被终止、内存不足或被驱逐，REST 无法区分。`,
        ),
        evidence: [
          ...evidence('failures', incident.failures, SAME_LOSS_MS, ['>=', 1]),
          ...evidence('taskManagers', slots.taskManagers, SAME_LOSS_MS),
          ...evidence('waitingTasks', slots.waitingTasks, SAME_LOSS_MS),
        ],
        wouldChange: [text('it registers again, or ten minutes pass', '它重新注册，或过去十分钟')],
        notSeen: [
          {
            signal: text('exit code', '退出码'),
            enableBy: text(
              'the container runtime or the system log of the machine (137 = killed, often out of memory)',
              '容器运行时或机器系统日志（137 = 被杀死，常因内存不足）',
            ),
          },
        ],
      };
    });
  },
  advise(finding, { slots, history }) {
    const lost = history.taskManagers.find(({ taskManagerId }) => taskManagerId === finding.subject.taskManagerId);
    // Where nobody can start TaskManagers Flink refuses each start at once, and no task waits (1.20.3, standalone).
    const isShort = slots.waitingTasks > 0 || (slots.total !== undefined && slots.total < slots.needed);
    if (lost === undefined || !isShort) return [];
    const from = slots.taskManagers ?? 0;
    return [
      {
        kind: 'slots',
        title: text('Start a TaskManager in its place', '启动一个 TaskManager 替代它'),
        changes: [{ scope: 'taskmanager', from, to: from + 1, unit: 'TaskManagers' }],
        diffs: { FlinkDeployment: `spec:\n  taskManager:\n    replicas: ${from + 1}` },
        expected: [
          {
            metric: 'waitingTasks',
            label: labelOf('waitingTasks'),
            from:
              slots.waitingTasks > 0
                ? slots.waitingTasks
                : sum(present(history.vertices.map((one) => one.parallelism))),
            to: 0,
            low: 0,
            high: 0,
            unit: 'count',
          },
        ],
        cost: { ...NO_COST, slots: lost.slots, taskManagers: 1, memoryBytes: lost.memory.totalProcessBytes ?? 0 },
        prerequisites: [text('its machine is healthy, or another one is used', '该机器正常，或换一台机器')],
        risk: {
          restart: 'none',
          stateLoss: false,
          note: text(
            'the job resumes from its last checkpoint when the slots are there',
            'slot 就绪后作业从最近检查点恢复',
          ),
        },
        verify: [{ metric: 'waitingTasks', label: labelOf('waitingTasks'), comparison: '=', target: 0, unit: 'count' }],
        rejected: [],
        confidence: 0.9,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/#slotmanager-redundant-taskmanager-num',
        ],
      },
    ];
  },
});

interface Loss {
  readonly taskManagerId?: string;
  readonly incident: Incident;
}

/**
 * Losses of the last minutes: TaskManagers that left the cluster with a failure of this job at that time, and
 * failures that name a loss from before Weir looked. A TaskManager that left without a failure was released in order.
 */
function losses({ incidents }: ExceptionSignal, history: JobHistory, nowMs: number): readonly Loss[] {
  const recent = incidents.filter(({ atMs, kind }) => kind === 'taskmanager-lost' && nowMs - atMs <= TOLD_MS);
  const seen = lostTaskManagers(history, nowMs).flatMap((lost) => {
    const incident = recent.find(({ atMs }) => Math.abs(atMs - (lost.goneMs ?? nowMs)) <= SAME_LOSS_MS);
    return incident === undefined ? [] : [{ taskManagerId: lost.taskManagerId, incident }];
  });
  const watchedSinceMs = history.rounds[0]?.atMs ?? nowMs;
  const before = recent.filter(
    (incident) => incident.atMs < watchedSinceMs && !seen.some((loss) => loss.incident === incident),
  );
  return [...seen, ...before.slice(-1).map((incident) => ({ incident }))];
}

/** Those that left within the last minutes while they ran subtasks of this job. */
function lostTaskManagers(history: JobHistory, nowMs: number): readonly TaskManagerHistory[] {
  const gone = history.taskManagers.filter(({ goneMs }) => goneMs !== undefined && nowMs - goneMs <= TOLD_MS);
  return gone.filter(({ taskManagerId }) =>
    history.vertices.some(({ subtasks }) =>
      subtasks.some(({ samples }) =>
        samples.some((sample) => sample.taskManagerId === taskManagerId && sample.state === 'RUNNING'),
      ),
    ),
  );
}
