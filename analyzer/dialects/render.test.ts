import { describe, expect, it } from 'vitest';
import type { FlinkVersion } from '../../collector/model/index.js';
import type { Change, Dialect } from '../engine/recommendation.js';
import { renderDiffs, type RenderContext } from './render.js';

const flink = (text: string): FlinkVersion => {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return { major, minor, text };
};
const context = (version: string, adaptive = false): RenderContext => ({
  flinkVersion: flink(version),
  vertices: [
    { vertexId: 'a', parallelism: 2 },
    { vertexId: 'b', parallelism: 4 },
  ],
  adaptive,
  jobId: 'j1',
});
const wider: Change = { scope: 'vertex', vertexId: 'b', from: 4, to: 6, unit: 'subtasks' };
const interval: Change = { scope: 'job', key: 'execution.checkpointing.interval', from: '10 s', to: '60 s', unit: '' };
const memory: Change = {
  scope: 'taskmanager',
  key: 'taskmanager.memory.process.size',
  from: null,
  to: '2g',
  unit: 'bytes',
};
const code: Change = { scope: 'vertex', vertexId: 'b', from: 'keyBy(a)', to: 'keyBy(b)', unit: 'code' };
const dialects = (changes: readonly Change[], version: string, adaptive = false): Dialect[] =>
  Object.keys(renderDiffs(changes, context(version, adaptive))) as Dialect[];

describe('dialects of each version', () => {
  const table: readonly (readonly [string, readonly Change[], readonly Dialect[]])[] = [
    ['1.13', [interval], ['flink-conf.yaml', 'FlinkDeployment', 'cli', 'sql']],
    ['1.16', [interval], ['flink-conf.yaml', 'FlinkDeployment', 'cli', 'sql']],
    ['1.17', [interval], ['flink-conf.yaml', 'FlinkDeployment', 'cli', 'sql']],
    ['1.20', [interval], ['config.yaml', 'flink-conf.yaml', 'FlinkDeployment', 'cli', 'sql']],
    ['2.3', [interval], ['config.yaml', 'FlinkDeployment', 'cli', 'sql']],
    ['2.3', [memory], ['config.yaml', 'FlinkDeployment', 'cli']],
    ['2.3', [memory, interval], ['config.yaml', 'FlinkDeployment', 'cli']],
    ['2.3', [code], []],
    ['1.13', [wider], []],
    ['1.16', [wider], []],
    ['1.17', [wider], ['flink-conf.yaml', 'FlinkDeployment', 'cli', 'sql']],
    ['2.3', [wider], ['config.yaml', 'FlinkDeployment', 'cli', 'sql']],
  ];
  it.each(table)('%s: %j', (version, changes, expected) => {
    expect(dialects(changes, version)).toEqual(expected);
  });

  it('gives all of them where the version is not known', () => {
    const { flinkVersion: _unknown, ...rest } = context('2.3');
    expect(Object.keys(renderDiffs([interval], rest))).toEqual([
      'config.yaml',
      'flink-conf.yaml',
      'FlinkDeployment',
      'cli',
      'sql',
    ]);
  });

  it('gives REST only under the adaptive scheduler', () => {
    expect(dialects([wider], '1.20', true)).toContain('rest');
    expect(dialects([interval], '1.20', true)).not.toContain('rest');
  });
});

describe('what they say', () => {
  it('takes the old line away and puts the new one in', () => {
    expect(renderDiffs([interval, memory], context('2.3'))['config.yaml']).toBe(
      [
        '- execution.checkpointing.interval: 10 s',
        '+ execution.checkpointing.interval: 60 s',
        '+ taskmanager.memory.process.size: 2g',
      ].join('\n'),
    );
  });

  it('names several vertices in one option, quoted for YAML', () => {
    const both = [wider, { ...wider, vertexId: 'a', from: 2, to: 3 }];
    const diffs = renderDiffs(both, context('1.20'));
    expect(diffs['config.yaml']).toBe("+ pipeline.jobvertex-parallelism-overrides: 'b:6,a:3'");
    expect(diffs.sql).toBe("SET 'pipeline.jobvertex-parallelism-overrides' = 'b:6,a:3';");
  });

  it('nests under spec.flinkConfiguration for the operator', () => {
    expect(renderDiffs([interval], context('1.20')).FlinkDeployment).toBe(
      'spec:\n  flinkConfiguration:\n    execution.checkpointing.interval: "60 s"',
    );
  });

  it('quotes for the shell what the shell would read', () => {
    expect(renderDiffs([interval, memory], context('2.3')).cli).toBe(
      "-D execution.checkpointing.interval='60 s' \\\n-D taskmanager.memory.process.size=2g",
    );
    const hostile = { ...interval, to: "1'; rm -rf /" };
    expect(renderDiffs([hostile], context('2.3')).cli).toBe("-D execution.checkpointing.interval='1'\\''; rm -rf /'");
  });

  it('names every vertex in the body for REST: Flink takes all or none', () => {
    const [request, ...body] = (renderDiffs([wider], context('1.20', true)).rest ?? '').split('\n');
    expect(request).toBe('PUT /jobs/j1/resource-requirements');
    expect(JSON.parse(body.join('\n'))).toEqual({
      a: { parallelism: { lowerBound: 1, upperBound: 2 } },
      b: { parallelism: { lowerBound: 1, upperBound: 6 } },
    });
  });
});
