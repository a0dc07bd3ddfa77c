import { describe, expect, it } from 'vitest';
import { parseFlinkVersion } from '../../collector/index.js';
import { lint } from './lint.js';
import { readSettings } from './read-settings.js';
import type { LintProblem } from './problem.js';

const problemsOf = (
  lines: readonly string[],
  version = '1.20',
  options: { readonly file?: string; readonly template?: readonly string[] } = {},
): readonly LintProblem[] => {
  const { file = 'flink-conf.yaml', template } = options;
  const [settings] = readSettings(file, lines.join('\n'));
  const [wanted] = template === undefined ? [] : readSettings('template.yaml', template.join('\n'));
  if (settings === undefined) throw new Error('no settings');
  return lint(settings, parseFlinkVersion(version), wanted).problems;
};
const rulesOf = (problems: readonly LintProblem[]): readonly string[] =>
  problems.filter(({ rule }) => !rule.startsWith('ready-')).map(({ rule, line }) => `${line} ${rule}`);

/** A configuration that a careful team would run: nothing is said of it. */
const READY = [
  'taskmanager.memory.process.size: 4g',
  'jobmanager.memory.process.size: 2g',
  'execution.checkpointing.interval: 60 s',
  'execution.checkpointing.dir: s3://bucket/checkpoints',
  'execution.checkpointing.savepoint-dir: s3://bucket/savepoints',
  'execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION',
  'execution.checkpointing.tolerable-failed-checkpoints: 3',
  'execution.checkpointing.incremental: true',
  'state.backend.type: rocksdb',
  'pipeline.max-parallelism: 720',
  'pipeline.auto-generate-uids: false',
  'high-availability.type: kubernetes',
  'high-availability.storageDir: s3://bucket/ha',
  'restart-strategy.type: exponential-delay',
];

describe('keys and values', () => {
  it('nothing is said of a configuration that is ready', () => {
    expect(problemsOf(READY)).toEqual([]);
    expect(problemsOf(READY, '2.3', { file: 'config.yaml' })).toEqual([]);
  });

  const table: readonly (readonly [name: string, line: string, version: string, rules: readonly string[]])[] = [
    ['a slip of the hand', 'parallelism.defalt: 2', '1.20', ['1 unknown-key']],
    ['a removed key', 'jobmanager.heap.size: 1g', '2.3', ['1 removed-key']],
    ['a key of a later version', 'execution.checkpointing.dir: s3://a/b', '1.17', ['1 later-key']],
    ['a name of old', 'state.checkpoints.dir: s3://a/b', '1.20', ['1 renamed-key']],
    ['a deprecated key', 'cluster.evenly-spread-out-slots: true', '1.20', ['1 deprecated-key']],
    ['no integer', 'parallelism.default: 2.0', '1.20', ['1 bad-value']],
    ['no boolean', 'execution.checkpointing.incremental: yes', '1.20', ['1 bad-value']],
    ['no duration', 'execution.checkpointing.interval: 1.5 min', '1.20', ['1 bad-value']],
    ['a bare number is milliseconds', 'rest.connection-timeout: 60000', '1.20', []],
    ['m is no minute in 1.13', 'execution.checkpointing.interval: 1 m', '1.13', ['1 bad-value']],
    ['ISO-8601 came with 2.x', 'execution.checkpointing.interval: PT1M', '1.20', ['1 bad-value']],
    ['no size', 'taskmanager.memory.segment-size: 32kib', '1.20', ['1 bad-value']],
    ['no value of the enum', 'execution.checkpointing.mode: ONCE', '1.20', ['1 bad-value']],
    ['an enum in any case', 'execution.checkpointing.mode: at_least_once', '1.20', []],
    ['a plug-in’s key', 's3.endpoint: http://minio', '1.20', []],
  ];
  it.each(table)('%s', (_name, line, version, rules) => {
    expect(
      rulesOf(problemsOf([line], version, { file: version === '2.3' ? 'config.yaml' : 'flink-conf.yaml' })),
    ).toEqual(rules);
  });

  it('an old name beside its new one has no effect', () => {
    const problems = problemsOf(['state.backend: rocksdb', 'state.backend.type: hashmap']);
    expect(rulesOf(problems)).toEqual(['1 two-names']);
  });

  it('the value of a secret is not shown', () => {
    const [problem] = problemsOf(['security.ssl.internal.key-password: x', 'parallelism.default: x']);
    expect(JSON.stringify(problem)).toContain('parallelism.default: x');
    const problems = problemsOf(['a: 1'], '1.20', { template: ['security.ssl.internal.key-password: hunter2'] });
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('the file', () => {
  it.each([
    ['flink-conf.yaml', '2.0', ['1 wrong-file']],
    ['flink-conf.yaml', '1.20', []],
    ['config.yaml', '1.18', ['1 wrong-file']],
    ['config.yaml', '1.19', []],
  ])('%s under %s', (file, version, rules) => {
    expect(rulesOf(problemsOf(['parallelism.default: 2'], version, { file }))).toEqual(rules);
  });

  it('a file that is no YAML has that problem alone', () => {
    const problems = problemsOf(['a: [1', 'b: 2'], '2.3', { file: 'config.yaml' });
    expect(new Set(problems.map(({ rule }) => rule))).toEqual(new Set(['not-yaml']));
  });
});

describe('memory', () => {
  it.each([
    ['the sum does not fit', ['taskmanager.memory.process.size: 700m'], ['1 refused-memory']],
    [
      'process and Flink contradict',
      ['taskmanager.memory.flink.size: 4g', 'taskmanager.memory.process.size: 4g'],
      ['1 refused-memory'],
    ],
    ['a JobManager too small', ['jobmanager.memory.process.size: 500m'], ['1 refused-memory']],
    ['all fits', ['taskmanager.memory.process.size: 1728m', 'jobmanager.memory.process.size: 1600m'], []],
    ['no size is set here', ['taskmanager.memory.network.fraction: 0.2'], []],
    ['a size that is none is told once', ['taskmanager.memory.process.size: 4gib'], ['1 bad-value']],
  ])('%s', (_name, lines, rules) => {
    expect(rulesOf(problemsOf(lines))).toEqual(rules);
  });
});

describe('checkpoints and restarts', () => {
  const interval = 'execution.checkpointing.interval: 10 s';
  const table: readonly (readonly [name: string, line: string, rules: readonly string[]])[] = [
    ['a pause that raises the interval', 'execution.checkpointing.min-pause: 30 s', ['2 surprising-setting']],
    ['a timeout that Flink refuses', 'execution.checkpointing.timeout: 5 ms', ['2 refused-setting']],
    ['a value that is none is told once', 'execution.checkpointing.timeout: soon', ['2 bad-value']],
    ['a pause within the interval', 'execution.checkpointing.min-pause: 5 s', []],
  ];
  it.each(table)('%s', (_name, line, rules) => {
    expect(rulesOf(problemsOf([interval, line]))).toEqual(rules);
  });
  it('a bare number that is too small for milliseconds', () => {
    expect(rulesOf(problemsOf(['execution.checkpointing.interval: 60']))).toEqual(['1 surprising-setting']);
  });
});

describe('readiness', () => {
  const without = (key: string): readonly string[] => READY.filter((line) => !line.startsWith(`${key}:`));
  const table: readonly (readonly [rule: string, lines: readonly string[]])[] = [
    ['ready-checkpoint-interval', without('execution.checkpointing.interval')],
    ['ready-checkpoint-directory', without('execution.checkpointing.dir')],
    ['ready-checkpoint-retention', without('execution.checkpointing.externalized-checkpoint-retention')],
    ['ready-tolerable-failures', without('execution.checkpointing.tolerable-failed-checkpoints')],
    ['ready-incremental', without('execution.checkpointing.incremental')],
    ['ready-state-backend', without('state.backend.type')],
    ['ready-savepoint-directory', without('execution.checkpointing.savepoint-dir')],
    ['ready-max-parallelism', without('pipeline.max-parallelism')],
    ['ready-uids', without('pipeline.auto-generate-uids')],
    ['ready-high-availability', without('high-availability.type')],
    ['ready-ha-storage', without('high-availability.storageDir')],
    ['ready-restart-none', [...without('restart-strategy.type'), 'restart-strategy.type: none']],
    ['surprising-setting', [...without('restart-strategy.type'), 'restart-strategy.type: fixed-delay']],
    ['surprising-setting', [...without('restart-strategy.type'), 'restart-strategy.fixed-delay.attempts: 9']],
  ];
  it.each(table)('%s, and nothing else', (rule, lines) => {
    expect(problemsOf(lines).map((problem) => problem.rule)).toEqual([rule]);
  });

  it('what stands under a name of old counts', () => {
    const renamed = READY.map((line) => line.replace('execution.checkpointing.dir', 'state.checkpoints.dir'));
    expect(problemsOf(renamed).map(({ rule }) => rule)).toEqual(['renamed-key']);
  });

  it('a session job is not asked for what its cluster decides', () => {
    const job = ['kind: FlinkSessionJob', 'spec:', '  flinkConfiguration:', '    parallelism.default: "2"'];
    const rules = problemsOf(job, '1.20', { file: 'job.yaml' }).map(({ rule }) => rule);
    expect(rules).toContain('ready-checkpoint-interval');
    expect(rules).not.toContain('ready-high-availability');
  });
});

it('says what differs from the template', () => {
  const template = ['parallelism.default: 4', 'taskmanager.numberOfTaskSlots: 2', 'rest.port: 8081'];
  const problems = problemsOf(['parallelism.default: 8', 'rest.port: 8081'], '1.20', { template });
  expect(problems.filter(({ rule }) => rule.startsWith('template-')).map(({ rule, key }) => [rule, key])).toEqual([
    ['template-drift', 'parallelism.default'],
    ['template-missing', 'taskmanager.numberOfTaskSlots'],
  ]);
});

it('the worst comes first, then by line', () => {
  const problems = problemsOf(['state.backend: rocksdb', 'nope.nope: 1', 'parallelism.default: x']);
  const [first, ...rest] = problems.map(({ severity }) => severity);
  expect(first).toBe('critical');
  expect(rest.lastIndexOf('warning')).toBeLessThan(rest.indexOf('info'));
});
