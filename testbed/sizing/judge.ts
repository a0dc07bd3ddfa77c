import { setTimeout as delay } from 'node:timers/promises';
import type { SizeAdvice } from './advice.decode.js';
import type { SizedCase } from './cases.js';
import type { SizedJob } from './play.js';
import { aboutSize, extraSubtasks, isRightSize, resizesIn, sizeFor, vertexIdFor } from './verdict.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** As the promise has it: advice within three minutes, the same for five more, a healthy job left alone for thirty. */
const FIRST_ADVICE_MS = 180 * SECOND_MS;
const UNCHANGED_MS = 5 * MINUTE_MS;
const HEALTHY_MS = 30 * MINUTE_MS;
const STEPS_MAX = 4;
const CATCH_UP_MAX_MS = 20 * MINUTE_MS;
/** Readings of Flink's metrics are up to 10 s old and the interval between two is as long. */
const CAUGHT_UP_SECONDS = 2;
/** After a step the rules need their readings before they may ask for another one. */
const NEXT_STEP_MS = 3 * MINUTE_MS;
const BUSY_MAX = 0.8;

/** What one applied change was said to bring, and what it brought. */
export interface Step {
  readonly to: number;
  readonly busy: { readonly low?: number; readonly high?: number; readonly seen: number };
  readonly catchUpSeconds: { readonly low?: number; readonly high?: number; readonly seen?: number };
}

export interface SizedOutcome {
  readonly id: string;
  readonly title: string;
  readonly right: string;
  readonly firstAdviceSeconds?: number;
  /** Sizes that were advised in the five minutes after the first one, each once. */
  readonly advised: readonly number[];
  readonly titles: readonly string[];
  readonly steps: readonly Step[];
  readonly problems: readonly string[];
}

type Head = Pick<SizedOutcome, 'id' | 'title'>;

export function judgeCase(
  sized: SizedCase,
  job: SizedJob,
  { looks, say }: { readonly looks: 'whole' | 'change'; readonly say: (line: string) => void },
): Promise<SizedOutcome> {
  const { id, title, truth } = sized;
  if (truth === 'healthy') return judgeHealthy({ id, title }, job);
  if ('helps' in truth) return judgeHopeless({ id, title }, job, truth.helps);
  return judgeSized({ id, title }, { job, say }, truth, looks === 'whole' ? UNCHANGED_MS : 0);
}

async function judgeHealthy(head: Head, job: SizedJob): Promise<SizedOutcome> {
  const wrong = new Set<string>();
  await job.look(job.runsSinceMs + HEALTHY_MS, (advice) => {
    for (const { title } of aboutSize(advice)) wrong.add(title);
    return false;
  });
  const titles = [...wrong];
  return {
    ...head,
    right: 'no change',
    advised: [],
    titles,
    steps: [],
    problems: titles.map((one) => `advised: ${one}`),
  };
}

async function judgeHopeless(head: Head, job: SizedJob, helps: readonly string[]): Promise<SizedOutcome> {
  let [extra, firstMs] = [0, undefined as number | undefined];
  const titles = new Map<string, string>();
  await job.look(job.runsSinceMs + FIRST_ADVICE_MS + UNCHANGED_MS, (advice, atMs) => {
    extra = Math.max(extra, extraSubtasks(advice));
    if (advice.some(({ kind }) => helps.includes(kind))) firstMs ??= atMs;
    for (const { kind, title } of advice) titles.set(title, kind);
    return false;
  });
  const firstSeconds = firstMs === undefined ? undefined : (firstMs - job.runsSinceMs) / SECOND_MS;
  return {
    ...head,
    right: 'no size helps',
    ...(firstSeconds === undefined ? {} : { firstAdviceSeconds: firstSeconds }),
    advised: [],
    titles: [...titles].map(([title, kind]) => `${kind}: ${title}`),
    steps: [],
    problems: [
      ...(extra > 0 ? [`${extra} more subtasks advised, which cannot help`] : []),
      ...lateness(firstSeconds, `no advice of kind ${helps.join(' or ')}`),
    ],
  };
}

interface Watched {
  readonly job: SizedJob;
  readonly say: (line: string) => void;
}

async function judgeSized(
  head: Head,
  { job, say }: Watched,
  { operator, parallelism: right }: { readonly operator: string; readonly parallelism: number },
  unchangedMs: number,
): Promise<SizedOutcome> {
  const titles = new Set<string>();
  const advised = new Set<number>();
  let firstMs: number | undefined;
  let newest: readonly SizeAdvice[] = [];
  await job.look(job.runsSinceMs + 2 * FIRST_ADVICE_MS + unchangedMs, (advice, atMs) => {
    const size = sizeFor(operator, advice);
    if (size !== undefined) {
      firstMs ??= atMs;
      newest = advice;
      if (!advised.has(size)) say(`${Math.round((atMs - job.runsSinceMs) / SECOND_MS)} s: ${operator} → ${size}`);
      advised.add(size);
      for (const { title } of aboutSize(advice)) titles.add(title);
    }
    return firstMs !== undefined && atMs >= firstMs + unchangedMs;
  });
  const firstSeconds = firstMs === undefined ? undefined : (firstMs - job.runsSinceMs) / SECOND_MS;
  const steps = firstMs === undefined ? [] : await follow({ job, say }, operator, newest, titles);
  const sizes = [...advised];
  const end = steps.at(-1);
  return {
    ...head,
    right: String(right),
    ...(firstSeconds === undefined ? {} : { firstAdviceSeconds: firstSeconds }),
    advised: sizes,
    titles: [...titles],
    steps,
    problems: [
      ...lateness(firstSeconds, `no advice on ${operator}`),
      ...(sizes.length > 1 ? [`advice moved: ${sizes.join(', ')}`] : []),
      ...sizes.filter((size) => !isRightSize(size, right)).map((size) => `${size} advised where ${right} is right`),
      ...(end !== undefined && end.busy.seen > BUSY_MAX
        ? [`busiest subtask ${end.busy.seen.toFixed(2)} in the end`]
        : []),
    ],
  };
}

const near = (value: number | undefined): string => (value === undefined ? '?' : value.toFixed(value < 10 ? 2 : 0));

export const stepText = ({ to, busy, catchUpSeconds }: Step): string =>
  `→ ${to}: busy ${near(busy.seen)} (${near(busy.low)}–${near(busy.high)})` +
  (catchUpSeconds.high === undefined
    ? ''
    : `, caught up after ${near(catchUpSeconds.seen)} s (${near(catchUpSeconds.low)}–${near(catchUpSeconds.high)})`);

const lateness = (seconds: number | undefined, nothing: string): readonly string[] =>
  seconds === undefined
    ? [nothing]
    : seconds * SECOND_MS > FIRST_ADVICE_MS
      ? [`first advice after ${Math.round(seconds)} s`]
      : [];

/** Applies what is advised until nothing more is. */
async function follow(
  { job, say }: Watched,
  operator: string,
  first: readonly SizeAdvice[],
  titles: Set<string>,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  let advice = first;
  while (steps.length < STEPS_MAX && resizesIn(advice).length > 0) {
    const step = await applied(job, operator, advice);
    say(stepText(step));
    steps.push(step);
    let next: readonly SizeAdvice[] = [];
    await job.look(Date.now() + NEXT_STEP_MS, (now) => {
      next = resizesIn(now).length > 0 ? now : next;
      return next.length > 0;
    });
    for (const { title } of aboutSize(next)) titles.add(title);
    advice = next;
  }
  return steps;
}

async function applied(job: SizedJob, operator: string, advice: readonly SizeAdvice[]): Promise<Step> {
  const expected = advice.flatMap((one) => (sizeFor(operator, [one]) === undefined ? [] : one.expected));
  const vertexId = vertexIdFor(operator, advice);
  const busy = expected.find((effect) => effect.metric === 'busyRatio' && (effect.vertexId ?? vertexId) === vertexId);
  const catchUp = expected.find(({ afterMs }) => afterMs !== undefined);
  const beganMs = Date.now();
  await job.apply(advice);
  const caughtUpSeconds = await untilCaughtUp(job, operator, beganMs);
  const seenSeconds = catchUp === undefined ? undefined : caughtUpSeconds;
  return {
    to: await job.parallelismOf(operator),
    busy: { ...bounds(busy?.low, busy?.high), seen: await job.busiest(operator) },
    catchUpSeconds: {
      ...bounds(seconds(catchUp?.afterLowMs), seconds(catchUp?.afterHighMs)),
      ...(seenSeconds === undefined ? {} : { seen: seenSeconds }),
    },
  };
}

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / SECOND_MS);

const bounds = (low: number | undefined, high: number | undefined): { low?: number; high?: number } => ({
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
});

/** Two seconds of input and less. */
const IN_FLIGHT_MAX_RECORDS = 200;
/** Right after a change all counters are zero, and Weir's lag is of before; its beat and Flink's fetch are of ten seconds each. */
const FIRST_LOOK_MS = 25_000;

/** Seconds until no input waits any more, neither at the source nor in buffers; undefined: not within the limit. */
async function untilCaughtUp(job: SizedJob, operator: string, beganMs: number): Promise<number | undefined> {
  await delay(FIRST_LOOK_MS);
  while (Date.now() < beganMs + CATCH_UP_MAX_MS) {
    const lag = await job.lagSeconds();
    const waiting = await job.inFlightRecords(operator);
    if (lag !== undefined && lag <= CAUGHT_UP_SECONDS && waiting <= IN_FLIGHT_MAX_RECORDS)
      return (Date.now() - beganMs) / SECOND_MS;
    await delay(2 * SECOND_MS);
  }
  return undefined;
}
