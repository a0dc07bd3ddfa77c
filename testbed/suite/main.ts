#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs';
import { choose, type Choice } from './choice.js';
import { parseSuiteOptions } from './options.js';
import { runScenario, type Outcome } from './run-scenario.js';
import { runAll } from './schedule.js';
import { renderTable, summary } from './table.js';
import { weirProgram } from './weir-process.js';

/** Progress goes to stderr, so that stdout holds the table and nothing else. */
const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

async function main(): Promise<number> {
  const options = parseSuiteOptions(process.argv.slice(2));
  const { all, allVersions, flink, scenario } = options;
  const chosen = choose({
    all,
    allVersions,
    ...(flink ? { flink } : {}),
    ...(scenario ? { scenarios: scenario } : {}),
  });
  weirProgram();
  if (options.bundles !== undefined) mkdirSync(options.bundles, { recursive: true });
  const outcomes = await runAll(chosen, Math.floor(options.parallel), isAlone, async (choice) => {
    const name = `${choice.scenario.id} on Flink ${choice.release.version}`;
    say(`${name}: begins`);
    const outcome = await runScenario(choice, {
      healthyMs: options.healthyMinutes * 60_000,
      check: options.check,
      everyRequest: allVersions,
      reporters: options.reporters,
      ...(options.bundles === undefined ? {} : { bundles: options.bundles }),
      say: (line) => say(`${name}: ${line}`),
    });
    say(`${name}: ${describe(outcome)}`);
    return outcome;
  });
  const { line, failed } = summary(outcomes, chosen.length);
  if (options.out !== undefined) writeFileSync(options.out, JSON.stringify({ outcomes }, undefined, 2) + '\n');
  process.stdout.write(`${renderTable(outcomes)}\n${line}\n`);
  return failed === 0 ? 0 : 1;
}

function isAlone(choice: Choice): boolean {
  return choice.scenario.alone === true;
}

function describe(outcome: Outcome): string {
  if (!outcome.passed) return `FAILED: ${outcome.reasons.join('; ')}`;
  return outcome.seconds === undefined ? 'passed' : `passed, ${outcome.seconds.toFixed(0)} s`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
