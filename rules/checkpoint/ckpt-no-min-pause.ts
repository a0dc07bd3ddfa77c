import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { minPauseMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { duration, text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { PACE_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const ckptNoMinPause = defineRule({
  id: 'ckpt-no-min-pause',
  category: 'checkpoint',
  title: text('A slow checkpoint leaves no pause after it', '慢检查点之后没有间隔'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    share: { default: 0.5, unit: 'ratio', description: 'slow checkpoint over the interval from which a pause matters' },
    mostShare: {
      default: 0.5,
      unit: 'ratio',
      description: 'time under way from which ckpt-interval-too-short says it',
    },
  },
  detect({ checkpoints }, { share, mostShare }) {
    const pace = paceOf(checkpoints);
    const { config } = checkpoints;
    if (pace === undefined || config === undefined) return { notEvaluated: PACE_NOT_TOLD };
    if (config.intervalMs === undefined || config.minPauseMs > 0 || pace.share >= mostShare) return [];
    if (pace.p95Ms < share * config.intervalMs) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `Slow checkpoints take ${duration(pace.p95Ms)} of an interval of ${duration(config.intervalMs)}, and no pause is set`,
          `慢检查点耗时 ${duration(pace.p95Ms)}，间隔为 ${duration(config.intervalMs)}，且未设置最小间隔`,
        ),
        summary: text(
          'When one takes longer than the interval the next begins at once, and the job gets no time to catch up.',
          '当某个检查点超过间隔时，下一个会立刻开始，作业没有时间追赶。',
        ),
        evidence: [
          ...evidence('checkpointMs', pace.p95Ms, pace.windowMs, ['>=', share * config.intervalMs]),
          ...evidence('minPauseMs', config.minPauseMs, pace.windowMs, ['=', 0]),
        ],
        wouldChange: [text('faster checkpoints, or a pause', '检查点变快，或设置间隔')],
      },
    ];
  },
  advise(_finding, { job, history, checkpoints, configuration }) {
    const pace = paceOf(checkpoints);
    const intervalMs = checkpoints.config?.intervalMs;
    if (pace === undefined || intervalMs === undefined) return [];
    const pauseMs = minPauseMs(intervalMs, pace.p95Ms);
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text(
          `Leave ${duration(pauseMs)} between two checkpoints`,
          `两个检查点之间至少留出 ${duration(pauseMs)}`,
        ),
        changes: [optionChange('job', 'execution.checkpointing.min-pause', `${pauseMs / 1000} s`, configuration)],
        effect: { metric: 'minPauseMs', label: labelOf('minPauseMs'), from: 0, to: pauseMs, unit: 'ms' },
        verify: ['>=', pauseMs],
        restart: 'job',
        note: text('checkpoints are a little rarer after a slow one', '慢检查点之后的检查点略少'),
        source: 'dev/datastream/fault-tolerance/checkpointing/',
      },
      { job, history },
    );
  },
});
