#!/usr/bin/env node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PACKAGE_DIR } from '../cli/version.js';
import { playBundle } from './play.js';
import { rounded, scoreOf, shortfalls, type Floors, type Score } from './score.js';
import { playAll } from './seeds/pool.js';
import { seedTasks, type SeedTask } from './seeds/seed-task.js';
import { healthyFlips, healthyLine, kindLines, missLines, seedShortfalls } from './seeds/summary.js';
import type { Verdict } from './trace.js';

/** Seeds of each kind of fault and healthy job-days: what is played each time, and with `--all`. */
const QUICK = { seeds: 10, 'job-days': 5 };
const ALL = { seeds: 200, 'job-days': 1000 };

/**
 * Plays the labelled recordings of real clusters and simulated jobs, and prints how right Weir is: `--all` for every seed of
 * the latter, `--seeds` and `--job-days` for so many, from `--first-seed` on. Other folders of recordings may be named instead.
 */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals: dirs } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean' },
      seeds: { type: 'string' },
      'job-days': { type: 'string' },
      'first-seed': { type: 'string' },
    },
  });
  const least = values.all === true ? ALL : QUICK;
  const [perKind, jobDays] = [count(values.seeds, least.seeds), count(values['job-days'], least['job-days'])];
  const recordings = await recordingsFrom(dirs);
  const tasks = seedTasks(perKind, jobDays, count(values['first-seed'], 0));
  return dirs.length > 0 ? recordings : Math.max(recordings, await seeds(tasks));
}

function count(flag: string | undefined, otherwise: number): number {
  const number = flag === undefined ? otherwise : Number(flag);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${flag ?? ''}: must be a whole number, 0 or more`);
  return number;
}

async function recordingsFrom(dirs: readonly string[]): Promise<number> {
  const own = join(PACKAGE_DIR, 'accuracy');
  const { recordings: floors } = readFloors();
  const folders = dirs.length === 0 ? [join(own, 'bundles')] : dirs;
  const files = folders.flatMap((dir) =>
    readdirSync(dir)
      .filter((name) => name.endsWith('.weir.gz'))
      .sort()
      .map((name) => join(dir, name)),
  );
  const verdicts: Verdict[] = [];
  for (const file of files) {
    const verdict = await playBundle(file);
    verdicts.push(verdict);
    process.stdout.write(`${line(verdict)}\n`);
  }
  const score = scoreOf(verdicts);
  writeFigures(score);
  const short = dirs.length === 0 ? shortfalls(score, floors) : [];
  for (const one of short) process.stdout.write(`SHORT: ${one}\n`);
  const isBad = ({ expected, isFirst, isPlaceFound, wrong }: Verdict): boolean =>
    wrong.length > 0 || (expected !== undefined && !(isFirst && isPlaceFound));
  const bad = verdicts.filter(isBad).length;
  process.stdout.write(`${verdicts.length - bad} as labelled, ${bad} not\n`);
  return short.length === 0 ? 0 : 1;
}

/** A line for each seed that went wrong, as it is played, for each kind of fault, and one of JSON. */
async function seeds(tasks: readonly SeedTask[]): Promise<number> {
  const startedMs = performance.now();
  let toldMs = startedMs;
  const verdicts = await playAll(tasks, (verdict, played) => {
    for (const one of missLines([verdict])) process.stdout.write(`${one}\n`);
    if (performance.now() - toldMs < PROGRESS_MS && played < tasks.length) return;
    toldMs = performance.now();
    process.stderr.write(`${played} of ${tasks.length} seeds after ${Math.round((toldMs - startedMs) / 1000)} s\n`);
  });
  const score = scoreOf(verdicts);
  const flips = healthyFlips(verdicts);
  for (const one of [...kindLines(verdicts), healthyLine(score, flips)]) process.stdout.write(`${one}\n`);
  writeFigures(score);
  const short = seedShortfalls(verdicts, readFloors().seeds);
  for (const one of short) process.stdout.write(`SHORT: seeds: ${one}\n`);
  return short.length === 0 ? 0 : 1;
}

const PROGRESS_MS = 10_000;

// The file is our own, and its figures are compared: a missing one shows as a shortfall.
const readFloors = (): Readonly<Record<'recordings' | 'seeds', Floors>> =>
  JSON.parse(readFileSync(join(PACKAGE_DIR, 'accuracy', 'floors.json'), 'utf8')) as Record<
    'recordings' | 'seeds',
    Floors
  >;

function writeFigures(score: Score): void {
  const figures = Object.fromEntries(Object.entries(score).map(([figure, value]) => [figure, rounded(Number(value))]));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

function line({ scenario, flink, expected, first, isFirst, isPlaceFound, seconds, wrong, flips }: Verdict): string {
  const found =
    expected === undefined
      ? wrong.length === 0
        ? 'silent'
        : 'ALARM'
      : isPlaceFound
        ? isFirst
          ? `found after ${Math.round(seconds ?? 0)} s`
          : `found after ${Math.round(seconds ?? 0)} s, NOT FIRST (${first ?? 'nothing'})`
        : `MISSED (${first ?? 'nothing'})`;
  return [
    `${scenario} ${flink}: ${expected ?? 'nothing'}: ${found}`,
    ...wrong.map(({ finding }) => `wrong: ${finding}`),
    ...(flips === 0 ? [] : [`${flips} flip(s)`]),
  ].join('; ');
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
