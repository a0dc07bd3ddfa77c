import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';
import { median } from '../../analyzer/numbers.js';

export const ckptDurationTrend = defineRule({
  id: 'ckpt-duration-trend',
  category: 'checkpoint',
  title: text('Checkpoints take longer and longer', '检查点越来越慢'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints'],
  options: {
    spanMs: { default: 3_600_000, unit: 'ms', description: 'how long it must have grown' },
    factor: { default: 2, unit: 'ratio', description: 'median of the last third over that of the first' },
    ms: { default: 2000, unit: 'ms', description: 'growth from which it matters' },
  },
  detect({ checkpoints }, limits) {
    const { completed } = checkpoints;
    const windowMs = (completed.at(-1)?.triggerMs ?? 0) - (completed[0]?.triggerMs ?? 0);
    if (completed.length < POINTS_MIN || windowMs < limits.spanMs) return { notEvaluated: TOO_YOUNG };
    const third = Math.floor(completed.length / 3);
    const of = (part: typeof completed): number => median(part.map(({ durationMs }) => durationMs)) ?? 0;
    const [early, middle, late] = [
      of(completed.slice(0, third)),
      of(completed.slice(third, -third)),
      of(completed.slice(-third)),
    ];
    if (late < limits.factor * early || late - early < limits.ms || middle <= early || late <= middle) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.6,
        subject: { kind: 'job' as const },
        title: text(
          `Checkpoints went from ${duration(early)} to ${duration(late)} in ${duration(windowMs)}`,
          `检查点在 ${duration(windowMs)} 内从 ${duration(early)} 增至 ${duration(late)}`,
        ),
        summary: text(
          'They rose step by step. Growing state, slower storage and more input all do that; the phases of a checkpoint tell which.',
          '逐步变慢。状态增长、存储变慢或输入增多都会如此；检查点的阶段会说明是哪一个。',
        ),
        evidence: [
          ...evidence('durationGrowth', early > 0 ? late / early : undefined, windowMs, ['>=', limits.factor]),
          ...evidence('checkpointMs', late, windowMs),
        ],
        wouldChange: [text('checkpoints as fast as at the start', '检查点恢复到最初的速度')],
      },
    ];
  },
  // The cause is another finding, or not measured yet: a trend alone is no reason to change a setting.
  advise: () => [],
});

/** Fewer points make no trend. */
const POINTS_MIN = 20;
const TOO_YOUNG = text(
  'a trend of the duration needs twenty checkpoints over an hour',
  '判断时长趋势需要一小时内至少二十个检查点',
);
