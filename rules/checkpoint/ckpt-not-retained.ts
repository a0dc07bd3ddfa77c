import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { bytes, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const ckptNotRetained = defineRule({
  id: 'ckpt-not-retained',
  category: 'checkpoint',
  title: text('Large state is deleted with the job', '大状态会随作业一起删除'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    stateBytes: { default: 1024 * 1024 * 1024, unit: 'bytes', description: 'state from which its loss matters' },
  },
  detect({ job, nowMs, checkpoints }, limits) {
    const { config, lastCompleted } = checkpoints;
    if (config === undefined) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    const state = lastCompleted?.stateSizeBytes ?? 0;
    const kept = config.externalized && config.deleteOnCancellation !== true;
    if (config.intervalMs === undefined || kept || state < limits.stateBytes) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `${bytes(state)} of state is deleted when the job is cancelled`,
          `取消作业时会删除 ${bytes(state)} 状态`,
        ),
        summary: config.externalized
          ? text(
              'Checkpoints are kept when the job fails, not when it is cancelled.',
              '作业失败时保留检查点，取消时不保留。',
            )
          : text(
              'Flink deletes the checkpoints when the job is cancelled, and also when it fails for good.',
              '作业取消或最终失败时，Flink 都会删除检查点。',
            ),
        evidence: [
          ...evidence('checkpointStateBytes', state, heldMs, ['>=', limits.stateBytes]),
          ...evidence('keptCheckpoints', 0, heldMs, ['=', 0]),
        ],
        wouldChange: [text('checkpoints are retained on cancellation', '取消时保留检查点')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('Keep the last checkpoint when the job ends', '作业结束时保留最后的检查点'),
        changes: [
          optionChange(
            'job',
            'execution.checkpointing.externalized-checkpoint-retention',
            'RETAIN_ON_CANCELLATION',
            configuration,
          ),
        ],
        effect: { metric: 'keptCheckpoints', label: labelOf('keptCheckpoints'), from: 0, to: 1, unit: 'count' },
        verify: ['>=', 1],
        restart: 'job',
        note: text('nobody deletes retained checkpoints but you', '保留的检查点需要自行清理'),
        source: 'ops/state/checkpoints/#retained-checkpoints',
      },
      { job, history },
    );
  },
});
