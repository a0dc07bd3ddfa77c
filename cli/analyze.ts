import type { Command } from 'commander';
import { RULES } from '../rules/index.js';
import { checkReport } from './check-report.js';
import { plain } from './check-words.js';
import { UsageError } from './config/load.js';
import { firmest } from './firmest.js';
import { isAtLeast, outputFlags, outputFrom, render, type OutputFlags } from './report-output.js';
import { replayFile, type ReplayedBundle } from './replay-bundle.js';
import { VERSION } from './version.js';

interface AnalyzeFlags extends OutputFlags {
  readonly job?: string;
}

const OPTIONS = { rules: RULES, settings: {}, disabled: [] };
/** Names in a message about a job that is not there. */
const MAX_NAMES = 20;

export function addAnalyze(program: Command): void {
  outputFlags(
    program
      .command('analyze <file>')
      .description('diagnose a bundle that weir record took, without its cluster; report and exit codes as of check')
      .option('--job <name>', 'only the job with this name or id'),
  ).action(async (file: string, flags: AnalyzeFlags) => {
    process.exitCode = await analyze(file, flags);
  });
}

async function analyze(file: string, flags: AnalyzeFlags): Promise<number> {
  const output = outputFrom(flags);
  if ('problems' in output) throw new UsageError(output.problems);
  const bundle = await replayFile(file, OPTIONS, {
    onBug: (error) => process.stderr.write(`weir: ${error.message}\n`),
  });
  if ('problem' in bundle) throw new UsageError([`${file}: ${plain(bundle.problem)}`]);
  for (const note of notes(bundle)) process.stderr.write(`${file}: ${plain(note)}\n`);
  const wanted = bundle.reports.filter(
    ({ jobId, jobName }) => flags.job === undefined || flags.job === jobId || flags.job === jobName,
  );
  if (flags.job !== undefined && wanted.length === 0)
    throw new UsageError([`no job "${flags.job}" in this bundle; it has: ${namesOf(bundle)}`]);
  const reports = wanted.map((report) => firmest(report, report.history, report.atMs, OPTIONS));
  const report = checkReport(bundle.header.cluster, bundle.flinkVersion, reports, VERSION, output.language);
  process.stdout.write(render(report, output.format));
  return isAtLeast(reports, output.failOn) ? 1 : 0;
}

/** What a reader must know of the recording besides the findings. */
function notes({
  header,
  ending,
  rounds,
  failedRounds,
  lastFailure = '',
  fromMs,
  toMs,
}: ReplayedBundle): readonly string[] {
  return [
    `${rounds} round(s), ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}, recorded by Weir ${header.weir}`,
    ...(ending === 'cut-off' ? [`the file is cut off after round ${rounds}; the rounds before that are used`] : []),
    ...(failedRounds === 0
      ? []
      : [`in ${failedRounds} of them the cluster could not be read, the last time because ${lastFailure}`]),
  ];
}

function namesOf({ reports }: ReplayedBundle): string {
  const names = reports.map(({ jobName }) => plain(jobName));
  return names.length === 0 ? 'none' : names.slice(0, MAX_NAMES).join(', ');
}
