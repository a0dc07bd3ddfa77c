#!/usr/bin/env node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../cli/version.js';
import { playBundle } from './play.js';
import { rounded, scoreOf, shortfalls, type Floors, type Score } from './score.js';
import { playAll } from './seeds/pool.js';
import { seedTasks } from './seeds/seed-task.js';
import { healthyFlips, healthyLine, kindLines, missLines, seedShortfalls } from './seeds/summary.js';
import type { Verdict } from './trace.js';

/** Of the seeds of `--all` a twentieth is played each time. */
const SEEDS_PER_KIND = 200;
const JOB_DAYS = 1000;
const QUICK_SHARE = 1 / 20;

/**
 * Plays the labelled recordings of real clusters and simulated jobs, and prints how right Weir is: `--all` for every seed of
 * the latter. Other folders of recordings may be named instead.
 */
async function main(args: readonly string[]): Promise<number> {
  const all = args.includes('--all');
  const dirs = args.filter((arg) => arg !== '--all');
  const recordings = await recordingsFrom(dirs);
  if (dirs.length > 0) return recordings;
  return Math.max(recordings, await seeds(all ? 1 : QUICK_SHARE));
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

/** A line for each kind of fault, each seed that went wrong, and one of JSON. */
async function seeds(share: number): Promise<number> {
  const tasks = seedTasks(SEEDS_PER_KIND * share, JOB_DAYS * share);
  const startedMs = performance.now();
  let toldMs = startedMs;
  const verdicts = await playAll(tasks, (played) => {
    if (performance.now() - toldMs < PROGRESS_MS && played < tasks.length) return;
    toldMs = performance.now();
    process.stderr.write(`${played} of ${tasks.length} seeds after ${Math.round((toldMs - startedMs) / 1000)} s\n`);
  });
  const score = scoreOf(verdicts);
  const flips = healthyFlips(verdicts);
  for (const one of [...missLines(verdicts), ...kindLines(verdicts), healthyLine(score, flips)])
    process.stdout.write(`${one}\n`);
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
