import { defineRule } from '../../analyzer/engine/rule.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { bytes, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';

const MIB = 1024 * 1024;
/** Flink's default frame of 10 MiB, all versions. */
const DEFAULT_BYTES = 10 * MIB;

export const ckptMetadataHeavy = defineRule({
  id: 'ckpt-metadata-heavy',
  category: 'checkpoint',
  title: text('Checkpoint messages are too large', '检查点消息过大'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('ckpt-metadata-heavy', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    const size = sizeIn(failure.words);
    return [
      failureVerdict(failure, {
        title: text(
          `A checkpoint message is larger than Flink sends (${times(failure).en})`,
          `检查点消息超过 Flink 的上限（${times(failure)['zh-CN']}）`,
        ),
        summary: text(
          `${size === undefined ? 'A task reports' : `A task reports ${bytes(size)} of`} state handles to the JobManager. Union list state multiplies by the parallelism, and small state is inlined into the message (execution.checkpointing.data-inline-threshold): keep less there.`,
          `${size === undefined ? '某任务向 JobManager 上报的' : `某任务向 JobManager 上报 ${bytes(size)} 的`}状态句柄过大。union list 状态随并行度成倍增长，小状态会内联进消息（execution.checkpointing.data-inline-threshold）：请减少。`,
        ),
      }),
    ];
  },
  advise(_finding, { job, exceptions, history }) {
    const words = exceptions.named.find(({ cause }) => cause === 'ckpt-metadata-heavy')?.words ?? '';
    const wanted = 2 * Math.max(DEFAULT_BYTES, sizeIn(words) ?? DEFAULT_BYTES);
    const key = optionKeys.rpcFrameSize(job.flinkVersion);
    const changes = [optionChange('jobmanager', key, `${Math.ceil(wanted / MIB) * MIB}b`, history.configuration)];
    return [
      {
        kind: 'config',
        title: text(
          `Let RPC messages be ${bytes(wanted)} large, until there is less state in them`,
          `将 RPC 消息上限提高到 ${bytes(wanted)}，直到其中的状态减少`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [{ metric: 'failures', label: labelOf('failures'), from: 1, to: 0, low: 0, high: 1, unit: 'count' }],
        cost: NO_COST,
        prerequisites: [
          text(
            'the heap of the JobManager holds such messages of all subtasks',
            'JobManager 的堆能容纳所有子任务的此类消息',
          ),
        ],
        risk: {
          restart: 'cluster',
          stateLoss: false,
          note: text('JobManager and TaskManagers restart', 'JobManager 与 TaskManager 重启'),
        },
        verify: [{ metric: 'failures', label: labelOf('failures'), comparison: '=', target: 0, unit: 'count' }],
        rejected: [],
        confidence: 0.6,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/'],
      },
    ];
  },
});

function sizeIn(words: string): number | undefined {
  const found = /invocation size (\d+)/.exec(words)?.[1];
  return found === undefined ? undefined : Number(found);
}
