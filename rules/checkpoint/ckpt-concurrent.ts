import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { runningMs } from '../support/facts.js';
import { CHECKPOINT_SETTINGS_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const ckptConcurrent = defineRule({
  id: 'ckpt-concurrent',
  category: 'checkpoint',
  title: text('Several checkpoints run at once', '多个检查点同时进行'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {},
  detect({ job, nowMs, checkpoints }) {
    const { config } = checkpoints;
    if (config === undefined) return { notEvaluated: CHECKPOINT_SETTINGS_NOT_TOLD };
    const pace = paceOf(checkpoints);
    if (config.maxConcurrent <= 1 || config.intervalMs === undefined) return [];
    const overlap = (pace?.p95Ms ?? 0) > config.intervalMs;
    // With a pause Flink never starts a second one: the two settings contradict each other.
    if (!overlap && config.minPauseMs === 0) return [];
    const heldMs = pace?.windowMs ?? runningMs(job, nowMs);
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `Up to ${config.maxConcurrent} checkpoints may run at once`,
          `允许 ${config.maxConcurrent} 个检查点同时进行`,
        ),
        summary:
          config.minPauseMs > 0
            ? text(
                'The minimum pause that is set also keeps Flink from starting a second one: this setting has no effect.',
                '已设置的最小间隔会阻止第二个检查点启动：该设置无效。',
              )
            : text(
                'They take longer than the interval, so they overlap and take CPU and network from each other.',
                '检查点耗时超过间隔，因此会重叠并互相争用 CPU 与网络。',
              ),
        evidence: [
          ...evidence('concurrentCheckpoints', config.maxConcurrent, heldMs, ['>', 1]),
          ...evidence('checkpointMs', pace?.p95Ms, heldMs, ...(overlap ? [['>', config.intervalMs] as const] : [])),
          ...evidence('minPauseMs', config.minPauseMs, heldMs),
        ],
        wouldChange: [text('one at a time', '每次一个')],
      },
    ];
  },
  advise(_finding, { job, history, checkpoints, configuration }) {
    const from = checkpoints.config?.maxConcurrent ?? 1;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('One checkpoint at a time', '每次只做一个检查点'),
        changes: [
          { ...optionChange('job', 'execution.checkpointing.max-concurrent-checkpoints', 1, configuration), from },
        ],
        effect: {
          metric: 'concurrentCheckpoints',
          label: labelOf('concurrentCheckpoints'),
          from,
          to: 1,
          unit: 'count',
        },
        verify: ['=', 1],
        restart: 'job',
        note: text('checkpoints are rarer while they take longer than the interval', '若耗时超过间隔，检查点会变少'),
        source: 'ops/state/large_state_tuning/#tuning-checkpointing',
      },
      { job, history },
    );
  },
});
