import { describe, expect, it } from 'vitest';
import { clusterConfig, renderConfig } from './config.js';

const input = {
  workDir: '/w',
  restPort: 8081,
  rpcPort: 6123,
  slotsPerTaskManager: 2,
  taskManagerProcessMemory: '1400m',
  extra: {},
};

describe('clusterConfig', () => {
  it('listens on the loopback interface only', () => {
    const config = clusterConfig(input);
    for (const key of ['jobmanager.bind-host', 'rest.bind-address', 'taskmanager.bind-host', 'taskmanager.host']) {
      expect(config[key]).toBe('127.0.0.1');
    }
  });

  it('lets a scenario overrule a default', () => {
    const extra = { 'execution.checkpointing.interval': '30 s' };
    expect(clusterConfig({ ...input, extra })['execution.checkpointing.interval']).toBe('30 s');
  });

  it('gives no total memory where the heap is set, as the two would contradict each other', () => {
    const extra = { 'taskmanager.memory.task.heap.size': '64m' };
    expect(clusterConfig({ ...input, extra })).not.toHaveProperty('taskmanager.memory.process.size');
    expect(clusterConfig(input)['taskmanager.memory.process.size']).toBe('1400m');
  });
});

describe('renderConfig', () => {
  it('quotes values in the YAML file', () => {
    expect(renderConfig({ a: 'x: #1', b: '2' }, 'config.yaml')).toBe('a: "x: #1"\nb: "2"\n');
  });

  it('leaves them bare in the old file, which knows no quotes', () => {
    expect(renderConfig({ a: 'file:///x' }, 'flink-conf.yaml')).toBe('a: file:///x\n');
  });

  it('refuses a value that would become a second line', () => {
    expect(() => renderConfig({ a: 'x\ny: z' }, 'config.yaml')).toThrow('line break');
  });
});
