import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { checkpointIntervalMs, minPauseMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { duration, percent, text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { PACE_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const ckptIntervalTooShort = defineRule({
  id: 'ckpt-interval-too-short',
  category: 'checkpoint',
  title: text('Checkpoints follow each other too closely', '检查点过于频繁'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  // The load is read, not used: before it is known a bottleneck that makes checkpoints long cannot be named as the cause.
  needs: ['checkpoints', 'load', 'history', 'configuration'],
  options: {
    share: { default: 0.5, unit: 'ratio', description: 'time with a checkpoint under way from which it is too much' },
    pauseShare: {
      default: 0.1,
      unit: 'ratio',
      description: 'time stopped by synchronous snapshots from which it is too much',
    },
  },
  detect({ checkpoints }, { share, pauseShare }) {
    const pace = paceOf(checkpoints);
    if (pace === undefined) return { notEvaluated: PACE_NOT_TOLD };
    const stops = (pace.pauseShare ?? 0) >= pauseShare;
    if (pace.share < share && !stops) return [];
    return [
      {
        severity: 'warning' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: stops
          ? text(
              `Snapshots stop the job for ${percent(pace.pauseShare ?? 0)} of the time`,
              `快照使作业停顿 ${percent(pace.pauseShare ?? 0)} 的时间`,
            )
          : text(
              `A checkpoint is under way for ${percent(pace.share)} of the time`,
              `${percent(pace.share)} 的时间都在做检查点`,
            ),
        summary: text(
          `The last ${pace.count} took up to ${duration(pace.slowestMs)} and began every ${duration(pace.windowMs / (pace.count - 1))}. Uploads, barriers and snapshots take CPU and network from the records.`,
          `最近 ${pace.count} 个检查点最长 ${duration(pace.slowestMs)}，每 ${duration(pace.windowMs / (pace.count - 1))} 开始一个。上传、barrier 与快照占用处理数据的 CPU 和网络。`,
        ),
        evidence: [
          ...evidence('checkpointShare', pace.share, pace.windowMs, ...(stops ? [] : [['>=', share] as const])),
          ...evidence('pauseShare', pace.pauseShare, pace.windowMs, ...(stops ? [['>=', pauseShare] as const] : [])),
          ...evidence('checkpointMs', pace.p95Ms, pace.windowMs),
        ],
        wouldChange: [text('five checkpoints that leave the job more room', '五个检查点给作业留出更多时间')],
      },
    ];
  },
  advise(_finding, { job, history, checkpoints, configuration }) {
    const pace = paceOf(checkpoints);
    const { config } = checkpoints;
    if (pace === undefined || config?.intervalMs === undefined) return [];
    const intervalMs = Math.max(config.intervalMs, checkpointIntervalMs(pace.syncMs ?? 0, pace.p95Ms));
    const pauseMs = minPauseMs(intervalMs, pace.p95Ms);
    const then = Math.min(pace.share, pace.p95Ms / Math.max(intervalMs, pace.p95Ms + pauseMs));
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text(
          `Take a checkpoint every ${duration(intervalMs)}, with a pause after each`,
          `每 ${duration(intervalMs)} 做一次检查点，并在其后留出间隔`,
        ),
        changes: [
          {
            ...optionChange('job', 'execution.checkpointing.interval', `${intervalMs / 1000} s`, configuration),
            from: `${config.intervalMs / 1000} s`,
          },
          ...(config.minPauseMs >= pauseMs
            ? []
            : [
                {
                  ...optionChange('job', 'execution.checkpointing.min-pause', `${pauseMs / 1000} s`, configuration),
                  from: `${config.minPauseMs / 1000} s`,
                },
              ]),
        ],
        effect: {
          metric: 'checkpointShare',
          label: labelOf('checkpointShare'),
          from: pace.share,
          to: then,
          low: then * 0.6,
          high: pace.share,
          unit: 'ratio',
        },
        verify: ['<', 0.5],
        restart: 'job',
        note: text(
          `after a failure up to ${duration(intervalMs + pace.p95Ms)} of input is read again`,
          `故障后最多重读 ${duration(intervalMs + pace.p95Ms)} 的输入`,
        ),
        prerequisites: [
          text(
            'no consumer waits for the results of transactions, which appear once per checkpoint',
            '没有下游等待事务结果（每个检查点才可见一次）',
          ),
        ],
        source: 'ops/state/large_state_tuning/#tuning-checkpointing',
      },
      { job, history },
    );
  },
});
