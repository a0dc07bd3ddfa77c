import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { bytes, duration, text } from '../../analyzer/text.js';
import { min, median, present } from '../../analyzer/numbers.js';
import { isOnDisk } from '../support/facts.js';
import { PACE_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOn } from '../support/settings.js';

export const ckptFullRocksdb = defineRule({
  id: 'ckpt-full-rocksdb',
  category: 'checkpoint',
  title: text('RocksDB writes its whole state at each checkpoint', 'RocksDB 每次检查点都写入全部状态'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    stateBytes: { default: 500 * 1024 * 1024, unit: 'bytes', description: 'state from which a whole copy matters' },
    share: { default: 0.9, unit: 'ratio', description: 'written over state from which it is a whole copy' },
    slowMs: { default: 10_000, unit: 'ms', description: 'duration from which it is a warning' },
  },
  detect({ checkpoints, history, configuration }, limits) {
    if (!isOnDisk(history) || isOn(configuration, ...INCREMENTAL)) return [];
    const recent = checkpoints.completed.slice(-5);
    if (recent.length < 5) return { notEvaluated: PACE_NOT_TOLD };
    const shares = present(
      recent.map(({ checkpointedSizeBytes, stateSizeBytes }) =>
        checkpointedSizeBytes === undefined || stateSizeBytes === 0
          ? undefined
          : checkpointedSizeBytes / stateSizeBytes,
      ),
    );
    if (shares.length < recent.length) return { notEvaluated: NOT_TOLD };
    const state = min(recent.map(({ stateSizeBytes }) => stateSizeBytes)) ?? 0;
    const share = min(shares) ?? 0;
    if (state < limits.stateBytes || share < limits.share) return [];
    const slowMs = median(recent.map(({ durationMs }) => durationMs)) ?? 0;
    const windowMs = (recent.at(-1)?.triggerMs ?? 0) - (recent[0]?.triggerMs ?? 0);
    return [
      {
        severity: slowMs >= limits.slowMs ? ('warning' as const) : ('info' as const),
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `Each checkpoint copies the whole state of ${bytes(state)}`,
          `每个检查点都复制 ${bytes(state)} 的全部状态`,
        ),
        summary: text(
          `Incremental checkpoints are off: what did not change is uploaded again, ${duration(slowMs)} each time.`,
          `未开启增量检查点：未变化的部分也会重新上传，每次 ${duration(slowMs)}。`,
        ),
        evidence: [
          ...evidence('writtenShare', share, windowMs, ['>=', limits.share]),
          ...evidence('checkpointStateBytes', state, windowMs, ['>=', limits.stateBytes]),
          ...evidence('checkpointMs', slowMs, windowMs),
        ],
        wouldChange: [text('a checkpoint that writes only what changed', '检查点只写入变化部分')],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }) {
    const state = checkpoints.completed.at(-1)?.stateSizeBytes ?? 0;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('Upload only what changed (incremental checkpoints)', '只上传变化部分（增量检查点）'),
        changes: [optionChange('job', optionKeys.incremental(job.flinkVersion), 'true', configuration)],
        effect: {
          metric: 'checkpointedBytes',
          label: labelOf('checkpointedBytes'),
          from: state,
          to: state * 0.2,
          low: state * 0.02,
          high: state * 0.5,
          unit: 'bytes',
        },
        verify: ['<', state * 0.5],
        restart: 'job',
        note: text(
          'old checkpoints restore as before; a restore may read more files',
          '旧检查点仍可恢复；恢复时可能读取更多文件',
        ),
        prerequisites: [
          text('nobody deletes files from the shared directory of the checkpoints', '没有人清理检查点的 shared 目录'),
        ],
        source: 'ops/state/state_backends/#incremental-checkpoints',
      },
      { job, history },
    );
  },
});

const INCREMENTAL = ['execution.checkpointing.incremental', 'state.backend.incremental'];
const NOT_TOLD = text(
  'checkpointed_size of the checkpoints is not told: Flink has it from 1.15 on',
  '检查点没有 checkpointed_size：Flink 1.15 起才有',
);
