import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changedCases, sizedCases, type SizedCase } from './sizing/cases.js';
import { judgeCase, stepText, type SizedOutcome } from './sizing/judge.js';
import { SizedJob } from './sizing/play.js';
import { findRelease } from './versions.js';

/**
 * Jobs whose right size is known by construction, on real Flink: what Weir advises, when, whether it stands, and what comes of it
 * when it is applied. `--changes`: twenty more, for the intervals of what was predicted alone. An hour, two at a time.
 */

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

const { values } = parseArgs({
  options: {
    flink: { type: 'string', default: '1.20' },
    case: { type: 'string' },
    changes: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});
const release = findRelease(values.flink);
const named = values.case?.split(',');
const cases = (values.changes ? changedCases : sizedCases).filter(({ id }) => named?.includes(id) ?? true);

async function play(sized: SizedCase): Promise<SizedOutcome> {
  say(`${sized.id}: ${sized.title}`);
  let job: SizedJob | undefined;
  try {
    job = await SizedJob.start(sized, release, say);
    const outcome = await judgeCase(sized, job, {
      looks: values.changes ? 'change' : 'whole',
      say: (line) => say(`${sized.id}: ${line}`),
    });
    say(`${sized.id}: ${lineOf(outcome)}`);
    return outcome;
  } catch (error) {
    const { id, title } = sized;
    return { id, title, right: '', advised: [], titles: [], steps: [], problems: [String(error)] };
  } finally {
    await job?.stop();
  }
}

function lineOf({ right, firstAdviceSeconds, advised, titles, steps, problems }: SizedOutcome): string {
  const first = firstAdviceSeconds === undefined ? 'never' : `${Math.round(firstAdviceSeconds)} s`;
  return [
    `right ${right}`,
    `first advice ${first}`,
    `advised ${advised.join(', ') || 'no size'}`,
    ...steps.map(stepText),
    problems.length === 0 ? 'as it should be' : problems.join('; '),
    `(${titles.join(' | ') || 'nothing'})`,
  ].join('; ');
}

const isWithin = (seen: number | undefined, low: number | undefined, high: number | undefined): boolean =>
  seen !== undefined && low !== undefined && high !== undefined && seen >= low && seen <= high;

/** Two at a time: they wait and do not compute. One that computes runs when all others have ended. */
async function playAll(): Promise<readonly SizedOutcome[]> {
  const outcomes: SizedOutcome[] = [];
  const waiting = cases.filter(({ alone }) => alone !== true);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) outcomes.push(await play(next));
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, worker));
  for (const sized of cases.filter(({ alone }) => alone === true)) outcomes.push(await play(sized));
  return outcomes;
}

const outcomes = await playAll();
const steps = outcomes.flatMap((outcome) => outcome.steps);
const busyWithin = steps.filter(({ busy }) => isWithin(busy.seen, busy.low, busy.high)).length;
const caughtUp = steps.filter(({ catchUpSeconds }) => catchUpSeconds.high !== undefined);
const caughtUpWithin = caughtUp.filter(({ catchUpSeconds: { seen, low, high } }) => isWithin(seen, low, high)).length;
for (const outcome of outcomes) process.stdout.write(`${outcome.id}: ${lineOf(outcome)}\n`);
process.stdout.write(
  `${steps.length} changes applied; busy within the interval in ${busyWithin}, catch-up time in ${caughtUpWithin} of ${caughtUp.length}\n`,
);
if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(outcomes, undefined, 2));
const failed = outcomes.filter(({ problems }) => problems.length > 0).length;
process.stdout.write(`${outcomes.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
