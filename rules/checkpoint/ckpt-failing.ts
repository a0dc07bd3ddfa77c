import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import type { Checkpoint } from '../../collector/model/index.js';
import type { CheckpointSignal } from '../../analyzer/signals/checkpoints.js';
import { maskMessage } from '../../analyzer/signals/exceptions.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';

/** Failures that only say that the job was starting or stopping (CALIBRATION fact 6, diagnosis §5.3). */
const INNOCENT =
  /not all required tasks|tasks? .*not (ready|running)|subsumed|coordinator (is )?(suspend|shutdown|shutting)|unknown task|JobStatus changed|checkpoint was (canceled|aborted)/i;
/** Without a completed checkpoint for three intervals and at least this long, a failure loses much work. */
const NONE_COMPLETED_MS = 600_000;

export const ckptFailing = defineRule({
  id: 'ckpt-failing',
  category: 'checkpoint',
  title: text('Checkpoints fail', '检查点失败'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    share: {
      default: 0.2,
      unit: 'ratio',
      description: 'share of failed ones among the last ten from which it is a warning',
    },
    consecutive: { default: 3, unit: 'count', description: 'failures in a row from which it is critical' },
  },
  detect({ job, checkpoints, nowMs }, { share, consecutive }) {
    const ended = counted(checkpoints);
    const failed = ended.filter(({ status }) => status === 'FAILED');
    const row = failuresInARow(ended);
    const last = failed.at(-1);
    if (last === undefined || failed.length < 2 || failed.length / ended.length < share) return [];
    const intervalMs = checkpoints.config?.intervalMs ?? 0;
    const sinceMs = nowMs - (checkpoints.lastCompleted?.latestAckMs ?? ended[0]?.triggerMs ?? nowMs);
    const lost = row >= consecutive || sinceMs > Math.max(3 * intervalMs, NONE_COMPLETED_MS);
    const message = maskMessage(last.failureMessage ?? '').slice(0, 160);
    return [
      {
        severity: lost ? ('critical' as const) : ('warning' as const),
        confidence: 0.95,
        subject: { kind: 'job' as const },
        failure: 'ckpt-failing',
        title: text(
          `${failed.length} of the last ${ended.length} checkpoints of ${job.name} failed`,
          `${job.name} 最近 ${ended.length} 个检查点中有 ${failed.length} 个失败`,
        ),
        summary: text(
          `${row > 0 ? `${row} in a row. ` : ''}Flink says: ${message === '' ? 'nothing' : message}`,
          `${row > 0 ? `连续 ${row} 个。` : ''}Flink 的说明：${message === '' ? '无' : message}`,
        ),
        evidence: [
          ...evidence('failedCheckpoints', failed.length, windowOf(ended, nowMs), [
            '>=',
            Math.max(2, Math.ceil(share * ended.length)),
          ]),
          ...evidence('endedCheckpoints', ended.length, windowOf(ended, nowMs)),
          ...evidence('checkpointAgeMs', sinceMs, sinceMs),
        ],
        wouldChange: [text('the next checkpoints complete', '后续检查点成功')],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }) {
    const { config } = checkpoints;
    // Advice only for what a setting can mend: a failed checkpoint that takes the job down with it.
    if (config === undefined || (config.tolerableFailures ?? 0) >= 3) return [];
    const changes = [
      {
        ...optionChange('job', 'execution.checkpointing.tolerable-failed-checkpoints', 3, configuration),
        from: config.tolerableFailures ?? 0,
      },
    ];
    return [
      {
        kind: 'checkpoint',
        title: text(
          'Let three checkpoints fail before the job restarts, while the reason is mended',
          '在修复原因期间，允许三次检查点失败后再重启作业',
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [{ metric: 'restarts', label: labelOf('restarts'), from: 1, to: 0, low: 0, high: 1, unit: 'count' }],
        cost: NO_COST,
        prerequisites: [
          text('the failure named above is looked into: this only buys time', '查明上述失败原因：此举只是争取时间'),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text('more input is read again after a failure', '故障后重读的输入更多'),
        },
        verify: [
          {
            metric: 'failedCheckpoints',
            label: labelOf('failedCheckpoints'),
            comparison: '=',
            target: 0,
            unit: 'count',
          },
        ],
        rejected: [],
        confidence: 0.6,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/#execution-checkpointing-tolerable-failed-checkpoints',
        ],
      },
    ];
  },
});

/** Those that count: ended, and not merely caught by a start or stop. */
function counted({ ended }: CheckpointSignal): readonly Checkpoint[] {
  return ended.filter(({ status, failureMessage }) => status !== 'FAILED' || !INNOCENT.test(failureMessage ?? ''));
}

function failuresInARow(ended: readonly Checkpoint[]): number {
  const newest = [...ended].reverse();
  const firstOther = newest.findIndex(({ status }) => status !== 'FAILED');
  return firstOther === -1 ? newest.length : firstOther;
}

function windowOf(ended: readonly Checkpoint[], nowMs: number): number {
  return nowMs - (ended[0]?.triggerMs ?? nowMs);
}
