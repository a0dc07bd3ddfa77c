import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import type { JobHistory } from '../../collector/model/index.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { anatomyOf, type CheckpointAnatomy } from '../../analyzer/signals/checkpoints.js';
import { forecastOf, toldForecast, type Forecast } from '../../analyzer/signals/forecast.js';
import { growingPhaseOf } from '../../analyzer/signals/growing-phase.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { stateTrendOf, type StateTrend } from '../../analyzer/signals/state-trend.js';
import { present } from '../../analyzer/numbers.js';
import { bytes, duration, percent, text } from '../../analyzer/text.js';
import { byClock, forecastEvidence, inTime } from '../support/forecast-words.js';

const DAY_MS = 86_400_000;
/** Nothing is forecast further than this. */
const FAR_MS = 30 * DAY_MS;

export const stateGrowth = defineRule({
  id: 'state-growth',
  category: 'state',
  title: text('The state grows without an end in sight', '状态持续增长'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    // Diagnosis §5.6: +20 % a day over a straight line that does not level off. L41 was flat after 98 s, L40 grew with R² 1.0.
    growthPerDay: {
      default: 0.2,
      unit: 'ratio',
      description: 'growth of the state in a day, of its size, from which it counts',
    },
    grownRatio: { default: 0.05, unit: 'ratio', description: 'growth that was seen within the window, at least' },
    fit: { default: 0.9, unit: 'ratio', description: 'share of the growth that a straight line explains, at least' },
    minBytes: { default: 100 * 1024 ** 2, unit: 'bytes', description: 'state below which growth concerns nobody yet' },
    windowMs: { default: 1_800_000, unit: 'ms', description: 'time that the checkpoints looked at must cover' },
    settleMs: { default: 3_600_000, unit: 'ms', description: 'how long after a start windows and TTL may still fill' },
    warningMs: {
      default: 7 * DAY_MS,
      unit: 'ms',
      description: 'time until checkpoints reach their timeout from which it is a warning',
    },
    criticalMs: { default: DAY_MS, unit: 'ms', description: 'the same, critical' },
  },
  detect({ job, checkpoints, history, nowMs }, limits) {
    const runningMs = job.allRunningSinceMs ?? nowMs;
    const trend = stateTrendOf(history, runningMs + limits.settleMs);
    if (trend === undefined || trend.windowMs < limits.windowMs) {
      const early = earlyGrowth(stateTrendOf(history, runningMs + EARLY.settleMs, EARLY.points));
      if (early !== undefined) return [early];
      return {
        notEvaluated: text(
          `the trend of the state needs 24 completed checkpoints over ${duration(limits.windowMs)}, from ${duration(limits.settleMs)} after the start on`,
          `判断状态趋势需要启动 ${duration(limits.settleMs)} 之后、跨度 ${duration(limits.windowMs)} 的 24 个成功检查点`,
        ),
      };
    }
    const perDay = (trend.bytesPerMs * DAY_MS) / Math.max(1, trend.bytes);
    const grown = (trend.bytesPerMs * trend.windowMs) / Math.max(1, trend.bytes);
    const isGrowing = trend.fit >= limits.fit && trend.lastThird >= 0.5 && grown >= limits.grownRatio;
    if (!isGrowing || perDay < limits.growthPerDay || trend.bytes < limits.minBytes) return [];
    // The duration has to rise as steadily as the state before it says when the timeout comes.
    const timeoutMs = checkpoints.config?.timeoutMs;
    const leftMs =
      timeoutMs === undefined || trend.durationFit < limits.fit / 2 || trend.durationSlope <= 0
        ? undefined
        : (timeoutMs - trend.durationMs) / trend.durationSlope;
    const isNear = leftMs !== undefined && leftMs < FAR_MS;
    const timeout = isNear ? timeoutForecast(trend, timeoutMs, nowMs) : undefined;
    const told = toldForecast(timeout);
    const when = told === undefined ? undefined : { in: inTime(told), at: byClock(told, nowMs) };
    const growing = isNear ? growingPhaseOf(anatomiesOf(history, job)) : undefined;
    const phase =
      growing === undefined
        ? undefined
        : { label: labelOf(`${growing.phase}Ms`), at: job.vertexName(growing.vertexId) };
    const severity =
      !isNear || leftMs > limits.warningMs ? 'info' : leftMs <= limits.criticalMs ? 'critical' : 'warning';
    const finding: Verdict = {
      severity,
      confidence: Math.min(0.9, trend.fit),
      subject: { kind: 'job' },
      title:
        when === undefined
          ? text(
              `The state grows by ${bytes(trend.bytesPerMs * 3_600_000)} an hour${isNear ? ', and checkpoints take longer' : ''}`,
              `状态每小时增长 ${bytes(trend.bytesPerMs * 3_600_000)}${isNear ? '，检查点耗时随之增长' : ''}`,
            )
          : text(
              `The state grows; checkpoints reach their timeout ${when.in.en}`,
              `状态持续增长，检查点${when.in['zh-CN']}达到超时`,
            ),
      summary: text(
        `${bytes(trend.bytes)} now, ${percent(perDay)} of that more in a day, in a straight line over ${duration(trend.windowMs)}${isNear ? `; a checkpoint takes ${duration(trend.durationMs)} now` : ''}${when === undefined ? '' : ` and its timeout of ${duration(timeoutMs ?? 0)} at ${when.at.en}`}.${phase === undefined ? '' : ` What grows is the ${phase.label.en}, at ${phase.at}.`} Keys that are never removed grow for ever: give the state a time to live (StateTtlConfig, for SQL table.exec.state.ttl), or shorten windows and allowed lateness.`,
        `当前 ${bytes(trend.bytes)}，按 ${duration(trend.windowMs)} 内的直线趋势每天再增 ${percent(perDay)}${isNear ? `；当前检查点耗时 ${duration(trend.durationMs)}` : ''}${when === undefined ? '' : `，${when.at['zh-CN']} 达到 ${duration(timeoutMs ?? 0)} 的超时`}。${phase === undefined ? '' : `增长的是 ${phase.at} 的${phase.label['zh-CN']}。`}从不删除的键会一直增长：请为状态设置存活时间（StateTtlConfig，SQL 用 table.exec.state.ttl），或缩短窗口与允许延迟。`,
      ),
      evidence: [
        ...evidence('stateBytes', trend.bytes, trend.windowMs, ['>=', limits.minBytes]),
        ...evidence('stateGrowthPerDay', perDay, trend.windowMs, ['>=', limits.growthPerDay]),
        ...evidence('trendFit', trend.fit, trend.windowMs, ['>=', limits.fit]),
        ...evidence('checkpointMs', trend.durationMs, trend.windowMs),
        ...forecastEvidence('timeoutIn', timeout ?? {}, trend.windowMs),
      ],
      wouldChange: [text('the state levels off', '状态趋于平稳')],
    };
    return [finding];
  },
  // How long a key is needed only its owner knows; a wrong TTL gives wrong results.
  advise: () => [],
});

/** When the line of the durations reaches the timeout. */
function timeoutForecast(
  { durationLine }: StateTrend,
  timeoutMs: number | undefined,
  nowMs: number,
): Forecast | undefined {
  if (durationLine === undefined || timeoutMs === undefined) return undefined;
  return forecastOf(durationLine, { value: timeoutMs, from: 'below' }, nowMs);
}

/** Of all whose phases are held. */
const anatomiesOf = ({ checkpoints }: JobHistory, { topology }: JobFacts): readonly CheckpointAnatomy[] =>
  present(checkpoints.filter(({ isSavepoint }) => !isSavepoint).map((checkpoint) => anatomyOf(checkpoint, topology)));

/**
 * In the first hour a state that fills its windows grows as well: only a word, and only of a line that hardly bends. L40
 * (1.20): 37 kB/s at R² 1.0, three quarters of the state within four minutes; L41, with a TTL of a minute: flat after 98 s.
 */
const EARLY = {
  settleMs: 60_000,
  points: 15,
  windowMs: 150_000,
  fit: 0.98,
  lastThird: 0.75,
  grownRatio: 0.3,
  bytesPerDay: 2 ** 30,
};
const EARLY_CONFIDENCE = 0.5;

function earlyGrowth(trend: StateTrend | undefined): Verdict | undefined {
  if (trend === undefined || trend.windowMs < EARLY.windowMs) return undefined;
  const grown = (trend.bytesPerMs * trend.windowMs) / Math.max(1, trend.bytes);
  const isStraight = trend.fit >= EARLY.fit && trend.lastThird >= EARLY.lastThird;
  if (!isStraight || grown < EARLY.grownRatio || trend.bytesPerMs * DAY_MS < EARLY.bytesPerDay) return undefined;
  const [hourly, daily] = [bytes(trend.bytesPerMs * 3_600_000), bytes(trend.bytesPerMs * DAY_MS)];
  return {
    severity: 'info',
    confidence: EARLY_CONFIDENCE,
    subject: { kind: 'job' },
    title: text(`The state grows by ${hourly} an hour since the start`, `启动以来状态每小时增长 ${hourly}`),
    summary: text(
      `${bytes(trend.bytes)} now, in a straight line over ${duration(trend.windowMs)}; at this pace ${daily} more in a day. Windows and times to live may still fill: look again after an hour. If keys are never removed, give the state a time to live (StateTtlConfig, for SQL table.exec.state.ttl).`,
      `当前 ${bytes(trend.bytes)}，${duration(trend.windowMs)} 内呈直线增长；按此速度每天再增 ${daily}。窗口与存活时间可能仍在填充：一小时后再看。若键从不删除，请为状态设置存活时间（StateTtlConfig，SQL 用 table.exec.state.ttl）。`,
    ),
    evidence: [
      ...evidence('stateBytes', trend.bytes, trend.windowMs),
      ...evidence('stateGrowthPerDay', (trend.bytesPerMs * DAY_MS) / Math.max(1, trend.bytes), trend.windowMs),
      ...evidence('trendFit', trend.fit, trend.windowMs, ['>=', EARLY.fit]),
    ],
    wouldChange: [text('the state levels off', '状态趋于平稳')],
  };
}
