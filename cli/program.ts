import { Command, CommanderError } from 'commander';
import { UsageError } from './config/load.js';
import { addAlerts } from './alerts.js';
import { addAnalyze } from './analyze.js';
import { addCheck } from './check.js';
import { addDemo } from './demo.js';
import { addKeyGroups } from './keygroups.js';
import { addLint } from './lint.js';
import { addMemory } from './memory.js';
import { addRecord } from './record.js';
import { addReport } from './report.js';
import { addRules } from './rules.js';
import { addServe } from './serve.js';
import { VERSION } from './version.js';

/** Exit codes: 0 done and clear, 1 findings, 2 could not run. */
const COULD_NOT_RUN = 2;

export function createProgram(): Command {
  const program = new Command('weir')
    .description(
      'Watches running Apache Flink jobs, names the true cause behind slow or unstable ones, and proposes the exact change.',
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(weir --help lists the commands)');
  addServe(program);
  addCheck(program);
  addRecord(program);
  addAnalyze(program);
  addRules(program);
  addAlerts(program);
  addReport(program);
  addLint(program);
  addMemory(program);
  addKeyGroups(program);
  addDemo(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

export async function run(argv: readonly string[]): Promise<void> {
  endWithItsReader();
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end well; commander has already said everything else.
      process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT_RUN;
      return;
    }
    if (error instanceof UsageError) {
      for (const problem of error.problems) process.stderr.write(`weir: ${problem}\n`);
    } else {
      process.stderr.write(`weir: ${error instanceof Error ? error.message : String(error)}\n`);
    }
    // A half-started service must not linger behind its error: one whose port is taken has an open store by then.
    process.exit(COULD_NOT_RUN);
  }
}

/** `weir rules list | head`: whoever reads has seen enough, which is no failure. */
function endWithItsReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
