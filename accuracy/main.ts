#!/usr/bin/env node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../cli/version.js';
import { playBundle } from './play.js';
import { rounded, scoreOf, shortfalls, type Floors } from './score.js';
import type { Verdict } from './trace.js';

/** Plays the labelled recordings of real clusters and prints how right Weir is. Other folders may be named. */
async function main(dirs: readonly string[]): Promise<number> {
  const own = join(PACKAGE_DIR, 'accuracy');
  // The file is our own, and its figures are compared below: a missing one shows as a shortfall.
  const floors = JSON.parse(readFileSync(join(own, 'floors.json'), 'utf8')) as Floors;
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
  const figures = Object.fromEntries(Object.entries(score).map(([figure, value]) => [figure, rounded(Number(value))]));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  const short = dirs.length === 0 ? shortfalls(score, floors) : [];
  for (const one of short) process.stdout.write(`SHORT: ${one}\n`);
  const isBad = ({ expected, isFirst, isPlaceFound, wrong }: Verdict): boolean =>
    wrong.length > 0 || (expected !== undefined && !(isFirst && isPlaceFound));
  const bad = verdicts.filter(isBad).length;
  process.stdout.write(`${verdicts.length - bad} as labelled, ${bad} not\n`);
  return short.length === 0 ? 0 : 1;
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
