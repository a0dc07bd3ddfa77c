import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { BURST_BUSY, burstsOf, REST_BUSY, type Bursts } from '../../analyzer/signals/bursts.js';
import { duration, percent, text, type Text } from '../../analyzer/text.js';
import type { FlinkVersion } from '../../collector/model/index.js';
import { pressureCounts } from '../support/pressure.js';
import { vertexSubject } from '../support/subjects.js';

export const bpBurstyWindow = defineRule({
  id: 'bp-bursty-window',
  category: 'backpressure',
  title: text('A vertex works in bursts', '某个顶点的工作集中在突发中'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag', 'checkpoints', 'history'],
  options: {
    // L14: .52 to 1 in its bursts, 0 between them; jobs that are not pressured were at .07 at most (CALIBRATION §2).
    pressure: {
      default: 0.3,
      unit: 'ratio',
      description: 'backpressure of its input in the bursts from which it is a warning',
    },
  },
  detect({ job, lag, checkpoints, history }, { pressure }) {
    if (isBeforeCounters(job.flinkVersion)) return { notEvaluated: GAUGES_ONLY };
    // While a backlog is worked off, pauses are those of the source (G2).
    if (!pressureCounts(lag)) return [];
    return burstsOf(history, job).map((bursts) => {
      const { vertexId, burstMs, periodMs, busyMean, busyInBursts, busyBetween, inputPressure, windowMs } = bursts;
      const name = job.vertexName(vertexId);
      const holds = inputPressure >= pressure;
      const hint = hintOf(bursts, checkpoints.config?.intervalMs);
      return {
        severity: holds ? ('warning' as const) : ('info' as const),
        confidence: holds ? 0.85 : 0.75,
        subject: vertexSubject(job, vertexId),
        title: text(
          `${name} works in bursts: ${duration(burstMs)} of every ${duration(periodMs)}`,
          `${name} 的工作集中在突发中：每 ${duration(periodMs)} 中有 ${duration(burstMs)}`,
        ),
        summary: text(
          `On average it is ${percent(busyMean)} busy, which is enough; in a burst it does nothing else${holds ? `, and its input waits (backpressure ${percent(inputPressure)})` : ''}. Its records come evenly, so the work is saved up: a window that computes all its keys when it ends, or a buffer that is flushed. Aggregate each record when it comes (AggregateFunction or reduce instead of a ProcessWindowFunction over a list), or give the windows different ends (an offset, WindowStagger).${hint.en}`,
          `平均繁忙率为 ${percent(busyMean)}，已足够；但突发期间它无法做其他事${holds ? `，上游在等待（反压 ${percent(inputPressure)}）` : ''}。其输入是均匀的，因此工作是被攒下来的：窗口结束时一次计算所有键，或缓冲被一次性刷出。请在记录到达时就聚合（用 AggregateFunction 或 reduce 代替对列表的 ProcessWindowFunction），或错开窗口的结束时间（offset、WindowStagger）。${hint['zh-CN']}`,
        ),
        evidence: [
          ...evidence('burstBusyRatio', busyInBursts, windowMs, ['>=', BURST_BUSY], { metric: 'busyRatio', vertexId }),
          ...evidence('restBusyRatio', busyBetween, windowMs, ['<=', REST_BUSY]),
          ...evidence('burstPeriodMs', periodMs, windowMs),
          ...evidence('burstMs', burstMs, windowMs),
          ...evidence('burstPressure', inputPressure, windowMs, ['>=', pressure]),
        ],
        wouldChange: [text('three minutes in which it is evenly busy', '三分钟内繁忙程度均匀')],
      };
    });
  },
  // How a window computes is code; more subtasks make its bursts shorter, and stand idle between them.
  advise: () => [],
});

const GAUGES_ONLY = text(
  'before Flink 1.16 there are no accumulated busy times, and gauges do not show bursts',
  'Flink 1.16 之前没有累计繁忙时间，而瞬时指标无法反映突发',
);

function isBeforeCounters(version: FlinkVersion | undefined): boolean {
  return version !== undefined && version.major === 1 && version.minor < 16;
}

/** As often as checkpoints begin: a sink that flushes with them looks the same. One reading may be ten seconds off. */
const SAME_PERIOD_MS = 5000;

function hintOf({ periodMs }: Bursts, intervalMs: number | undefined): Text {
  return intervalMs === undefined || Math.abs(periodMs - intervalMs) > SAME_PERIOD_MS
    ? text('', '')
    : text(
        ' It comes as often as a checkpoint: a sink that flushes with each looks the same.',
        '其周期与检查点相同：随检查点刷写的 Sink 表现也是如此。',
      );
}
