import type { Command } from 'commander';
import { duration } from '../analyzer/text.js';
import { readBundles, recordedStretches } from '../collector/index.js';
import { RULES } from '../rules/index.js';
import { Backtest, type BacktestFinding, type BacktestJob } from './backtest.js';
import { plain } from './check-words.js';
import { collect } from './access-flags.js';
import { parseDuration } from './config/durations.js';
import { UsageError } from './config/load.js';
import { recordingsDir } from './recordings.js';
import { replayBundle } from './replay-bundle.js';

interface TestFlags {
  readonly rule: string;
  readonly bundle: readonly string[];
  readonly stored?: boolean;
  readonly data: string;
  readonly cluster?: string;
  readonly since: string;
  readonly set: readonly string[];
  readonly format: string;
  readonly lang: string;
  readonly expect?: string;
}

/** What a rule would have said of one file, or of what is stored of one cluster. */
export interface BacktestOfBundle {
  /** The file, or the name of the cluster. */
  readonly bundle: string;
  readonly flink?: string;
  readonly rounds: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly jobs: readonly BacktestJob[];
}

export function addRulesTest(rules: Command): void {
  rules
    .command('test')
    .description(
      'backtest: when would a rule have told of the jobs in these bundles, or in the last hours of the service?',
    )
    .requiredOption('--rule <id>', 'the rule')
    .option('--bundle <files...>', 'bundles that weir record took', [])
    .option('--stored', 'what the service has recorded of small clusters (store.recordings)')
    .option('--data <dir>', 'with --stored: the data directory of the service', './weir-data')
    .option('--cluster <name>', 'with --stored: this cluster only')
    .option('--since <duration>', 'with --stored: how far back', '24h')
    .option('--set <option=value>', 'another value for an option of the rule (repeat for more)', collect, [])
    .option('--expect <what>', 'fire or silence: exit 1 when a bundle shows the other')
    .option('--format <format>', 'text or json', 'text')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action(async (flags: TestFlags) => {
      process.exitCode = await test(flags);
    });
}

async function test(flags: TestFlags): Promise<number> {
  const { rule, format, lang, expect } = flags;
  const options = optionsFrom(flags);
  const problems = [
    ...options.problems,
    ...(RULES.some(({ id }) => id === rule) ? [] : [`there is no rule "${rule}"; see: weir rules list`]),
    ...(['text', 'json'].includes(format) ? [] : [`--format ${format}: must be text or json`]),
    ...(lang === 'en' || lang === 'zh-CN' ? [] : [`--lang ${lang}: must be en or zh-CN`]),
    ...(expect === undefined || ['fire', 'silence'].includes(expect)
      ? []
      : [`--expect ${expect}: must be fire or silence`]),
  ];
  if (problems.length > 0) throw new UsageError(problems);
  const bundles: BacktestOfBundle[] = [];
  let isAsExpected = true;
  for (const { name: bundle, files } of await recordingsOf(flags)) {
    const backtest = new Backtest(rule, lang === 'zh-CN' ? 'zh-CN' : 'en');
    // All rules play, for what is a root and what a symptom is said by all together.
    const replayed = await replayBundle(
      readBundles(files),
      { rules: RULES, settings: { [rule]: options.values }, disabled: [] },
      {
        onRound: (reports) => backtest.add(reports),
        onBug: (error) => process.stderr.write(`weir: ${error.message}\n`),
      },
    );
    if ('problem' in replayed) throw new UsageError([`${bundle}: ${plain(replayed.problem)}`]);
    const { rounds, fromMs, toMs, flinkVersion } = replayed;
    const version = flinkVersion === undefined ? {} : { flink: flinkVersion };
    bundles.push({ bundle, ...version, rounds, fromMs, toMs, jobs: backtest.jobs() });
    if (expect !== undefined && backtest.hasFired() !== (expect === 'fire')) isAsExpected = false;
  }
  process.stdout.write(
    format === 'json' ? `${JSON.stringify({ rule, bundles }, undefined, 2)}\n` : renderBacktest(rule, bundles),
  );
  return isAsExpected ? 0 : 1;
}

/** What is to be tried instead of the rule's own values, and what is wrong with it. */
function optionsFrom({ rule: id, set }: TestFlags): { values: Record<string, number>; problems: readonly string[] } {
  const known = RULES.find((rule) => rule.id === id)?.options ?? {};
  const values: Record<string, number> = {};
  const problems: string[] = [];
  for (const words of set) {
    const [name = '', value = ''] = words.split('=', 2);
    if (!Object.hasOwn(known, name))
      problems.push(`--set ${words}: the rule has no such option (it has: ${Object.keys(known).join(', ') || 'none'})`);
    else if (value.trim() === '' || !Number.isFinite(Number(value)))
      problems.push(`--set ${words}: write it as ${name}=NUMBER, such as ${name}=${known[name]?.default}`);
    else values[name] = Number(value);
  }
  return { values, problems };
}

interface Recording {
  readonly name: string;
  /** Oldest first. */
  readonly files: readonly string[];
}

/** Each bundle for itself, or all that is stored of each cluster. */
async function recordingsOf(flags: TestFlags): Promise<readonly Recording[]> {
  const { bundle, stored = false, data, cluster, since } = flags;
  if (stored === bundle.length > 0) throw new UsageError(['give either --bundle FILE… or --stored']);
  if (!stored) return bundle.map((name) => ({ name, files: [name] }));
  const sinceMs = parseDuration(since);
  if (sinceMs === undefined) throw new UsageError([`--since ${since}: not a duration; write it as 6h or 90m`]);
  const dir = recordingsDir(data);
  const stretches = (await recordedStretches(dir)).filter(
    ({ cluster: name }) => cluster === undefined || name === cluster,
  );
  if (stretches.length === 0)
    throw new UsageError([
      `${dir}: nothing is recorded${cluster === undefined ? '' : ` of ${cluster}`} there; ${WHAT_IS_RECORDED}`,
    ]);
  const byCluster = new Map<string, string[]>();
  const fromMs = Date.now() - sinceMs;
  for (const [i, { cluster: name, path }] of stretches.entries()) {
    // One that began before goes on until the next of its cluster begins.
    const next = stretches.slice(i + 1).find(({ cluster: other }) => other === name);
    if (next !== undefined && next.startMs <= fromMs) continue;
    byCluster.set(name, [...(byCluster.get(name) ?? []), path]);
  }
  return [...byCluster].map(([name, files]) => ({ name, files }));
}

const WHAT_IS_RECORDED =
  'the service records small clusters without reporters (store.recordings); for others use weir record';

/** The same for a person at a terminal; times count from the first reading of the file. */
export function renderBacktest(rule: string, bundles: readonly BacktestOfBundle[]): string {
  const lines = bundles.flatMap(({ bundle, flink, rounds, fromMs, toMs, jobs }) => [
    `${plain(bundle)}: ${rounds} readings over ${duration(toMs - fromMs)}${flink === undefined ? '' : `, Flink ${plain(flink)}`}`,
    ...jobs.flatMap((job) => jobLines(job, fromMs)),
    '',
  ]);
  return [rule, '', ...lines].join('\n');
}

function jobLines(job: BacktestJob, fromMs: number): string[] {
  const { findings, readings, notEvaluated } = job;
  const name = plain(job.jobName);
  const told = findings.flatMap((finding) => [
    `  ${name}: ${plain(finding.title)} (${finding.severity}, ${finding.role})`,
    `    ${span(finding, fromMs)}`,
  ]);
  if (told.length === 0 && readings.clear > 0) told.push(`  ${name}: clear in ${readings.clear} readings`);
  if (readings.notEvaluated === 0) return told;
  const why = notEvaluated === undefined ? '' : `: ${plain(notEvaluated)}`;
  const last = findings.length === 0 && readings.clear === 0 ? `  ${name}: ` : '    ';
  return [...told, `${last}not evaluated in ${readings.notEvaluated} readings${why}`];
}

function span({ firstSeenMs, firingMs, resolvedMs }: BacktestFinding, fromMs: number): string {
  const after = (ms: number): string => duration(Math.max(0, ms - fromMs));
  const told = firingMs === undefined ? 'never lasted long enough to be told' : `told after ${after(firingMs)}`;
  const until = resolvedMs === undefined ? 'stood to the end' : `over after ${after(resolvedMs)}`;
  return `first seen after ${after(firstSeenMs)}, ${told}, ${until}`;
}
