import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { duration, text } from '../../analyzer/text.js';
import { median } from '../../analyzer/numbers.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const ckptUnalignedCandidate = defineRule({
  id: 'ckpt-unaligned-candidate',
  category: 'checkpoint',
  title: text('Unaligned checkpoints would not wait for the records in front', '非对齐检查点可不必等待前面的记录'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    share: { default: 0.7, unit: 'ratio', description: 'share of the checkpoint that barriers wait' },
    ms: { default: 30_000, unit: 'ms', description: 'duration from which it is worth the larger checkpoints' },
  },
  detect({ checkpoints }, limits) {
    const { config } = checkpoints;
    if (config === undefined) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    // Flink has no unaligned checkpoints for other modes, nor several at once.
    if (config.unaligned || config.mode !== 'exactly_once' || config.maxConcurrent > 1) return [];
    const waiting = checkpoints.anatomies.filter(
      ({ critical, durationMs }) => durationMs >= limits.ms && barrierShare(critical, durationMs) >= limits.share,
    );
    const first = waiting[0];
    const last = waiting.at(-1);
    if (first === undefined || last === undefined || waiting.length < 3) return [];
    const windowMs = last.triggerMs + last.durationMs - first.triggerMs;
    const ms = median(waiting.map(({ durationMs }) => durationMs)) ?? 0;
    return [
      {
        severity: 'info' as const,
        confidence: 0.6,
        subject: { kind: 'job' as const },
        title: text(
          `Barriers wait for most of ${duration(ms)}: unaligned checkpoints would pass`,
          `检查点的 ${duration(ms)} 大多在等待 barrier：非对齐检查点可越过`,
        ),
        summary: text(
          'They write the records in flight instead of waiting for them. What slows the records down stays as it is.',
          '它会写出在途数据而不是等待。真正变慢的原因仍在。',
        ),
        evidence: [
          ...evidence(
            'barrierShare',
            median(waiting.map(({ critical, durationMs }) => barrierShare(critical, durationMs))),
            windowMs,
            ['>=', limits.share],
          ),
          ...evidence('checkpointMs', ms, windowMs, ['>=', limits.ms]),
        ],
        wouldChange: [text('barriers that arrive sooner', 'barrier 更快到达')],
      },
    ];
  },
  advise(_finding, { job, history, checkpoints, configuration }) {
    const ms = median(checkpoints.anatomies.map(({ durationMs }) => durationMs)) ?? 0;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('Let barriers overtake waiting records after 30 s', '30 秒后让 barrier 越过等待的记录'),
        changes: [
          optionChange('job', optionKeys.unaligned(job.flinkVersion), 'true', configuration),
          optionChange('job', optionKeys.alignedTimeout(job.flinkVersion), '30 s', configuration),
        ],
        effect: {
          metric: 'checkpointDurationMs',
          label: labelOf('checkpointMs'),
          from: ms,
          to: Math.min(ms, 35_000),
          low: 0,
          high: ms,
          unit: 'ms',
        },
        verify: ['<', 60_000],
        restart: 'job',
        note: text('larger checkpoints; savepoints stay aligned', '检查点变大；savepoint 仍为对齐方式'),
        confidence: 0.6,
        source: 'ops/state/checkpointing_under_backpressure/',
      },
      { job, history },
    );
  },
});

function barrierShare(
  critical: { readonly startDelayMs?: number; readonly alignmentMs?: number },
  wholeMs: number,
): number {
  return Math.min(1, ((critical.startDelayMs ?? 0) + (critical.alignmentMs ?? 0)) / Math.max(1, wholeMs));
}
