import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';

export const ckptStorageJm = defineRule({
  id: 'ckpt-storage-jm',
  category: 'checkpoint',
  title: text('Checkpoints are kept in the memory of the JobManager', '检查点保存在 JobManager 内存中'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    stateBytes: { default: 1024 * 1024, unit: 'bytes', description: 'state from which it matters' },
    runningMs: { default: 3_600_000, unit: 'ms', description: 'how long the job must have run' },
  },
  detect({ job, nowMs, checkpoints }, limits) {
    const { config, lastCompleted } = checkpoints;
    if (config === undefined) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    const heldMs = runningMs(job, nowMs);
    const state = lastCompleted?.stateSizeBytes ?? 0;
    const inMemory = /jobmanager|memory/i.test(config.checkpointStorage ?? '');
    if (config.intervalMs === undefined || !inMemory || state < limits.stateBytes || heldMs < limits.runningMs)
      return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `${bytes(state)} of state is checkpointed into the JobManager's memory`,
          `${bytes(state)} 状态的检查点保存在 JobManager 内存中`,
        ),
        summary: text(
          'When the JobManager goes, state and checkpoints go with it. No single state may grow beyond 5 MB, or checkpoints fail.',
          'JobManager 一旦丢失，状态与检查点一同丢失。单个状态超过 5 MB 时检查点会失败。',
        ),
        evidence: [
          ...evidence('checkpointStateBytes', state, heldMs, ['>=', limits.stateBytes]),
          ...evidence('runningMs', heldMs, heldMs, ['>=', limits.runningMs]),
        ],
        wouldChange: [text('a checkpoint directory is set', '设置检查点目录')],
      },
    ];
  },
  // Which storage there is only the owner of the cluster knows; the page names the option.
  advise: () => [],
});
