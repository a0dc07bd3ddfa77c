import type { CheckpointSignal } from '../../analyzer/signals/checkpoints.js';
import type { Advice } from '../../analyzer/engine/recommendation.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { JobHistory } from '../../collector/model/index.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { median } from '../../analyzer/numbers.js';
import { text } from '../../analyzer/text.js';
import type { DominatedCheckpoints } from './checkpoint-phase.js';

/** What the alignment may take before barriers overtake: the documentation's value for mixed loads. */
const ALIGNED_TIMEOUT_MS = 30_000;

/**
 * Advice for barriers that wait without a bottleneck to remove: unaligned checkpoints, where Flink allows them
 * (exactly once, one at a time).
 */
export function unalignedAdvice(
  checkpoints: CheckpointSignal,
  slow: DominatedCheckpoints | undefined,
  context: {
    readonly job: JobFacts;
    readonly history: JobHistory;
    readonly configuration: Readonly<Record<string, string>>;
  },
): readonly Advice[] {
  const { config } = checkpoints;
  if (
    slow === undefined ||
    config === undefined ||
    config.unaligned ||
    config.mode !== 'exactly_once' ||
    config.maxConcurrent > 1
  )
    return [];
  const nowMs = median(slow.anatomies.map(({ durationMs }) => durationMs)) ?? 0;
  // Barriers that arrive within the timeout never overtake anything: then this setting changes nothing.
  if (nowMs <= ALIGNED_TIMEOUT_MS) return [];
  const changes = [
    optionChange('job', optionKeys.unaligned(context.job.flinkVersion), 'true', context.configuration),
    optionChange('job', optionKeys.alignedTimeout(context.job.flinkVersion), '30 s', context.configuration),
  ];
  const restMs = median(slow.anatomies.map(({ critical }) => (critical.syncMs ?? 0) + (critical.asyncMs ?? 0))) ?? 0;
  return [
    {
      kind: 'checkpoint',
      title: text(
        'Let barriers overtake waiting records (unaligned checkpoints after 30 s)',
        '让 barrier 越过等待的记录（30 秒后转为非对齐检查点）',
      ),
      changes,
      diffs: diffsFor(changes, context),
      expected: [
        {
          metric: 'checkpointDurationMs',
          label: labelOf('checkpointMs'),
          from: nowMs,
          to: Math.min(nowMs, ALIGNED_TIMEOUT_MS + restMs),
          low: restMs,
          high: Math.min(nowMs, 1.5 * ALIGNED_TIMEOUT_MS + restMs),
          unit: 'ms',
        },
      ],
      cost: NO_COST,
      prerequisites: [text('the checkpoint storage has room for the records in flight', '检查点存储能容纳在途数据')],
      risk: {
        restart: 'job',
        stateLoss: false,
        note: text('larger checkpoints; savepoints stay aligned', '检查点变大；savepoint 仍为对齐方式'),
      },
      verify: [{ metric: 'startDelayMs', label: labelOf('startDelayMs'), comparison: '<', target: 5000, unit: 'ms' }],
      rejected: [
        {
          alternative: text('a longer checkpoint timeout', '延长检查点超时'),
          why: text('the checkpoint would still wait as long', '检查点仍要等待同样久'),
        },
      ],
      confidence: 0.6,
      sources: [
        'https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/checkpointing_under_backpressure/',
      ],
    },
  ];
}
