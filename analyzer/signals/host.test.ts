import { describe, expect, it } from 'vitest';
import {
  historyOf,
  MIB,
  nowOf,
  type CheckpointSpec,
  type JobSpec,
  type TaskManagerSpec,
} from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import type { HostSignal } from './host.js';
import { signalsOf } from './signals.js';

const host = (taskManager: TaskManagerSpec, checkpoint: CheckpointSpec): HostSignal => {
  const spec: JobSpec = {
    ...HEALTHY,
    taskManagers: [taskManager],
    checkpoints: Array.from({ length: 5 }, () => checkpoint),
  };
  const history = historyOf(spec);
  const signal = signalsOf(history, nowOf(history)).get('host');
  if (!signal.ok) throw new Error(signal.reason.en);
  return signal.value;
};
/** Pauses of 100 ms on a small heap; 10 ms are normal. */
const SLOW_GC: TaskManagerSpec = { gcRatio: 0.02, youngPerSecond: 0.2 };
const CALM_GC: TaskManagerSpec = { gcRatio: 0.002, youngPerSecond: 0.2 };
const SLOW_SOURCE: CheckpointSpec = { phases: { src: { sync: 300 } } };
const CALM: CheckpointSpec = { phases: { src: { sync: 2 } } };
/** Two seconds for 430 kB (L08). */
const SLOW_SMALL: CheckpointSpec = { phases: { agg: { async: 2000, bytes: 0.43 * MIB } } };
const SLOW_LARGE: CheckpointSpec = { phases: { agg: { async: 20_000, bytes: 20 * MIB } } };

describe('a host without CPU left (fact 17)', () => {
  const table: readonly (readonly [string, TaskManagerSpec, CheckpointSpec, boolean, HostSignal['signs']])[] = [
    ['quiet', CALM_GC, CALM, false, []],
    ['source snapshots of 25 ms are a sign', CALM_GC, { phases: { src: { sync: 25 } } }, false, ['source-sync']],
    [
      'a second and more for tiny state is one',
      CALM_GC,
      { phases: { agg: { async: 1200, bytes: 0.4 * MIB } } },
      false,
      ['small-async'],
    ],
    ['pauses of 50 ms are a sign', { gcRatio: 0.01, youngPerSecond: 0.2 }, CALM, false, ['gc-pause']],
    ['pauses of 40 ms are none', { gcRatio: 0.008, youngPerSecond: 0.2 }, CALM, false, []],
    ['one sign is not enough: pauses', SLOW_GC, CALM, false, ['gc-pause']],
    ['one sign is not enough: snapshots of the source', CALM_GC, SLOW_SOURCE, false, ['source-sync']],
    ['one sign is not enough: uploads of tiny state', CALM_GC, SLOW_SMALL, false, ['small-async']],
    ['two signs agree', SLOW_GC, SLOW_SOURCE, true, ['gc-pause', 'source-sync']],
    ['two other signs agree', SLOW_GC, SLOW_SMALL, true, ['gc-pause', 'small-async']],
    ['much state uploads long on a quiet host too (L34)', SLOW_GC, SLOW_LARGE, false, ['gc-pause']],
    [
      'long pauses under pressure are the fault itself',
      { gcRatio: 0.7, youngPerSecond: 5 },
      SLOW_SOURCE,
      false,
      ['source-sync'],
    ],
    [
      'long pauses of a large heap are normal',
      { ...SLOW_GC, heap: { low: 2000, high: 3000, max: 4000 } },
      SLOW_SOURCE,
      false,
      ['source-sync'],
    ],
  ];
  it.each(table)('%s', (_claim, taskManager, checkpoint, starved, signs) => {
    expect(host(taskManager, checkpoint)).toEqual({ starved, signs });
  });
});
