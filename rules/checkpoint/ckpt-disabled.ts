import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { restartsOf } from '../../analyzer/signals/restarts.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { counted, text } from '../../analyzer/text.js';
import { isKeyed, runningMs } from '../support/facts.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

/** What the documentation starts from; the interval rules then follow the measured cost. */
const FIRST_INTERVAL_MS = 60_000;

export const ckptDisabled = defineRule({
  id: 'ckpt-disabled',
  category: 'checkpoint',
  title: text('A job with keyed state takes no checkpoints', '有键控状态的作业没有检查点'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'configuration'],
  options: {
    runningMs: { default: 600_000, unit: 'ms', description: 'how long the job must have run' },
  },
  detect({ job, history, nowMs }, limits) {
    const config = history.checkpointConfig;
    if (config === undefined && !isRefused(history.missing)) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    const heldMs = runningMs(job, nowMs);
    const ends = history.vertices.some(({ tasks }) => (tasks.FINISHED ?? 0) > 0);
    if (config?.intervalMs !== undefined || !isKeyed(job) || ends) return [];
    const restarts = restartsOf(history, nowMs);
    const lost = restarts?.restarts ?? 0;
    if (lost === 0 && heldMs < limits.runningMs) return [];
    return [
      {
        severity: lost > 0 ? ('warning' as const) : ('info' as const),
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text(`${job.name} has keyed exchanges and takes no checkpoints`, `${job.name} 有按键分区但没有检查点`),
        summary:
          lost > 0
            ? text(
                `It restarted ${counted(lost, 'time')} in the last minutes, each time with empty state: what it had counted or joined is gone.`,
                `最近几分钟重启了 ${lost} 次，每次状态都为空：已统计或关联的内容已丢失。`,
              )
            : text(
                'A failure ends the job or begins it with empty state, and the sources start where they are configured to, not where they were.',
                '一旦失败，作业会结束或以空状态重新开始，源端从配置的位置而不是上次的位置读取。',
              ),
        evidence: [
          ...evidence('runningMs', heldMs, heldMs, ...(lost > 0 ? [] : [['>=', limits.runningMs] as const])),
          ...(restarts === undefined || restarts.windowMs <= 0 ? [] : evidence('restarts', lost, restarts.windowMs)),
        ],
        wouldChange: [text('periodic checkpoints are on', '开启周期性检查点')],
      },
    ];
  },
  advise(_finding, { job, history, configuration, nowMs }) {
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('Take a checkpoint every minute', '每分钟做一次检查点'),
        changes: [optionChange('job', 'execution.checkpointing.interval', '60 s', configuration)],
        effect: {
          metric: 'checkpointAgeMs',
          label: labelOf('checkpointAgeMs'),
          from: runningMs(job, nowMs),
          to: FIRST_INTERVAL_MS,
          low: 0,
          unit: 'ms',
        },
        verify: ['<=', 2 * FIRST_INTERVAL_MS],
        restart: 'job',
        note: text(
          'the state built so far is lost once more: there is no checkpoint to start from',
          '目前的状态会再丢失一次：没有检查点可恢复',
        ),
        prerequisites: [text('a checkpoint directory that every machine can reach', '所有机器都能访问的检查点目录')],
        source: 'dev/datastream/fault-tolerance/checkpointing/',
      },
      { job, history },
    );
  },
});

/** Flink answers 404 for a job without checkpoints where it has no settings to show. */
function isRefused(missing: readonly { readonly endpoint: string; readonly failure: object }[]): boolean {
  return missing.some(
    ({ endpoint, failure }) =>
      endpoint === '/jobs/:jobid/checkpoints/config' && 'status' in failure && failure.status === 404,
  );
}
