import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, START_MS, type JobSpec } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { signalsOf, type SignalName } from './signals.js';

const reasonFor = (spec: JobSpec, name: SignalName): string => {
  const history = historyOf(spec);
  const signal = signalsOf(history, nowOf(history)).get(name);
  return signal.ok ? 'known' : signal.reason.en;
};

describe('what cannot be known, and why', () => {
  const table: readonly (readonly [SignalName, string, Partial<JobSpec>])[] = [
    ['load', 'known', {}],
    ['load', 'not all tasks are running', { tasks: 'DEPLOYING' }],
    ['load', 'too few settled readings yet: a verdict on load needs about a minute of running tasks', { samples: 2 }],
    [
      'load',
      '/jobs/:jobid/vertices/:vertexid could not be read: HTTP 500',
      { samples: 2, missing: ['/jobs/:jobid/vertices/:vertexid'] },
    ],
    ['lag', 'not all tasks are running', { tasks: 'DEPLOYING' }],
    ['bottlenecks', 'not all tasks are running', { tasks: 'DEPLOYING' }],
    ['skew', 'not all tasks are running', { tasks: 'DEPLOYING' }],
    ['peakLoad', 'not all tasks are running', { tasks: 'DEPLOYING' }],
    ['checkpoints', 'the job takes no checkpoints, or none was read yet', { checkpoints: [], checkpointing: 'none' }],
    ['checkpoints', 'known', { checkpoints: [] }],
    ['taskManagers', 'no TaskManager was read yet', { taskManagers: [] }],
    ['taskManagers', '/taskmanagers could not be read: HTTP 500', { taskManagers: [], missing: ['/taskmanagers'] }],
    ['exceptions', 'known', {}],
    ['exceptions', '/jobs/:jobid/exceptions could not be read: HTTP 500', { missing: ['/jobs/:jobid/exceptions'] }],
    ['configuration', 'the configuration was not read yet', { configuration: {} }],
    [
      'configuration',
      '/jobmanager/config could not be read: HTTP 500',
      { configuration: {}, missing: ['/jobmanager/config'] },
    ],
  ];
  it.each(table)('%s: %s', (name, reason, change) => {
    expect(reasonFor({ ...HEALTHY, ...change }, name)).toBe(reason);
  });

  it('restarts: the counter was not read', () => {
    const history = { ...historyOf(HEALTHY), restarts: [] };
    expect(signalsOf(history, nowOf(history)).get('restarts')).toMatchObject({
      ok: false,
      reason: { en: 'numRestarts was not read yet' },
    });
  });

  it('derives each signal once', () => {
    const signals = signalsOf(historyOf(HEALTHY), START_MS + 300_000);
    expect(signals.get('load')).toBe(signals.get('load'));
  });
});

describe('restarts', () => {
  const restarts = (counter: (s: number) => number, samples = 30): number => {
    const history = historyOf({ ...HEALTHY, samples, restarts: counter });
    const signal = signalsOf(history, nowOf(history)).get('restarts');
    return signal.ok ? signal.value.restarts : NaN;
  };
  it('are the growth of the counter', () => {
    expect(restarts((s) => 7 + Math.floor(s / 100))).toBe(3);
  });
  it('do not fall with a counter that began anew', () => {
    expect(restarts((s) => (s < 150 ? 5 : 1))).toBe(0);
  });
  it('are those of ten minutes', () => {
    expect(restarts((s) => (s < 200 ? 0 : 4), 90)).toBe(0);
  });
});

describe('job facts', () => {
  it('know since when all tasks run', () => {
    expect(signalsOf(historyOf(HEALTHY), START_MS).job.allRunningSinceMs).toBe(START_MS);
    expect(signalsOf(historyOf({ ...HEALTHY, tasks: 'SCHEDULED' }), START_MS).job.allRunningSinceMs).toBeUndefined();
    expect(signalsOf(historyOf({ ...HEALTHY, state: 'RESTARTING' }), START_MS).job.allRunningSinceMs).toBeUndefined();
  });
  it('name a vertex, or repeat the id of one that is not known', () => {
    const { job } = signalsOf(
      historyOf({ ...HEALTHY, vertices: { a: { parallelism: 1, name: 'Source: kafka' } } }),
      START_MS,
    );
    expect([job.vertexName('a'), job.vertexName('b')]).toEqual(['Source: kafka', 'b']);
  });
});
