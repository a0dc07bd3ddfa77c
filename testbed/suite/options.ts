import { Command, InvalidArgumentError } from 'commander';

export interface SuiteOptions {
  all: boolean;
  allVersions: boolean;
  flink?: string[];
  scenario?: string[];
  parallel: number;
  out?: string;
  healthyMinutes: number;
  check: boolean;
  /** Weir reads the clusters' Prometheus reporters as well. */
  reporters: boolean;
  /** Where each job is recorded into a bundle, which must be diagnosed as the service diagnoses the job. */
  bundles?: string;
}

const HEALTHY_MINUTES = { fixed: 3, all: 10 };

/** `argv` as the shell gave it, without node and script. */
export function parseSuiteOptions(argv: readonly string[]): SuiteOptions {
  const command = new Command('test:flink')
    .description('Plays faults on real Flink clusters and checks that Weir names them.')
    .option('--all', 'every scenario instead of the fixed choice', false)
    .option('--all-versions', 'two scenarios on every Flink release, and no request may fail unexplained', false)
    .option('--flink <versions>', 'release lines, separated by commas', list)
    .option('--scenario <ids>', 'only these, separated by commas', list)
    .option('--parallel <n>', 'clusters at a time', positive, 2)
    .option('--out <file>', 'write the outcomes as JSON')
    .option('--healthy-minutes <n>', 'how long a healthy job is watched (3; with --all 10)', positive)
    .option('--check', 'also run the one-shot check on each job (default with --all)')
    .option('--no-check', 'never run it')
    .option('--reporters', 'switch Prometheus reporters on, and have Weir read them beside REST', false)
    .option('--bundles <dir>', 'also record each job with weir record, and check that weir analyze agrees')
    .allowExcessArguments(false)
    .parse(argv, { from: 'user' });
  const given = command.opts<Partial<SuiteOptions>>();
  const all = given.all ?? false;
  return {
    ...given,
    all,
    allVersions: given.allVersions ?? false,
    reporters: given.reporters ?? false,
    parallel: given.parallel ?? 2,
    healthyMinutes: given.healthyMinutes ?? (all ? HEALTHY_MINUTES.all : HEALTHY_MINUTES.fixed),
    check: command.getOptionValueSource('check') === 'cli' ? given.check === true : all,
  };
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0.');
  return value;
}
