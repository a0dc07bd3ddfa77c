import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { counted, duration, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';
import { growingDelayAdvice } from '../support/growing-delay.js';
import { restartStrategyOf } from '../support/restart-strategy.js';

export const restartFixedTight = defineRule({
  id: 'restart-fixed-tight',
  category: 'configuration',
  title: text('Few restarts, or all of them within a minute', '重启次数少，或在一分钟内用尽'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'configuration'],
  options: {
    attempts: { default: 5, unit: 'count', description: 'restarts below which the job may end by ordinary failures' },
    patienceMs: {
      default: 60_000,
      unit: 'ms',
      description: 'attempts times delay below which a lost machine is not waited for',
    },
  },
  detect({ job, nowMs, history, configuration }, limits) {
    if (job.batch) return [];
    const strategy = restartStrategyOf(configuration, history.checkpointConfig);
    if (strategy === undefined) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    if (strategy.kind !== 'fixed-delay' || !Number.isFinite(strategy.attempts)) return [];
    const { attempts, delayMs } = strategy;
    const patienceMs = attempts * delayMs;
    if (attempts >= limits.attempts && patienceMs >= limits.patienceMs) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      {
        severity: 'info' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `${counted(attempts, 'restart')}, ${duration(delayMs)} apart, then the job ends`,
          `重启 ${attempts} 次、每次间隔 ${duration(delayMs)}，之后作业结束`,
        ),
        summary: text(
          'With a fixed delay the attempts are never given back: failures months apart add up. A lost TaskManager took 45 s to be replaced.',
          '固定延迟策略的次数不会恢复：相隔数月的失败也会累计。替换丢失的 TaskManager 曾需 45 秒。',
        ),
        evidence: [
          ...evidence(
            'restartAttempts',
            attempts,
            heldMs,
            ...(attempts < limits.attempts ? [['<', limits.attempts] as const] : []),
          ),
          ...evidence(
            'settingMs',
            patienceMs,
            heldMs,
            ...(patienceMs < limits.patienceMs ? [['<', limits.patienceMs] as const] : []),
          ),
        ],
        wouldChange: [text('a strategy that gives attempts back', '采用会恢复次数的策略')],
      },
    ];
  },
  advise: (_finding, context) =>
    growingDelayAdvice(
      text('Restart with a growing delay, which a quiet time resets', '以递增延迟重启，平稳后重置'),
      context,
    ),
});
