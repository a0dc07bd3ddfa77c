import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { counted, text } from '../../analyzer/text.js';
import { settingAdvice } from '../support/setting-advice.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';

export const ckptTolerableZero = defineRule({
  id: 'ckpt-tolerable-zero',
  category: 'checkpoint',
  title: text('Failed checkpoints restart the job', '检查点失败导致作业重启'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history', 'configuration'],
  options: {},
  detect({ exceptions, history, nowMs }) {
    const fell = exceptions.incidents.filter(
      ({ kind, atMs }) => kind === 'checkpoint-tolerance' && atMs >= nowMs - RESTART_WINDOW_MS,
    );
    const first = fell[0];
    const tolerated = history.checkpointConfig?.tolerableFailures ?? 0;
    // The job's own loop or a lost machine is told elsewhere; a generous tolerance that was used up is no setting's fault.
    if (first === undefined || tolerated >= TOLERATED) return [];
    return [
      {
        severity: 'warning' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `Checkpoints that failed restarted the job ${counted(fell.length, 'time')}`,
          `检查点失败使作业重启 ${fell.length} 次`,
        ),
        summary: text(
          `${tolerated === 0 ? 'Not one failed checkpoint is tolerated' : `Only ${tolerated} failed in a row are tolerated`}: a hiccup of the storage costs a restart, which reads input again.`,
          `${tolerated === 0 ? '不容忍任何检查点失败' : `仅容忍连续 ${tolerated} 次失败`}：存储的一次抖动就会重启并重读输入。`,
        ),
        evidence: [
          ...evidence('failures', fell.length, Math.max(1, nowMs - first.atMs), ['>=', 1]),
          ...evidence('toleratedFailures', tolerated, Math.max(1, nowMs - first.atMs), ['<', TOLERATED]),
        ],
        wouldChange: [text('ten minutes without such a restart', '十分钟内没有此类重启')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const from = history.checkpointConfig?.tolerableFailures ?? 0;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text(`Tolerate ${TOLERATED} failed checkpoints in a row`, `容忍连续 ${TOLERATED} 次检查点失败`),
        changes: [
          {
            ...optionChange('job', 'execution.checkpointing.tolerable-failed-checkpoints', TOLERATED, configuration),
            from,
          },
        ],
        effect: {
          metric: 'toleratedFailures',
          label: labelOf('toleratedFailures'),
          from,
          to: TOLERATED,
          unit: 'count',
        },
        verify: ['>=', TOLERATED],
        restart: 'job',
        note: text('a longer time without a checkpoint before somebody notices', '更长时间没有检查点才会被发现'),
        source: 'dev/datastream/fault-tolerance/checkpointing/',
      },
      { job, history },
    );
  },
});

/** Storage hiccups come singly or in pairs (diagnosis §7). */
const TOLERATED = 3;
