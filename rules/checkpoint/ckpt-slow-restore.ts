import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { max } from '../../analyzer/numbers.js';
import { duration, text } from '../../analyzer/text.js';
import type { VertexHistory } from '../../collector/model/index.js';
import { isOnDisk } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOn } from '../support/settings.js';
import { vertexSubject } from '../support/subjects.js';

export const ckptSlowRestore = defineRule({
  id: 'ckpt-slow-restore',
  category: 'checkpoint',
  title: text('Restoring state took long', '状态恢复耗时长'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    restoreMs: { default: 60_000, unit: 'ms', description: 'initialization of a task from which it is said' },
    forMs: { default: 3_600_000, unit: 'ms', description: 'how long after the start it is told' },
  },
  detect({ job, history, nowMs }, { restoreMs, forMs }) {
    const heldMs = nowMs - (job.allRunningSinceMs ?? nowMs);
    if ((history.checkpointCounts?.restored ?? 0) === 0 || heldMs > forMs) return [];
    // From deployment to running: what is quick as a whole held no long initialization.
    const slow = history.vertices
      .map((vertex) => ({ vertex, startMs: startOf(vertex) }))
      .filter(({ startMs }) => startMs >= restoreMs);
    if (slow.length === 0) return [];
    const told = slow.flatMap(({ vertex }) => {
      const initMs = max((vertex.metrics?.get('initializationTime') ?? []).flatMap(({ max: most }) => most ?? []));
      return initMs === undefined ? [] : [{ vertex, initMs }];
    });
    if (told.length === 0) return { notEvaluated: INIT_NOT_TOLD };
    const worst = told.reduce((most, next) => (next.initMs > most.initMs ? next : most));
    if (worst.initMs < restoreMs) return [];
    return [
      remark({
        subject: vertexSubject(job, worst.vertex.vertexId),
        title: text(
          `${worst.vertex.name} took ${duration(worst.initMs)} to restore its state`,
          `${worst.vertex.name} 恢复状态耗时 ${duration(worst.initMs)}`,
        ),
        summary: text(
          'Every restart and rescale waits for that, and reads on from as far back. A copy of the state on the TaskManager saves the download where it comes back to the same machine.',
          '每次重启与伸缩都要等待，并需从更早处追赶。若回到同一机器，TaskManager 上的本地副本可省去下载。',
        ),
        evidence: [
          ...evidence('restoreMs', worst.initMs, Math.max(1, heldMs), ['>=', restoreMs]),
          ...evidence('startMs', startOf(worst.vertex), Math.max(1, heldMs)),
        ],
        until: text('the next start restores faster, or an hour passes', '下次启动更快，或一小时后'),
      }),
    ];
  },
  advise(finding, { job, history }) {
    const key = optionKeys.localRecovery(job.flinkVersion);
    const restoreMs = finding.evidence[0]?.value ?? 0;
    // With unaligned checkpoints Flink has no local recovery, and state on the heap gains little.
    if (isOn(history.configuration, key) || history.checkpointConfig?.unaligned === true || !isOnDisk(history))
      return [];
    return settingAdvice(
      {
        kind: 'state',
        title: text('Keep a copy of the state on the TaskManager', '在 TaskManager 上保留状态副本'),
        changes: [optionChange('taskmanager', key, 'true', history.configuration)],
        effect: {
          metric: 'restoreMs',
          label: labelOf('restoreMs'),
          from: restoreMs,
          to: restoreMs / 2,
          low: restoreMs / 10,
          high: restoreMs,
          unit: 'ms',
        },
        verify: ['<', restoreMs],
        restart: 'cluster',
        note: text('the local disk holds the state twice', '本地磁盘需容纳两份状态'),
        prerequisites: [text('the local disk has room for a second copy', '本地磁盘可容纳第二份状态')],
        confidence: 0.6,
        source: 'ops/state/large_state_tuning/#task-local-recovery',
      },
      { job, history },
    );
  },
});

/** From deployment to running, of the slowest subtask. */
function startOf({ subtasks }: VertexHistory): number {
  let longest = 0;
  for (const { samples } of subtasks) {
    const last = samples.at(-1);
    if (last?.startMs !== undefined && last.runningSinceMs !== undefined)
      longest = Math.max(longest, last.runningSinceMs - last.startMs);
  }
  return longest;
}

const INIT_NOT_TOLD = text(
  'tasks took long to start, and initializationTime (1.18+), which would tell the restore from the deployment, was not told',
  '任务启动耗时较长，但未报告可区分恢复与部署的 initializationTime（1.18+）',
);
