import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import type { CheckpointSubtask } from '../../collector/model/index.js';
import { max, median, present } from '../../analyzer/numbers.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { checkpointIntervalMs, minPauseMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { bytes, duration, text } from '../../analyzer/text.js';
import { dominatedBy, phaseEvidence, type DominatedCheckpoints } from '../support/checkpoint-phase.js';
import { vertexSubject } from '../support/subjects.js';

export const ckptAsync = defineRule({
  id: 'ckpt-async',
  category: 'checkpoint',
  title: text('Uploading state takes long', '状态上传耗时长'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    share: { default: 0.5, unit: 'ratio', description: 'share of the checkpoint from which the upload dominates it' },
    ms: { default: 10_000, unit: 'ms', description: 'length of the upload from which it matters' },
    slowBytesPerSecond: {
      default: 20 * 1024 * 1024,
      unit: 'bytes/s',
      description: 'a subtask that writes slower than this has slow storage rather than much state',
    },
  },
  detect({ job, checkpoints }, limits) {
    const slow = dominatedBy(checkpoints, 'async', limits);
    if (slow === undefined) return [];
    const { vertexId, ms } = slow;
    const name = job.vertexName(vertexId);
    const rate = median(present(slow.anatomies.map(({ phases }) => writeRate(phases.async?.detail))));
    const slowStorage = rate !== undefined && rate < limits.slowBytesPerSecond;
    return [
      {
        severity: 'warning' as const,
        confidence: 0.9,
        subject: vertexSubject(job, vertexId),
        title: slowStorage
          ? text(
              `Checkpoint storage is slow: ${name} writes ${bytes(rate)}/s`,
              `检查点存储慢：${name} 写入仅 ${bytes(rate)}/s`,
            )
          : text(
              `${name} uploads its state for ${duration(ms)} at each checkpoint`,
              `每个检查点 ${name} 上传状态需 ${duration(ms)}`,
            ),
        summary: slowStorage
          ? text(
              `${duration(ms)} of each checkpoint is the upload of ${bytes(stateOf(slow))} by one subtask. Processing goes on, but checkpoints are rare and a restart reads more again.`,
              `每个检查点有 ${duration(ms)} 用于一个子任务上传 ${bytes(stateOf(slow))}。处理不受影响，但检查点变少，重启需重读更多。`,
            )
          : text(
              `The storage keeps up (${bytes(rate ?? 0)}/s); the state of ${bytes(stateOf(slow))} per subtask is what takes long.`,
              `存储速度正常（${bytes(rate ?? 0)}/s），耗时来自每个子任务 ${bytes(stateOf(slow))} 的状态。`,
            ),
        evidence: [
          ...phaseEvidence('async', slow, limits),
          ...evidence('writeBytesPerSecond', rate, slow.windowMs, ['<', limits.slowBytesPerSecond]),
          ...evidence('stateSizeBytes', stateOf(slow), slow.windowMs),
        ],
        wouldChange: [
          text('three of the last five checkpoints upload faster than the limit', '最近五个检查点中有三个上传快于阈值'),
        ],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }, limits) {
    const slow = dominatedBy(checkpoints, 'async', limits);
    const { config } = checkpoints;
    const intervalMs = config?.intervalMs;
    const durationMs = max((slow?.anatomies ?? []).map((anatomy) => anatomy.durationMs));
    if (config === undefined || intervalMs === undefined || durationMs === undefined) return [];
    const rocksdb = /rocksdb/i.test(config.stateBackend ?? '');
    const incrementalKey = optionKeys.incremental(history.flinkVersion);
    const full =
      rocksdb && configuration[incrementalKey] !== 'true' && configuration['state.backend.incremental'] !== 'true';
    const wantedMs = Math.max(intervalMs, checkpointIntervalMs(0, durationMs));
    const pauseMs = minPauseMs(wantedMs, durationMs);
    const changes = [
      ...(full ? [optionChange('job', incrementalKey, 'true', configuration)] : []),
      ...(wantedMs > intervalMs
        ? [
            {
              ...optionChange('job', 'execution.checkpointing.interval', `${wantedMs / 1000} s`, configuration),
              from: `${intervalMs / 1000} s`,
            },
          ]
        : []),
      ...(config.minPauseMs < pauseMs
        ? [
            {
              ...optionChange('job', 'execution.checkpointing.min-pause', `${pauseMs / 1000} s`, configuration),
              from: `${config.minPauseMs / 1000} s`,
            },
          ]
        : []),
    ];
    if (changes.length === 0) return [];
    const share = Math.min(1, durationMs / Math.max(intervalMs, durationMs + config.minPauseMs));
    const then = durationMs / Math.max(wantedMs, durationMs + pauseMs);
    return [
      {
        kind: 'checkpoint',
        title: full
          ? text(
              'Upload only what changed (incremental checkpoints) and leave a pause between checkpoints',
              '只上传变化部分（增量检查点），并在检查点之间留出间隔',
            )
          : text(
              'Leave a pause between checkpoints, and give them faster storage',
              '在检查点之间留出间隔，并使用更快的存储',
            ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'uploadShare',
            label: text('time with an upload under way', '正在上传的时间占比'),
            from: share,
            to: then,
            low: then * 0.8,
            high: Math.min(share, then * 1.2),
            unit: 'ratio',
          },
        ],
        cost: NO_COST,
        prerequisites: [
          text(
            `after a failure up to ${duration(wantedMs + durationMs)} of input may be read again`,
            `故障后最多需重读 ${duration(wantedMs + durationMs)} 的输入`,
          ),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text(
            'restores may read more files when checkpoints are incremental',
            '增量检查点恢复时可能读取更多文件',
          ),
        },
        verify: [{ metric: 'asyncMs', label: labelOf('asyncMs'), comparison: '<', target: limits.ms, unit: 'ms' }],
        rejected: [
          {
            alternative: text('unaligned checkpoints', '非对齐检查点'),
            why: text('barriers do not wait here; the upload does', '这里等待的不是 barrier，而是上传'),
          },
          {
            alternative: text('a longer checkpoint timeout', '延长检查点超时'),
            why: text('nothing times out; it would only hide slower uploads', '并未超时，延长只会掩盖更慢的上传'),
          },
        ],
        confidence: 0.7,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/large_state_tuning/'],
      },
    ];
  },
});

/** What the subtask wrote over the time it took; undefined when it wrote nothing. */
function writeRate(detail: CheckpointSubtask | undefined): number | undefined {
  const size = detail?.checkpointedSizeBytes ?? detail?.stateSizeBytes;
  const ms = detail?.asyncMs ?? 0;
  return size === undefined || size === 0 || ms === 0 ? undefined : (size / ms) * 1000;
}

function stateOf({ anatomies }: DominatedCheckpoints): number {
  const details = present(anatomies.map(({ phases }) => phases.async?.detail));
  return median(present(details.map((detail) => detail.checkpointedSizeBytes ?? detail.stateSizeBytes))) ?? 0;
}
