import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';
import { growingDelayAdvice } from '../support/growing-delay.js';
import { restartStrategyOf } from '../support/restart-strategy.js';

export const restartNone = defineRule({
  id: 'restart-none',
  category: 'configuration',
  title: text('No restart after a failure', '失败后不会重启'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'configuration'],
  options: {},
  detect({ job, nowMs, history, configuration }) {
    if (job.batch) return [];
    const strategy = restartStrategyOf(configuration, history.checkpointConfig);
    if (strategy === undefined) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    if (strategy.kind !== 'none') return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text('The first failure ends the job', '首次失败就会结束作业'),
        summary: strategy.explicit
          ? text('The restart strategy is none.', '重启策略为 none。')
          : text(
              'No restart strategy is set, and without checkpoints Flink has none.',
              '未设置重启策略；没有检查点时 Flink 默认不重启。',
            ),
        evidence: evidence('restartAttempts', 0, runningMs(job, nowMs), ['=', 0]),
        wouldChange: [text('a restart strategy is set', '设置重启策略')],
      },
    ];
  },
  advise: (_finding, context) => growingDelayAdvice(text('Restart with a growing delay', '以递增延迟重启'), context),
});
