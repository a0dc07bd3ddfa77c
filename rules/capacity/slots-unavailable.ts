import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import type { SlotSignal } from '../../analyzer/signals/slots.js';
import { kindOf } from '../../analyzer/signals/exceptions.js';
import type { JobHistory } from '../../collector/model/index.js';
import { counted, duration, text } from '../../analyzer/text.js';

/** States in which tasks that wait for slots are a fault; ending and failing jobs have other reasons. */
const WANTING = ['RUNNING', 'CREATED', 'RESTARTING', 'INITIALIZING'] as const;

export const slotsUnavailable = defineRule({
  id: 'slots-unavailable',
  category: 'capacity',
  title: text('The job waits for slots', '作业在等待 slot'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['slots', 'history'],
  options: {
    // A job stood RUNNING with every task SCHEDULED for 288 s before the first exception (L45): do not wait for it.
    waitingMs: { default: 60_000, unit: 'ms', description: 'how long tasks must have waited for a slot' },
  },
  detect({ job, slots, history, nowMs }, { waitingMs }) {
    const refusedMs = job.allRunningSinceMs === undefined ? refusedForMs(history, nowMs) : 0;
    const isRefused = refusedMs >= waitingMs;
    const heldMs = isRefused ? refusedMs : slots.waitingSinceMs === undefined ? 0 : nowMs - slots.waitingSinceMs;
    const wanting = WANTING.some((state) => state === job.state);
    if (!wanting || (slots.waitingTasks === 0 && !isRefused) || heldMs < waitingMs) return [];
    const short = missingSlots(slots, history.jobsOnCluster === 1);
    return [
      {
        severity: 'critical' as const,
        confidence: slots.available === 0 || (slots.available ?? 0) < slots.needed ? 0.95 : 0.7,
        subject: { kind: 'job' as const },
        title: text(
          `${job.name} waits for ${short} slot(s) that the cluster does not have`,
          `${job.name} 在等待集群没有的 ${short} 个 slot`,
        ),
        summary: text(
          `${isRefused ? `Each start fails for want of slots, for ${duration(heldMs)} now` : `${slots.waitingTasks} tasks have had no slot for ${duration(heldMs)}`}. The job needs ${slots.needed} slots; the cluster has ${slots.total ?? 0}, ${slots.available ?? 0} free. Flink calls the job ${job.state} all the while.`,
          `${isRefused ? `每次启动都因缺少 slot 而失败，已持续 ${duration(heldMs)}` : `${slots.waitingTasks} 个任务已 ${duration(heldMs)} 没有 slot`}。作业需要 ${slots.needed} 个；集群共有 ${slots.total ?? 0} 个，空闲 ${slots.available ?? 0} 个。期间 Flink 仍显示作业为 ${job.state}。`,
        ),
        evidence: [
          ...(isRefused ? [] : evidence('waitingTasks', slots.waitingTasks, heldMs, ['>', 0])),
          ...evidence('waitingMs', heldMs, heldMs, ['>=', waitingMs]),
          ...evidence('slotsNeeded', slots.needed, heldMs),
          ...evidence('slotsTotal', slots.total, heldMs),
          ...evidence('slotsAvailable', slots.available, heldMs),
        ],
        wouldChange: [text('all tasks get a slot', '所有任务都获得 slot')],
      },
    ];
  },
  advise(_finding, { job, slots, history }) {
    const short = missingSlots(slots, history.jobsOnCluster === 1);
    const perTaskManager = slots.perTaskManager;
    if (perTaskManager === undefined || short < 1) return [];
    const extra = Math.ceil(short / perTaskManager);
    const process = history.taskManagers[0]?.memory.totalProcessBytes ?? 0;
    const from = slots.taskManagers ?? 0;
    const fits = Math.max(
      1,
      (slots.total ?? 0) - (history.jobsOnCluster === 1 ? 0 : (slots.total ?? 0) - (slots.available ?? 0)),
    );
    const changes = [{ scope: 'taskmanager' as const, from, to: from + extra, unit: 'TaskManagers' }];
    return [
      {
        kind: 'slots',
        title: text(
          `Start ${counted(extra, 'more TaskManager')}: ${short === 1 ? 'one slot is' : `${short} slots are`} missing`,
          `再启动 ${extra} 个 TaskManager：缺少 ${short} 个 slot`,
        ),
        changes,
        diffs: {
          ...diffsFor(changes, { job, history }),
          FlinkDeployment: `spec:\n  taskManager:\n    replicas: ${from + extra}`,
        },
        expected: [
          {
            metric: 'waitingTasks',
            label: labelOf('waitingTasks'),
            from: slots.waitingTasks,
            to: 0,
            low: 0,
            high: 0,
            unit: 'count',
          },
        ],
        cost: { ...NO_COST, slots: extra * perTaskManager, taskManagers: extra, memoryBytes: extra * process },
        prerequisites: [
          text(
            'no TaskManager is about to register (pending pods, queued containers)',
            '没有即将注册的 TaskManager（等待中的 pod 或容器）',
          ),
        ],
        risk: {
          restart: 'none',
          stateLoss: false,
          note: text('the job starts as soon as the slots are there', 'slot 就绪后作业立即启动'),
        },
        verify: [{ metric: 'waitingTasks', label: labelOf('waitingTasks'), comparison: '=', target: 0, unit: 'count' }],
        rejected: [
          {
            alternative: text(`run the job with parallelism ${fits}`, `以并行度 ${fits} 运行作业`),
            why: text(
              'costs nothing, but only where its load allows it: it was asked for more',
              '没有成本，但仅当负载允许时可行：提交时要求的更多',
            ),
          },
        ],
        confidence: 0.9,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/elastic_scaling/'],
      },
    ];
  },
});

/** Failed starts this close to each other, and to now, are one refusal: Flink tries again after seconds, or a minute at most by default. */
const REFUSAL_GAP_MS = 90_000;

/** For how long every start of the job has failed for want of slots: Flink does not wait for them where nobody can start any (1.20.3, standalone). */
function refusedForMs({ exceptions }: JobHistory, nowMs: number): number {
  let sinceMs = nowMs;
  for (const { atMs, stacktrace } of [...exceptions].sort((a, b) => b.atMs - a.atMs)) {
    if (sinceMs - atMs > REFUSAL_GAP_MS || kindOf(stacktrace) !== 'no-resource') break;
    sinceMs = atMs;
  }
  return nowMs - sinceMs;
}

/** What is missing: against the whole cluster when the job has it alone (its own slots count), else against the free ones. */
function missingSlots({ needed, total, available }: SlotSignal, alone: boolean): number {
  return Math.max(1, needed - (alone ? (total ?? 0) : (available ?? 0)));
}
