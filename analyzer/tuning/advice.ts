import type { JobHistory } from '../../collector/model/index.js';
import { labelOf } from '../engine/evidence.js';
import type { Advice, Change, ExpectedEffect } from '../engine/recommendation.js';
import type { JobFacts } from '../signals/job-facts.js';
import type { SlotSignal } from '../signals/slots.js';
import { renderDiffs } from '../dialects/render.js';
import { compact, counted, duration, percent, text, type Text } from '../text.js';
import { BUSY_READS_HIGH, BUSY_READS_LOW, TARGET_UTILISATION, type ParallelismPlan } from './parallelism.js';
import { servedAt } from './scalability.js';
import { slotCost } from './slots.js';

export interface AdviceContext {
  readonly job: JobFacts;
  readonly history: JobHistory;
  readonly slots: SlotSignal;
}

/** Renders changes as diffs for this job and Flink version. */
export function diffsFor(
  changes: readonly Change[],
  { job, history }: Pick<AdviceContext, 'job' | 'history'>,
): Advice['diffs'] {
  return renderDiffs(changes, {
    ...(job.flinkVersion === undefined ? {} : { flinkVersion: job.flinkVersion }),
    vertices: history.vertices.flatMap(({ vertexId, parallelism }) =>
      parallelism === undefined ? [] : [{ vertexId, parallelism }],
    ),
    adaptive: history.configuration['jobmanager.scheduler']?.toLowerCase() === 'adaptive',
    jobId: job.jobId,
  });
}

/** One option's change. */
export function optionChange(
  scope: Change['scope'],
  key: string,
  to: string | number,
  configuration: Readonly<Record<string, string>>,
  unit = '',
): Change {
  return { scope, key, from: configuration[key] ?? null, to, unit };
}

/** The advice to run one vertex with another parallelism, slots and TaskManagers included. */
export function parallelismAdvice(
  plan: ParallelismPlan,
  context: AdviceContext,
  extra: {
    readonly prerequisites: readonly Text[];
    readonly rejected: Advice['rejected'];
    readonly confidence: number;
  },
): Advice {
  const { job, history, slots } = context;
  const name = job.vertexName(plan.vertexId);
  const changes = [plan, ...plan.companions].map(({ vertexId, from, to }): Change => ({
    scope: 'vertex',
    vertexId,
    vertexName: job.vertexName(vertexId),
    from,
    to,
    unit: 'subtasks',
  }));
  const process = history.taskManagers[0]?.memory.totalProcessBytes;
  const cost = slotCost(plan.slotsExtra, slots, process);
  return {
    kind: 'parallelism',
    title: titleOf(name, plan, job),
    changes,
    diffs: diffsFor(changes, context),
    expected: expectedOf(plan),
    cost,
    prerequisites: [...extra.prerequisites, ...contentionNote(plan), ...slotPrerequisite(cost)],
    risk: {
      restart: 'job',
      stateLoss: false,
      note: text(
        'The job restarts from its last checkpoint; input since then is read again.',
        '作业会从最近的检查点重启，此后的输入会重新读取。',
      ),
    },
    verify: [
      {
        metric: 'recordsInPerSecond',
        label: labelOf('recordsPerSecond'),
        comparison: '>=',
        target: plan.throughput.low,
        unit: 'records/s',
      },
      ...(plan.demandKnown
        ? [
            {
              metric: 'inputPressure',
              label: labelOf('inputPressure'),
              comparison: '<' as const,
              target: 0.1,
              unit: 'ratio' as const,
            },
          ]
        : []),
    ],
    rejected: extra.rejected,
    confidence: extra.confidence,
    sources: [
      'https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/monitoring/back_pressure/',
      'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/elastic_scaling/',
    ],
  };
}

function contentionNote({ contention }: ParallelismPlan): Text[] {
  if (contention === undefined) return [];
  const seen = servedAt(contention);
  return [
    text(
      `its subtasks hold one another up, which is reckoned with: when full ${seen.en}`,
      `其子任务相互牵制，已计入：满负荷时 ${seen['zh-CN']}`,
    ),
  ];
}

function slotPrerequisite(cost: Advice['cost']): Text[] {
  if (cost.taskManagers === 0) return [];
  return [
    text(
      `${counted(cost.taskManagers, 'more TaskManager')}: ${counted(cost.slots, 'more slot')} needed and too few are free`,
      `需要再增加 ${cost.taskManagers} 个 TaskManager：还需 ${cost.slots} 个 slot，空闲不足`,
    ),
  ];
}

/** Vertices that a title names beside the first; the changes list them all. */
const COMPANIONS_NAMED = 2;

function titleOf(name: string, { from, to, companions }: ParallelismPlan, job: JobFacts): Text {
  const named = companions.slice(0, COMPANIONS_NAMED);
  const more = companions.length - named.length;
  const also = (words: (vertex: string, size: number) => string, rest: string, join: string): string =>
    [...named.map((one) => words(job.vertexName(one.vertexId), one.to)), ...(more > 0 ? [rest] : [])].join(join);
  const en = also((vertex, size) => `${vertex} with ${size}`, `${more} more`, ', ');
  const zh = also((vertex, size) => `${vertex} 调整为 ${size}`, `另有 ${more} 个顶点`, '、');
  return text(
    `Run ${name} with parallelism ${to} instead of ${from}${en === '' ? '' : `, and ${en}`}`,
    `将 ${name} 的并行度从 ${from} 调整为 ${to}${zh === '' ? '' : `，${zh}`}`,
  );
}

function expectedOf(plan: ParallelismPlan): ExpectedEffect[] {
  return [
    {
      metric: 'recordsInPerSecond',
      vertexId: plan.vertexId,
      label: labelOf('recordsPerSecond'),
      ...plan.throughput,
      unit: 'records/s',
    },
    // Without a known demand the vertex stays as busy as it is: it only serves more.
    ...(plan.demandKnown
      ? [
          {
            metric: 'busyRatio',
            vertexId: plan.vertexId,
            label: labelOf('busyRatio'),
            ...plan.busy,
            unit: 'ratio' as const,
          },
        ]
      : []),
    ...plan.companions.map(({ vertexId, busy }) => ({
      metric: 'busyRatio',
      vertexId,
      label: labelOf('predictedBusyRatio'),
      from: Math.min(1, busy.from),
      to: busy.to,
      low: busy.to * BUSY_READS_LOW,
      high: Math.min(1, busy.to * BUSY_READS_HIGH),
      unit: 'ratio' as const,
    })),
    ...(plan.catchUp === undefined
      ? []
      : [
          {
            metric: 'lagSeconds',
            label: text(
              `lag, after ${duration(plan.catchUp.lowMs)} to ${duration(plan.catchUp.highMs)}`,
              `${duration(plan.catchUp.lowMs)} 至 ${duration(plan.catchUp.highMs)} 后的积压`,
            ),
            from: plan.lagSeconds ?? 0,
            to: 0,
            low: 0,
            high: 0,
            unit: 's' as const,
            afterMs: plan.catchUp.ms,
            afterLowMs: plan.catchUp.lowMs,
            afterHighMs: plan.catchUp.highMs,
          },
        ]),
  ];
}

/** One sentence on how sure the demand behind a plan is. */
export function demandNote(plan: ParallelismPlan): Text {
  if (plan.isForBacklog)
    return text(
      `sized to work off the backlog beside the ${compact(plan.throughput.to)} records/s that arrive: once it is gone, fewer subtasks do`,
      `按在每秒到达 ${compact(plan.throughput.to)} 条记录的同时消化积压计算：积压消除后可减少子任务`,
    );
  return plan.demandKnown
    ? text(
        `sized for the ${compact(plan.throughput.to)} records/s that arrive, at ${percent(TARGET_UTILISATION)} busy`,
        `按每秒到达的 ${compact(plan.throughput.to)} 条记录、${percent(TARGET_UTILISATION)} 繁忙率计算`,
      )
    : text(
        'no source tells how much waits, so this is one step (at most double); look again after it',
        '没有源端报告等待量，因此只走一步（最多翻倍），之后再看',
      );
}
