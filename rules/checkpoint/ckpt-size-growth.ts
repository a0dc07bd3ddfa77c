import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, duration, text } from '../../analyzer/text.js';
import { median } from '../../analyzer/numbers.js';
import { sizeSlopesOf } from '../../analyzer/signals/state-trend.js';

export const ckptSizeGrowth = defineRule({
  id: 'ckpt-size-growth',
  category: 'checkpoint',
  title: text('The state grows without end', '状态持续增长'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints'],
  options: {
    spanMs: { default: 3_600_000, unit: 'ms', description: 'how long it must have grown' },
    share: { default: 0.2, unit: 'ratio', description: 'growth over that time from which it is said' },
    bytes: { default: 256 * 1024 * 1024, unit: 'bytes', description: 'growth from which it matters' },
  },
  detect({ checkpoints }, limits) {
    const { completed } = checkpoints;
    const last = completed.at(-1);
    const windowMs = (last?.triggerMs ?? 0) - (completed[0]?.triggerMs ?? 0);
    if (completed.length < POINTS_MIN || windowMs < limits.spanMs) return { notEvaluated: TOO_YOUNG };
    const { whole: slope, late: lateSlope } = sizeSlopesOf(completed);
    const grown = slope * windowMs;
    const start = Math.max(1, median(completed.slice(0, 5).map(({ stateSizeBytes }) => stateSizeBytes)) ?? 1);
    // A state that fills its windows or its TTL flattens (L41: flat after 98 s): what counts is that it still grows.
    if (grown < limits.bytes || grown < limits.share * start || lateSlope < 0.5 * slope) return [];
    const perHour = lateSlope * 3_600_000;
    return [
      {
        severity: 'info' as const,
        confidence: 0.7,
        subject: { kind: 'job' as const },
        title: text(`The state grows by ${bytes(perHour)} an hour`, `状态每小时增长 ${bytes(perHour)}`),
        summary: text(
          `It went up by ${bytes(grown)} in ${duration(windowMs)} and does not flatten. Checkpoints and restores grow with it.`,
          `在 ${duration(windowMs)} 内增长 ${bytes(grown)}，且没有放缓。检查点与恢复时间随之变长。`,
        ),
        evidence: [
          ...evidence('stateGrowthBytesPerHour', perHour, windowMs, ['>', 0]),
          ...evidence('checkpointStateBytes', last?.stateSizeBytes, windowMs),
        ],
        wouldChange: [text('the state stays the same for an hour', '状态一小时内不再增长')],
      },
    ];
  },
  // Which state has no end only its owner knows: a time to live, or windows that close.
  advise: () => [],
});

/** Fewer points make no trend. */
const POINTS_MIN = 20;
const TOO_YOUNG = text(
  'a trend of the state needs twenty checkpoints over an hour',
  '判断状态趋势需要一小时内至少二十个检查点',
);
