import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { duration, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { durationMs, settingOf } from '../support/settings.js';

export const wmTooFrequent = defineRule({
  id: 'wm-too-frequent',
  category: 'watermark',
  title: text('Watermarks are made very often', '水位线生成过于频繁'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['watermarks', 'configuration', 'history'],
  options: {
    // Diagnosis §5.7.
    intervalMs: { default: 50, unit: 'ms', description: 'interval below which they are made often' },
  },
  detect({ job, nowMs, configuration }, { intervalMs }) {
    const set = durationMs(settingOf(configuration, KEY));
    // 0 is none at all.
    if (set === undefined || set === 0 || set >= intervalMs) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.7,
        subject: { kind: 'job' as const },
        title: text(
          `Every ${duration(set)} each source sends a watermark`,
          `每个源端每 ${duration(set)} 发送一次水位线`,
        ),
        summary: text(
          'Each goes to every subtask behind it and makes windows and timers look at the time: work that gains a fraction of a blink.',
          '每个水位线都会发送给所有下游子任务，并触发窗口与定时器检查时间，收益却微乎其微。',
        ),
        evidence: evidence('settingMs', set, runningMs(job, nowMs), ['<', intervalMs]),
        wouldChange: [
          text('code sets another interval: that goes before the option', '代码设置了其他间隔：优先于该选项'),
        ],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const from = durationMs(settingOf(configuration, KEY)) ?? 0;
    return settingAdvice(
      {
        kind: 'config',
        title: text('Make a watermark five times a second', '每秒生成五次水位线'),
        changes: [optionChange('job', KEY, `${DEFAULT_MS} ms`, configuration)],
        effect: { metric: 'settingMs', label: labelOf('settingMs'), from, to: DEFAULT_MS, unit: 'ms' },
        verify: ['>=', DEFAULT_MS],
        restart: 'job',
        note: text('results of windows come up to 0.2 s later', '窗口结果最多晚 0.2 秒'),
        source: 'deployment/config/#pipeline-auto-watermark-interval',
      },
      { job, history },
    );
  },
});

const KEY = 'pipeline.auto-watermark-interval';
/** Flink's default from 1.14 on. */
const DEFAULT_MS = 200;
