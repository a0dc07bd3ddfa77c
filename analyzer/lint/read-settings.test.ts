import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.js';
import type { Settings } from './settings.js';

const only = (name: string, lines: readonly string[]): Settings => {
  const all = readSettings(name, lines.join('\n'));
  expect(all).toHaveLength(1);
  return all[0] as Settings;
};
const pairs = ({ settings }: Settings): readonly string[] =>
  settings.map(({ key, value, line }) => `${line} ${key}=${value}`);

describe('flink-conf.yaml, as GlobalConfiguration reads it', () => {
  const read = only('conf/flink-conf.yaml', [
    '# comment',
    'jobmanager.rpc.address: localhost # here',
    'env.java.opts: -Dx="a: b"',
    '',
    'taskmanager.numberOfTaskSlots:4',
    'state.checkpoints.dir: s3://b/c',
    'state.checkpoints.dir: s3://b/d',
    'nothing:  ',
  ]);
  it('takes what stands before # and after the first colon with a space', () => {
    expect(read.kind).toBe('flink-conf.yaml');
    expect(pairs(read)).toEqual([
      '2 jobmanager.rpc.address=localhost',
      '3 env.java.opts=-Dx="a: b"',
      '6 state.checkpoints.dir=s3://b/c',
      '7 state.checkpoints.dir=s3://b/d',
    ]);
  });
  it('says which lines Flink passes over, and what is set twice', () => {
    expect(read.problems.map(({ line, what }) => [line, what])).toEqual([
      [5, 'ignored-line'],
      [7, 'twice'],
      [8, 'ignored-line'],
    ]);
  });
});

describe('config.yaml', () => {
  it('joins nested keys, keeps texts as they are written, and knows their lines', () => {
    const read = only('config.yaml', [
      'taskmanager:',
      '  memory:',
      '    process.size: 4g',
      '  numberOfTaskSlots: 4',
      'metrics.latency.interval: 0x10',
      'version: 1.10',
      'pipeline.jars: [a, b]',
      'quoted: "yes"',
    ]);
    expect(read.kind).toBe('config.yaml');
    expect(pairs(read)).toEqual([
      '3 taskmanager.memory.process.size=4g',
      '4 taskmanager.numberOfTaskSlots=4',
      '5 metrics.latency.interval=0x10',
      '6 version=1.10',
      '7 pipeline.jars=[a, b]',
      '8 quoted=yes',
    ]);
    expect(read.problems).toEqual([]);
  });
  it.each([
    ['a key twice', ['a: 1', 'a: 2'], 'twice', 2],
    ['a key twice by nesting', ['a.b: 1', 'a:', '  b: 2'], 'twice', 3],
    ['a key without value', ['a: 1', 'b:'], 'no-value', 2],
    ['no YAML', ['a: 1', 'b: [1'], 'syntax', 2],
    ['a list', ['- a'], 'syntax', 1],
  ] as const)('%s', (_name, lines, what, line) => {
    expect(only('config.yaml', lines).problems).toContainEqual(expect.objectContaining({ what, line }));
  });
  it('an empty file sets nothing and is no mistake', () => {
    expect(only('config.yaml', ['# later'])).toMatchObject({ settings: [], problems: [] });
  });
  it('a file by another name is YAML where it nests, and lines where it is no YAML', () => {
    expect(only('cluster.yaml', ['a:', '  b: 1']).kind).toBe('config.yaml');
    expect(only('cluster.yaml', ['a: b: c']).kind).toBe('flink-conf.yaml');
  });
});

describe('objects of Kubernetes', () => {
  const deployment = [
    'apiVersion: v1',
    'kind: Service',
    '---',
    'apiVersion: flink.apache.org/v1beta1',
    'kind: FlinkDeployment',
    'metadata: { name: orders }',
    'spec:',
    '  flinkVersion: v1_20',
    '  flinkConfiguration:',
    '    taskmanager.numberOfTaskSlots: "2"',
    '  jobManager: { resource: { memory: 2048m, cpu: 1 } }',
    '  taskManager: { resource: { memory: "4Gi" } }',
    '  job: { parallelism: 8 }',
  ];
  it('a FlinkDeployment sets its configuration and what the operator makes of its spec', () => {
    const read = only('orders.yaml', deployment);
    expect(read).toMatchObject({ kind: 'FlinkDeployment', name: 'orders', flinkVersion: { major: 1, minor: 20 } });
    expect(pairs(read)).toEqual([
      '10 taskmanager.numberOfTaskSlots=2',
      '11 jobmanager.memory.process.size=2048m',
      '12 taskmanager.memory.process.size=4294967296 bytes',
      '13 parallelism.default=8',
    ]);
  });
  it('a ConfigMap holds one of Flink’s own files, with lines of the whole text', () => {
    const read = only('map.yaml', [
      'kind: ConfigMap',
      'metadata: { name: flink-config }',
      'data:',
      '  flink-conf.yaml: |',
      '    # ours',
      '    parallelism.default: 2',
    ]);
    expect(read).toMatchObject({ kind: 'flink-conf.yaml', name: 'flink-config' });
    expect(pairs(read)).toEqual(['6 parallelism.default=2']);
  });
});
