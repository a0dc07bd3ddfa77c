import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { bytes, compact, text } from '../../analyzer/text.js';
import { isKeyedVertex, runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOn } from '../support/settings.js';

/** `state.storage.fs.memory-threshold`, since 1.20 `execution.checkpointing.data-inline-threshold`: less goes into the metadata. */
const INLINE_BYTES = 20 * 1024;
const MERGING = 'execution.checkpointing.file-merging.enabled';

export const ckptSmallFiles = defineRule({
  id: 'ckpt-small-files',
  category: 'checkpoint',
  title: text('Checkpoints are many small files', '检查点由大量小文件组成'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    subtasks: { default: 500, unit: 'count', description: 'keyed subtasks from which it is said' },
    bytes: { default: 1024 * 1024, unit: 'bytes', description: 'written by one of them, below which it is said' },
  },
  detect({ job, checkpoints, history, nowMs }, limits) {
    const last = checkpoints.lastCompleted;
    if (last === undefined || last.subtasks < limits.subtasks || isOn(history.configuration, MERGING)) return [];
    const writers = history.vertices.reduce(
      (total, { vertexId, parallelism = 0 }) => total + (isKeyedVertex(job, vertexId) ? parallelism : 0),
      0,
    );
    const written = last.checkpointedSizeBytes ?? last.stateSizeBytes;
    const each = written / Math.max(1, writers);
    // What is smaller than the threshold is no file at all.
    if (writers < limits.subtasks || each >= limits.bytes || each < INLINE_BYTES) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      remark({
        confidence: 0.6,
        title: text(
          `${compact(writers)} subtasks write ${bytes(each)} each into a checkpoint`,
          `每个检查点有 ${compact(writers)} 个子任务各写 ${bytes(each)}`,
        ),
        summary: text(
          'Each state of each subtask is a file of its own: creating and deleting them takes longer than their bytes, and object stores charge by the request.',
          '每个子任务的每个状态都是一个文件：创建与删除的耗时超过写入本身，对象存储还按请求计费。',
        ),
        evidence: [
          ...evidence('stateWriters', writers, heldMs, ['>=', limits.subtasks]),
          ...evidence('checkpointedBytes', each, heldMs, ['<', limits.bytes]),
        ],
        until: text('fewer or larger files', '文件更少或更大'),
      }),
    ];
  },
  advise(_finding, { job, history, checkpoints }) {
    const version = job.flinkVersion;
    if (version !== undefined && version.major === 1 && version.minor < 20) return [];
    const written = checkpoints.lastCompleted?.subtasks ?? 0;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('Merge the files of a checkpoint (1.20+, experimental)', '合并检查点文件（1.20+，实验性）'),
        changes: [optionChange('job', MERGING, 'true', history.configuration)],
        effect: {
          metric: 'stateWriters',
          label: labelOf('stateWriters'),
          from: written,
          to: written / 10,
          low: written / 20,
          high: written,
          unit: 'count',
        },
        verify: ['<', written],
        restart: 'job',
        note: text(
          'a file is deleted only when nothing in it is needed any more',
          '文件只有在内容都不再需要时才会删除',
        ),
        confidence: 0.5,
        source:
          'dev/datastream/fault-tolerance/checkpointing/#unify-file-merging-mechanism-for-checkpoints-experimental',
      },
      { job, history },
    );
  },
});
