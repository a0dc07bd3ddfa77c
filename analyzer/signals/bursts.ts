import { figureIn, type Frame, type JobHistory } from '../../collector/model/index.js';
import { mean, median, present, sum } from '../numbers.js';
import type { JobFacts } from './job-facts.js';
import { settleMsOf } from './load.js';
import { oncePerReading } from './per-reading.js';
import { clockMsOf, growthOf, VertexWindow } from './vertex-window.js';

/** As long as all readings are held: older ones are a minute apart, and a burst falls between two of them. */
export const BURST_WINDOW_MS = 175_000;
/**
 * L14 (12 s of work every 30 s, read every ten): steps of .90 to 1.00, of .50, and of .01 to .05. A burst that lies over the border
 * of two steps fills neither, so half a step counts; rest is half of that, and five times what was seen.
 */
export const BURST_BUSY = 0.5;
export const REST_BUSY = 0.25;
/** Below, the bursts cost little; above, there is hardly a rest (diagnosis §5.1: .3 to .8; L14: .42). */
const MEAN_BUSY_MIN = 0.25;
const MEAN_BUSY_MAX = 0.8;
/** Two may be a coincidence; from the third on there is a period. */
const BURSTS_MIN = 3;
/** Readings further apart than this would hold a burst and a rest in one. */
const STEP_MAX_MS = 25_000;
/** Times between bursts differ by one step at most where they come of a clock: L14 30 s, read every ten. */
const PERIOD_SLACK_MS = 12_000;
/**
 * While a window fires, the task takes no records in. Work that comes with the records (a producer in bursts) has several times the mean
 * rate in its busy steps.
 */
const INPUT_SHARE_MAX = 1.25;
/** A vertex that is itself held back does not work in bursts; it is let go in bursts. */
const OWN_PRESSURE_MAX = 0.2;

/** A vertex whose work comes in bursts of its own. */
export interface Bursts {
  readonly vertexId: string;
  readonly subtasks: readonly number[];
  readonly count: number;
  /** From the begin of one burst to that of the next. */
  readonly periodMs: number;
  /** Work of one period, of the busiest subtask: what a burst takes. */
  readonly burstMs: number;
  readonly busyMean: number;
  readonly busyInBursts: number;
  readonly busyBetween: number;
  /** Highest pressure of an input, in the steps of the bursts and in those between. */
  readonly inputPressure: number;
  readonly inputPressureBetween: number;
  readonly windowMs: number;
}

/** One step between two readings, as shares of the task's own time. */
interface Step {
  readonly fromMs: number;
  readonly toMs: number;
  readonly busy: number;
  readonly pressure: number;
  readonly recordsIn: number;
}

interface SubtaskBursts {
  readonly subtask: number;
  readonly steps: readonly Step[];
  readonly count: number;
  readonly periodMs: number;
  readonly busyMean: number;
}

/** Vertices with inputs that work in bursts while their records come evenly. */
export function burstsOf(history: JobHistory, { topology }: JobFacts): readonly Bursts[] {
  const settleMs = settleMsOf(history);
  const byId = new Map(history.vertices.map((vertex) => [vertex.vertexId, vertex]));
  return history.vertices.flatMap((vertex) => {
    const bursty = topology.isSource(vertex.vertexId) ? NO_BURSTS : burstySubtasks(vertex, settleMs);
    if (bursty.length === 0) return [];
    const inputs = present(topology.inputsOf(vertex.vertexId).map(({ fromVertexId }) => byId.get(fromVertexId)));
    const [busiest] = [...bursty].sort((a, b) => b.busyMean - a.busyMean);
    if (busiest === undefined || inputs.length === 0) return [];
    const isBurst = ({ busy }: Step): boolean => busy >= BURST_BUSY;
    const bursts = busiest.steps.filter(isBurst);
    const between = busiest.steps.filter(({ busy }) => busy <= REST_BUSY);
    const inputSteps = inputs.flatMap((input) => allSteps(input, settleMs));
    return [
      {
        vertexId: vertex.vertexId,
        subtasks: bursty.map(({ subtask }) => subtask),
        count: busiest.count,
        periodMs: busiest.periodMs,
        burstMs: busiest.busyMean * busiest.periodMs,
        busyMean: busiest.busyMean,
        busyInBursts: mean(bursts.map(({ busy }) => busy)) ?? 0,
        busyBetween: mean(between.map(({ busy }) => busy)) ?? 0,
        inputPressure: pressureDuring(bursts, inputSteps),
        inputPressureBetween: pressureDuring(between, inputSteps),
        windowMs: (busiest.steps.at(-1)?.toMs ?? 0) - (busiest.steps[0]?.fromMs ?? 0),
      },
    ];
  });
}

/** Mean busy of the whole window outside which no bursts are looked for: whole periods make half of it at least. */
const WINDOW_BUSY_MIN = MEAN_BUSY_MIN / 2;
const WINDOW_BUSY_MAX = (1 + MEAN_BUSY_MAX) / 2;

const burstySubtasks = oncePerReading((vertex, settleMs: number): readonly SubtaskBursts[] => {
  const window = new VertexWindow(vertex, BURST_WINDOW_MS, settleMs);
  // So few steps hold no period: a calm vertex, which is read once a minute, is asked no more.
  if (window.mostReadings <= BURSTS_MIN) return NO_BURSTS;
  const [busy, clock] = [window.growth('busyMs'), window.clockMs()];
  const bursty: SubtaskBursts[] = [];
  for (let subtask = 0; subtask < window.width; subtask += 1) {
    const share = (busy[subtask] ?? Number.NaN) / (clock[subtask] ?? Number.NaN);
    if (!(share >= WINDOW_BUSY_MIN && share <= WINDOW_BUSY_MAX) || !hasBusySteps(window, subtask)) continue;
    const found = burstsIn(subtask, stepsIn(window, subtask));
    if (found !== undefined) bursty.push(found);
  }
  return bursty;
});

const NO_BURSTS: readonly SubtaskBursts[] = [];

/** Whether so many steps are busy that there may be a burst in each: most vertices have none, and are asked no more. */
function hasBusySteps(window: VertexWindow, subtask: number): boolean {
  const readings = window.readings(subtask);
  let found = 0;
  for (let i = 1; i < readings.length && found < BURSTS_MIN; i += 1) {
    const [before, after] = [readings[i - 1] as Frame, readings[i] as Frame]; // In range.
    const busyMs = figureIn(after, 'busyMs', subtask) - figureIn(before, 'busyMs', subtask);
    // By the wall clock, and half as busy: the clock of the task is looked at later.
    if (busyMs >= (BURST_BUSY / 2) * (after.atMs - before.atMs)) found += 1;
  }
  return found >= BURSTS_MIN;
}

/** Of all subtasks. */
const allSteps = oncePerReading((vertex, settleMs: number): readonly Step[] => {
  const window = new VertexWindow(vertex, BURST_WINDOW_MS, settleMs);
  return Array.from({ length: window.width }, (_, subtask) => stepsIn(window, subtask)).flat();
});

function stepsIn(window: VertexWindow, subtask: number): readonly Step[] {
  const readings = window.readings(subtask).filter(({ atMs }) => atMs >= window.newestMs - BURST_WINDOW_MS);
  return present(readings.slice(1).map((reading, i) => stepOf([readings[i] as Frame, reading], subtask))); // In range: i is one less.
}

function stepOf(pair: readonly [Frame, Frame], subtask: number): Step | undefined {
  const clockMs = clockMsOf(pair, subtask);
  const busyMs = growthOf(pair, 'busyMs', subtask);
  const pressedMs = growthOf(pair, 'backPressuredMs', subtask);
  if (clockMs === undefined || clockMs <= 0 || Number.isNaN(busyMs) || Number.isNaN(pressedMs)) return undefined;
  const records = growthOf(pair, 'recordsIn', subtask);
  return {
    fromMs: pair[0].atMs,
    toMs: pair[1].atMs,
    busy: busyMs / clockMs,
    pressure: pressedMs / clockMs,
    recordsIn: ((Number.isNaN(records) ? 0 : records) / clockMs) * 1000,
  };
}

function burstsIn(subtask: number, steps: readonly Step[]): SubtaskBursts | undefined {
  if (steps.some(({ fromMs, toMs }) => toMs - fromMs > STEP_MAX_MS)) return undefined;
  const runs = runsOf(steps);
  const gaps = present(runs.slice(1).map((run, i) => gapBetween(runs[i], run)));
  const periodMs = median(gaps);
  if (runs.length < BURSTS_MIN || periodMs === undefined || gaps.length < BURSTS_MIN - 1) return undefined;
  if (gaps.some((gap) => Math.abs(gap - periodMs) > PERIOD_SLACK_MS)) return undefined;
  const busyMean = meanOfPeriods(steps, periodMs);
  if (busyMean < MEAN_BUSY_MIN || busyMean > MEAN_BUSY_MAX) return undefined;
  const during = steps.filter(({ busy }) => busy >= BURST_BUSY);
  const rate = mean(steps.map(({ recordsIn }) => recordsIn)) ?? 0;
  if ((mean(during.map(({ recordsIn }) => recordsIn)) ?? 0) > INPUT_SHARE_MAX * rate) return undefined;
  if ((mean(during.map(({ pressure }) => pressure)) ?? 0) >= OWN_PRESSURE_MAX) return undefined;
  return { subtask, steps, count: runs.length, periodMs, busyMean };
}

/** One burst, from rest to rest; one under way at the first or last reading has no begin, or no end. */
interface Run {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

function runsOf(steps: readonly Step[]): readonly Run[] {
  const runs: Run[] = [];
  let restMs: number | undefined;
  let open: { fromMs: number | undefined } | undefined;
  for (const { fromMs, toMs, busy } of steps) {
    if (busy >= BURST_BUSY) open ??= { fromMs: restMs === undefined ? undefined : fromMs };
    if (busy > REST_BUSY) continue;
    if (open !== undefined) runs.push({ fromMs: open.fromMs, toMs: fromMs });
    open = undefined;
    restMs = toMs;
  }
  return open === undefined ? runs : [...runs, { fromMs: open.fromMs, toMs: undefined }];
}

function gapBetween(before: Run | undefined, after: Run): number | undefined {
  if (before?.fromMs !== undefined && after.fromMs !== undefined) return after.fromMs - before.fromMs;
  return before?.toMs === undefined || after.toMs === undefined ? undefined : after.toMs - before.toMs;
}

/** Over as many whole periods as there are, back from the newest reading: half a period more would be all burst or all rest. */
function meanOfPeriods(steps: readonly Step[], periodMs: number): number {
  const toMs = steps.at(-1)?.toMs ?? 0;
  const periods = Math.max(1, Math.floor((toMs - (steps[0]?.fromMs ?? 0)) / periodMs));
  const whole = steps.filter((step) => step.fromMs >= toMs - periods * periodMs);
  const coveredMs = sum(whole.map((step) => step.toMs - step.fromMs));
  return sum(whole.map((step) => step.busy * (step.toMs - step.fromMs))) / Math.max(1, coveredMs);
}

/** Mean pressure of the most pressed reader of the inputs while these steps lasted. */
function pressureDuring(steps: readonly Step[], inputs: readonly Step[]): number {
  const most = steps.map(({ fromMs, toMs }) =>
    Math.max(
      0,
      ...inputs.filter((input) => input.fromMs < toMs && input.toMs > fromMs).map(({ pressure }) => pressure),
    ),
  );
  return mean(most) ?? 0;
}
