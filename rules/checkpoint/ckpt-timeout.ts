import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import type { Checkpoint } from '../../collector/model/index.js';
import { max, present } from '../../analyzer/numbers.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { checkpointTimeoutMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { duration, text } from '../../analyzer/text.js';
import { vertexSubject } from '../support/subjects.js';

const EXPIRED = /expired before completing/i;

export const ckptTimeout = defineRule({
  id: 'ckpt-timeout',
  category: 'checkpoint',
  title: text('Checkpoints run into their timeout', '检查点超时'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    expired: { default: 2, unit: 'count', description: 'expired ones among the last ten from which it counts' },
  },
  detect({ job, checkpoints, nowMs }, { expired }) {
    const timedOut = checkpoints.ended.filter(isExpired);
    const first = timedOut[0];
    if (first === undefined || timedOut.length < expired) return [];
    const culprit = missingVertex(timedOut);
    const missing = max(timedOut.map(({ subtasks, acknowledgedSubtasks }) => subtasks - acknowledgedSubtasks)) ?? 0;
    const timeoutMs = checkpoints.config?.timeoutMs;
    const name = culprit === undefined ? undefined : job.vertexName(culprit);
    return [
      {
        severity: timedOut.length === checkpoints.ended.length ? ('critical' as const) : ('warning' as const),
        confidence: 0.95,
        subject: culprit === undefined ? { kind: 'job' as const } : vertexSubject(job, culprit),
        title: text(
          `Checkpoints expire${timeoutMs === undefined ? '' : ` after ${duration(timeoutMs)}`}${name === undefined ? '' : `: ${name} does not finish`}`,
          `检查点${timeoutMs === undefined ? '' : `在 ${duration(timeoutMs)} 后`}超时${name === undefined ? '' : `：${name} 未完成`}`,
        ),
        summary: text(
          `${timedOut.length} of the last ${checkpoints.ended.length} expired; ${missing} subtask(s) had not acknowledged.`,
          `最近 ${checkpoints.ended.length} 个中有 ${timedOut.length} 个超时；有 ${missing} 个子任务未确认。`,
        ),
        evidence: [
          ...evidence('failedCheckpoints', timedOut.length, nowMs - first.triggerMs, ['>=', expired]),
          ...evidence('missingSubtasks', missing, nowMs - first.triggerMs, ['>', 0]),
          ...evidence('timeoutMs', timeoutMs, nowMs - first.triggerMs),
        ],
        wouldChange: [text('the next checkpoints complete in time', '后续检查点按时完成')],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }) {
    const { config } = checkpoints;
    const completedMs = max(
      checkpoints.ended.filter(({ status }) => status === 'COMPLETED').map(({ durationMs }) => durationMs),
    );
    // Sized by what the slowest completed one took; when none completes, twice the present limit is the next look.
    const wantedMs =
      config === undefined
        ? undefined
        : completedMs === undefined
          ? 2 * config.timeoutMs
          : checkpointTimeoutMs(completedMs);
    if (config === undefined || wantedMs === undefined || wantedMs <= config.timeoutMs) return [];
    const changes = [
      {
        ...optionChange('job', 'execution.checkpointing.timeout', `${wantedMs / 1000} s`, configuration),
        from: `${config.timeoutMs / 1000} s`,
      },
    ];
    return [
      {
        kind: 'checkpoint',
        title: text(
          `Allow checkpoints ${duration(wantedMs)} until the slow part is mended`,
          `在修复慢的部分之前，将检查点超时设为 ${duration(wantedMs)}`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'failedCheckpoints',
            label: labelOf('failedCheckpoints'),
            from: checkpoints.ended.filter(isExpired).length,
            to: 0,
            low: 0,
            high: checkpoints.ended.filter(isExpired).length,
            unit: 'count',
          },
        ],
        cost: NO_COST,
        prerequisites: [text('the subtasks named above make progress, only slowly', '上述子任务仍有进展，只是较慢')],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text('a hung checkpoint blocks the next one for longer', '挂起的检查点会更久地阻塞下一个'),
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
        rejected: [
          {
            alternative: text('more tolerable failures', '容忍更多失败'),
            why: text('hides that none completes', '会掩盖没有检查点成功的事实'),
          },
        ],
        confidence: completedMs === undefined ? 0.4 : 0.7,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/large_state_tuning/'],
      },
    ];
  },
});

function isExpired({ status, failureMessage }: Checkpoint): boolean {
  return status === 'FAILED' && EXPIRED.test(failureMessage ?? '');
}

/** The one vertex all of whose missing acknowledgements the details show; undefined when several or none are known. */
function missingVertex(timedOut: readonly Checkpoint[]): string | undefined {
  const ids = new Set(
    present(timedOut.map(({ details }) => details)).flatMap((details) =>
      details.filter(({ acknowledged }) => !acknowledged).map(({ vertexId }) => vertexId),
    ),
  );
  return ids.size === 1 ? [...ids][0] : undefined;
}
