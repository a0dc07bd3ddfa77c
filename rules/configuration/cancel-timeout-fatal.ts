import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { duration, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf, durationMs } from '../support/settings.js';

export const cancelTimeoutFatal = defineRule({
  id: 'cancel-timeout-fatal',
  category: 'configuration',
  title: text('A slow cancel kills the whole TaskManager', '取消过慢会终止整个 TaskManager'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    ms: { default: 60_000, unit: 'ms', description: 'timeout below which ordinary clean-up may exceed it' },
  },
  detect({ job, nowMs, configuration }, limits) {
    const ms = durationMs(settingOf(configuration, 'task.cancellation.timeout'));
    // 0 switches the watchdog off.
    if (ms === undefined || ms === 0 || ms >= limits.ms) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `A task that needs ${duration(ms)} to cancel kills its TaskManager`,
          `任务取消超过 ${duration(ms)} 会终止其 TaskManager`,
        ),
        summary: text(
          'Closing a producer or RocksDB may take that long; then all tasks on the machine restart, those of other jobs too.',
          '关闭 producer 或 RocksDB 可能需要这么久；随后该机器上的所有任务（包括其他作业）都会重启。',
        ),
        evidence: evidence('settingMs', ms, runningMs(job, nowMs), ['<', limits.ms]),
        wouldChange: [text('a longer timeout', '更长的超时')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const from = durationMs(settingOf(configuration, 'task.cancellation.timeout')) ?? 0;
    return settingAdvice(
      {
        kind: 'config',
        title: text('Allow three minutes to cancel, as Flink does', '按 Flink 默认允许三分钟取消'),
        changes: [optionChange('taskmanager', 'task.cancellation.timeout', '180000', configuration)],
        effect: { metric: 'settingMs', label: labelOf('settingMs'), from, to: 180_000, unit: 'ms' },
        verify: ['>=', 180_000],
        restart: 'cluster',
        note: text('a task that hangs is noticed later', '卡住的任务会更晚发现'),
        source: 'deployment/config/',
      },
      { job, history },
    );
  },
});
