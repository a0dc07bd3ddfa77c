import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec, type TaskManagerSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { signalsOf } from '../signals/signals.js';
import type { ExplainedBottleneck } from './cause.js';

const causeIn = (spec: JobSpec): ExplainedBottleneck => {
  const history = historyOf(spec);
  const bottlenecks = signalsOf(history, nowOf(history)).get('bottlenecks');
  if (!bottlenecks.ok) throw new Error(bottlenecks.reason.en);
  return must(bottlenecks.value[0], 'a bottleneck');
};
const words = (spec: JobSpec): string => {
  const { cause } = causeIn(spec);
  return cause.kind === 'unclear' ? `unclear: ${cause.why}` : cause.kind;
};
const withTm = (spec: JobSpec, taskManager: TaskManagerSpec): JobSpec => ({ ...spec, taskManagers: [taskManager] });
const GC: TaskManagerSpec = { gcRatio: 0.3, youngPerSecond: 10 };
const starving: JobSpec['checkpoints'] = Array.from({ length: 5 }, () => ({ phases: { src: { sync: 300 } } }));
const STARVED: TaskManagerSpec = { cores: 0.13, gcRatio: 0.02, youngPerSecond: 0.2 };

describe('the first cause that matches', () => {
  const table: readonly (readonly [string, JobSpec, string])[] = [
    ['skew comes before garbage collection', withTm(job.HOT_KEY, GC), 'skew'],
    ['garbage collection comes before a non-parallel operator', withTm(job.WINDOW_ALL, GC), 'gc'],
    ['garbage collection comes before a full CPU', withTm(job.CPU_SATURATED, { ...GC, cores: 1.99 }), 'gc'],
    ['a non-parallel operator comes before the wait inside it', job.WINDOW_ALL, 'non-parallel'],
    [
      'a full CPU comes before a starved host',
      { ...withTm(job.CPU_SATURATED, { ...STARVED, cores: 1.99 }), checkpoints: starving ?? [] },
      'cpu-saturated',
    ],
    [
      'a starved host comes before a wait (L04s)',
      { ...withTm(job.SLOW_LOOKUP, STARVED), checkpoints: starving ?? [] },
      'unclear: host-starved',
    ],
    ['a wait', job.SLOW_LOOKUP, 'external-wait'],
    ['computing on free cores', job.CPU_BOUND, 'cpu-bound'],
    ['half and half', withTm(job.SLOW_LOOKUP, { cores: 1, hostCores: 8 }), 'unclear: mixed'],
    ['CPU time is not told', withTm(job.SLOW_LOOKUP, { cores: 'unknown' }), 'unclear: no-cpu-time'],
    ['garbage from a tenth on is', withTm(job.SLOW_LOOKUP, { gcRatio: 0.105, youngPerSecond: 10 }), 'gc'],
    [
      'garbage below a tenth is no cause',
      withTm(job.SLOW_LOOKUP, { gcRatio: 0.09, youngPerSecond: 10 }),
      'external-wait',
    ],
    [
      'uneven records are no cause while the others are as busy',
      vary(job.HOT_KEY, { vertices: { agg: { busy: [0.9, 0.9, 1, 0.9] } } }),
      'external-wait',
    ],
    [
      'a subtask of its own parallelism is no non-parallel operator',
      vary(job.SLOW_LOOKUP, {
        vertices: { src: { parallelism: 1 }, map: { parallelism: 1 }, sink: { parallelism: 1 } },
      }),
      'external-wait',
    ],
  ];
  it.each(table)('%s', (_claim, spec, cause) => {
    expect(words(spec)).toBe(cause);
  });

  const shares: readonly (readonly [string, TaskManagerSpec, number, string])[] = [
    ['more busy subtasks than cores, and all cores in use', { hostCores: 2, cores: 1.99 }, 4, 'cpu-saturated'],
    ['many waiting subtasks on few cores', { hostCores: 2, cores: 0.1 }, 8, 'external-wait'],
    ['four that compute and get one and a half of two cores', { hostCores: 2, cores: 1.5 }, 4, 'unclear: host-starved'],
    [
      'two that compute and get 1.3 of 2 cores: others take the rest',
      { hostCores: 2, cores: 1.3 },
      2,
      'unclear: host-starved',
    ],
    ['two that compute on eight cores', { hostCores: 8, cores: 1.6 }, 2, 'cpu-bound'],
    ['two that wait a third of the time on eight cores', { hostCores: 8, cores: 1.3 }, 2, 'unclear: mixed'],
  ];
  it.each(shares)('%s', (_claim, taskManager, parallelism, cause) => {
    const spec = vary(job.CPU_BOUND, { vertices: { agg: { parallelism, in: 200 } } });
    expect(words(withTm(spec, taskManager))).toBe(cause);
  });

  it('looks at the TaskManagers of the saturated subtasks only', () => {
    const two = vary(job.SLOW_LOOKUP, { vertices: { src: { on: [0, 0] }, map: { on: [1, 1] }, sink: { on: [0, 0] } } });
    expect(words({ ...two, taskManagers: [{ ...GC }, {}] })).toBe('external-wait');
    expect(words({ ...two, taskManagers: [{}, { ...GC }] })).toBe('gc');
  });

  it('needs both for a full CPU: the cores taken, and this TaskManager’s subtasks computing', () => {
    const half: TaskManagerSpec = { host: 'h', slots: 2, hostCores: 2, cores: 1 };
    expect(words({ ...job.CPU_BOUND, taskManagers: [half, { ...half, cores: 0.9 }] })).toBe('unclear: mixed');
  });

  it('does not take operators that wait a little, each, for a demand for cores', () => {
    const steps = ['a', 'b', 'c', 'd'].map((name, i, all) => [
      name,
      { parallelism: 2, inputs: { [all[i - 1] ?? 'src']: 'REBALANCE' as const }, busy: 0.5, bp: 0.5, in: 200 },
    ]);
    const long = (cores: number): JobSpec =>
      withTm(
        {
          vertices: {
            src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 200, lag: [30_000, 200] },
            ...Object.fromEntries(steps),
            map: { parallelism: 2, inputs: { d: 'REBALANCE' }, busy: 1, in: 200 },
          },
        },
        { hostCores: 2, cores },
      );
    expect(words(long(0.9))).toBe('external-wait');
    expect(words(long(1.2))).toBe('external-wait');
    expect(words(long(1.9))).toBe('cpu-saturated');
  });

  it('guesses nothing while only some subtasks are full and their records do not tell why', () => {
    expect(words(vary(job.HOT_KEY, { vertices: { agg: { in: [500, 500, 500, 500] } } }))).toBe('unclear: uneven');
  });

  it('looks for the cause of the full ones where the others have fewer records by as much', () => {
    const uneven = (busy: number[], rates: number[]): JobSpec =>
      vary(job.HOT_KEY, { vertices: { agg: { parallelism: 3, maxParallelism: 8, busy, in: rates } } });
    expect(words(uneven([1, 1, 0.67], [300, 300, 200]))).toBe('external-wait');
    // The third has as many records and needs less time for them: dearer content, not fewer records.
    expect(words(uneven([1, 1, 0.67], [300, 300, 300]))).toBe('unclear: uneven');
  });

  it('takes uneven records for the cause while the others rest a quarter of the time', () => {
    expect(words(vary(job.HOT_KEY, { vertices: { agg: { busy: [0.7, 0.7, 1, 0.7] } } }))).toBe('skew');
  });

  it('measures the wait: 1 − cores used / busy (F15)', () => {
    expect(must(causeIn(withTm(job.SLOW_LOOKUP, { cores: 0.2 })).waitRatio)).toBeCloseTo(1 - 0.2 / 2.04, 2);
  });
});
