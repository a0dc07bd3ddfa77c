import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';
import type { ExceptionSignal, Incident } from '../../analyzer/signals/exceptions.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { text } from '../../analyzer/text.js';
import { causeText, lookOf } from '../support/exceptions.js';

export const restartLoop = defineRule({
  id: 'restart-loop',
  category: 'stability',
  title: text('The job falls and restarts again and again', '作业反复失败重启'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'restarts', 'history', 'configuration'],
  options: {
    failures: {
      default: 3,
      unit: 'count',
      description: 'failures with a cause of their own within ten minutes from which it is a loop',
    },
  },
  detect({ job, exceptions, restarts, nowMs }, { failures }) {
    const own = ownFailures(exceptions, nowMs);
    const first = own[0];
    if (first === undefined || own.length < failures) return [];
    const group = exceptions.groups.find(({ key }) => key === mostCommon(own));
    const cause = group === undefined ? undefined : causeText(group.cause);
    const windowMs = nowMs - first.atMs;
    const look =
      group === undefined ? undefined : lookOf(group, own.length >= failures && restarts.completedCheckpoints === 0);
    return [
      {
        severity: 'critical' as const,
        confidence: 0.95,
        subject: { kind: 'job' as const },
        failure: mostCommonFailure(own),
        title: text(
          `${job.name} fell ${own.length} times in ${Math.max(1, Math.round(windowMs / 60_000))} min${cause === undefined ? '' : `: ${cause}`}`,
          `${job.name} 在 ${Math.max(1, Math.round(windowMs / 60_000))} 分钟内失败 ${own.length} 次${cause === undefined ? '' : `：${cause}`}`,
        ),
        summary: text(
          `Each restart runs into the same failure${group?.cause.userFrame === undefined ? '' : ` in ${group.cause.userFrame}`}${group?.taskName === undefined ? '' : ` (task ${group.taskName})`}. ${restarts.completedCheckpoints === 0 ? 'No checkpoint completes in between, so it makes no progress.' : 'Checkpoints complete in between, so it creeps on.'}${look === undefined ? '' : ` ${look.en}`}`,
          `每次重启都遇到同样的失败${group?.cause.userFrame === undefined ? '' : `，位于 ${group.cause.userFrame}`}${group?.taskName === undefined ? '' : `（任务 ${group.taskName}）`}。${restarts.completedCheckpoints === 0 ? '期间没有检查点成功，作业没有进展。' : '期间有检查点成功，作业仍在缓慢前进。'}${look === undefined ? '' : look['zh-CN']}`,
        ),
        evidence: [
          ...evidence('incidents', own.length, windowMs, ['>=', failures]),
          // A first reading spans no time: 0 restarts over 0 ms would say the opposite of the truth.
          ...(restarts.windowMs === 0
            ? []
            : [
                ...evidence('restarts', restarts.restarts, restarts.windowMs),
                ...evidence('completedCheckpoints', restarts.completedCheckpoints, restarts.windowMs),
              ]),
        ],
        wouldChange: [text('ten minutes without a failure', '十分钟内没有失败')],
      },
    ];
  },
  advise(_finding, { job, exceptions, history, configuration, nowMs }) {
    const own = ownFailures(exceptions, nowMs);
    const group = exceptions.groups.find(({ key }) => key === mostCommon(own));
    const attempts = optionKeys.restartAttempts(job.flinkVersion);
    const where = group?.cause.userFrame ?? group?.cause.exceptionClass ?? 'the failing code';
    const ends = attempts !== undefined;
    const changes = [
      {
        scope: 'job' as const,
        from: `fails: ${group === undefined ? 'see exceptions' : causeText(group.cause)}`,
        to: `mend ${where}`,
        unit: 'code',
      },
      optionChange('job', optionKeys.restartStrategy(job.flinkVersion), 'exponential-delay', configuration),
      ...(attempts === undefined ? [] : [optionChange('job', attempts, 10, configuration)]),
    ].filter(({ from, to }) => String(from) !== String(to));
    return [
      {
        kind: 'code',
        title: text(
          `Mend the failure in ${where}; until then let restarts back off${ends ? ' and end after 10' : ''}`,
          `修复 ${where} 中的失败；在此之前让重启退避${ends ? '，并在 10 次后停止' : ''}`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'incidents',
            label: labelOf('incidents'),
            from: own.length,
            to: 0,
            low: 0,
            high: 10,
            unit: 'count',
          },
        ],
        cost: NO_COST,
        prerequisites: [
          text(
            'a record that cannot be processed goes to a side output instead of an exception',
            '无法处理的记录应写入旁路输出而不是抛异常',
          ),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: ends
            ? text(
                'with a limit the job ends as FAILED and waits for a person',
                '设上限后作业会进入 FAILED 并等待人工处理',
              )
            : text('the job starts anew from its last checkpoint', '作业从最近的检查点重新启动'),
        },
        verify: [{ metric: 'incidents', label: labelOf('incidents'), comparison: '=', target: 0, unit: 'count' }],
        rejected: [
          {
            alternative: text('more parallelism or memory', '提高并行度或内存'),
            why: text('the failure is in the code or the data, not in the resources', '失败源于代码或数据，而非资源'),
          },
        ],
        confidence: 0.8,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/task_failure_recovery/'],
      },
    ];
  },
});

/** Failures within the window that are not the echo of a lost TaskManager, of missing slots or of failing checkpoints. */
function ownFailures({ incidents }: ExceptionSignal, nowMs: number): readonly Incident[] {
  return incidents.filter(
    ({ atMs, kind }) => atMs >= nowMs - RESTART_WINDOW_MS && (kind === 'user' || kind === 'out-of-memory'),
  );
}

function mostCommon(incidents: readonly Incident[]): string | undefined {
  return mostOften(incidents.map(({ groupKey }) => groupKey));
}

/** What most of the falls are about: a named cause, else the group of the failure. */
function mostCommonFailure(incidents: readonly Incident[]): string {
  return mostOften(incidents.map(({ cause, groupKey }) => cause ?? groupKey)) ?? '';
}

function mostOften(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
