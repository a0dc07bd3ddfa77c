import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { consumedPerSecond } from '../../analyzer/signals/lag.js';
import { present, sum } from '../../analyzer/numbers.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { checkpointIntervalMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { compact, duration, text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';

/** An interval of less than this many durations is what the state asks for. */
const DURATIONS_MIN = 4;

export const ckptIntervalTooLong = defineRule({
  id: 'ckpt-interval-too-long',
  category: 'checkpoint',
  title: text('Much is read again after a failure', '故障后需重读大量数据'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'load', 'history', 'configuration'],
  options: {
    intervalMs: { default: 600_000, unit: 'ms', description: 'interval above which it may be too long' },
    recordsPerSecond: {
      default: 1000,
      unit: 'records/s',
      description: 'input from which the records in between matter',
    },
  },
  detect({ job, nowMs, checkpoints, load }, limits) {
    const intervalMs = checkpoints.config?.intervalMs;
    if (intervalMs === undefined || intervalMs <= limits.intervalMs) return [];
    const rate = sum(present(sourceIds(job).map((vertexId) => consumedPerSecond({ vertexId }, load))));
    const pace = paceOf(checkpoints);
    if (rate < limits.recordsPerSecond || intervalMs < DURATIONS_MIN * (pace?.slowestMs ?? 0)) return [];
    const heldMs = runningMs(job, nowMs);
    const records = (rate * intervalMs) / 1000;
    return [
      {
        severity: 'info' as const,
        confidence: 0.7,
        subject: { kind: 'job' as const },
        title: text(
          `Up to ${compact(records)} records are read again after a failure: a checkpoint every ${duration(intervalMs)}`,
          `故障后最多重读 ${compact(records)} 条记录：每 ${duration(intervalMs)} 才有一个检查点`,
        ),
        summary: text(
          'What came since the last checkpoint is processed again after every restart and rescale, on top of what arrives.',
          '每次重启或扩缩容后，最后一个检查点之后的数据都要重新处理，同时还有新到的数据。',
        ),
        evidence: [
          ...evidence('intervalMs', intervalMs, heldMs, ['>', limits.intervalMs]),
          ...evidence('recordsPerSecond', rate, heldMs, ['>=', limits.recordsPerSecond]),
          ...evidence('replayRecords', records, heldMs),
        ],
        wouldChange: [text('a shorter interval', '更短的间隔')],
      },
    ];
  },
  advise(_finding, { job, history, checkpoints, load, configuration }) {
    const intervalMs = checkpoints.config?.intervalMs;
    if (intervalMs === undefined) return [];
    const pace = paceOf(checkpoints);
    const wantedMs = checkpointIntervalMs(pace?.syncMs ?? 0, pace?.p95Ms ?? 0);
    const rate = sum(present(sourceIds(job).map((vertexId) => consumedPerSecond({ vertexId }, load)))) / 1000;
    if (wantedMs >= intervalMs) return [];
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text(`Take a checkpoint every ${duration(wantedMs)}`, `每 ${duration(wantedMs)} 做一次检查点`),
        changes: [
          {
            ...optionChange('job', 'execution.checkpointing.interval', `${wantedMs / 1000} s`, configuration),
            from: `${intervalMs / 1000} s`,
          },
        ],
        effect: {
          metric: 'replayRecords',
          label: labelOf('replayRecords'),
          from: rate * intervalMs,
          to: rate * wantedMs,
          low: 0,
          unit: 'records',
        },
        verify: ['<=', rate * wantedMs * 1.2],
        restart: 'job',
        note: text(
          'checkpoints more often; see that their share of the time stays small',
          '检查点更频繁；注意其时间占比保持较小',
        ),
        source: 'ops/production_ready/',
      },
      { job, history },
    );
  },
});

const sourceIds = (job: {
  topology: { vertexIds: readonly string[]; isSource(id: string): boolean };
}): readonly string[] => job.topology.vertexIds.filter((id) => job.topology.isSource(id));
