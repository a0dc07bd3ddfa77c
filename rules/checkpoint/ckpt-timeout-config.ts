import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { checkpointTimeoutMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { duration, text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { PACE_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const ckptTimeoutConfig = defineRule({
  id: 'ckpt-timeout-config',
  category: 'checkpoint',
  title: text('Slow checkpoints come near their timeout', '慢检查点接近超时'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    factor: { default: 2, unit: 'ratio', description: 'timeout over the slowest checkpoint below which it is near' },
  },
  detect({ checkpoints }, { factor }) {
    const pace = paceOf(checkpoints);
    const { config } = checkpoints;
    if (pace === undefined || config === undefined) return { notEvaluated: PACE_NOT_TOLD };
    if (config.timeoutMs <= 0 || config.timeoutMs >= factor * pace.slowestMs) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `The slowest checkpoint took ${duration(pace.slowestMs)} of the ${duration(config.timeoutMs)} allowed`,
          `最慢的检查点耗时 ${duration(pace.slowestMs)}，超时为 ${duration(config.timeoutMs)}`,
        ),
        summary: text(
          'A little more state or pressure and checkpoints expire.',
          '状态或压力再大一点，检查点就会超时。',
        ),
        evidence: [
          ...evidence('checkpointMs', pace.slowestMs, pace.windowMs, ['>', config.timeoutMs / factor]),
          ...evidence('timeoutMs', config.timeoutMs, pace.windowMs),
        ],
        wouldChange: [text('faster checkpoints', '检查点变快')],
      },
    ];
  },
  advise(_finding, { job, history, checkpoints, configuration }) {
    const pace = paceOf(checkpoints);
    const from = checkpoints.config?.timeoutMs;
    if (pace === undefined || from === undefined) return [];
    const to = checkpointTimeoutMs(pace.slowestMs);
    if (to <= from) return [];
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text(`Allow a checkpoint ${duration(to)}`, `将检查点超时设为 ${duration(to)}`),
        changes: [
          {
            ...optionChange('job', 'execution.checkpointing.timeout', `${to / 1000} s`, configuration),
            from: `${from / 1000} s`,
          },
        ],
        effect: { metric: 'timeoutMs', label: labelOf('timeoutMs'), from, to, unit: 'ms' },
        verify: ['>=', to],
        restart: 'job',
        note: text('a checkpoint that hangs is given up later', '卡住的检查点会更晚放弃'),
        source: 'dev/datastream/fault-tolerance/checkpointing/',
      },
      { job, history },
    );
  },
});
