import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseFlinkVersion } from '../../../collector/index.js';
import type { FlinkVersion } from '../../../collector/model/index.js';
import type { Configuration } from '../values/configuration.js';
import { isAtLeast } from '../values/flink-version.js';
import type { Attempt, Refused } from '../values/refusal.js';
import type { Checkpointing } from './effective-checkpointing.js';
import type { Restart } from './effective-restart.js';
import { clusterRestart, jobSettings } from './effective-settings.js';

type Fields = Readonly<Record<string, unknown>>;
interface Out {
  readonly jobError?: Refused;
  readonly checkpointing?: boolean;
  readonly checkpoint?: Fields;
  readonly coordinator?: Fields;
  readonly restart?: Fields;
  readonly clusterRestartOff: Fields;
  readonly clusterRestartOn: Fields;
}
interface Vectors {
  readonly versions: readonly string[];
  readonly cases: readonly { readonly config: Configuration; readonly out: Out; readonly by?: Record<string, Out> }[];
}
// The file is ours (fixtures/README.md): its shape is known.
const vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/effective-settings.json', import.meta.url), 'utf8'),
) as Vectors;

/** In the vectors' own form: the private fields of Flink's classes. */
function outOf(configuration: Configuration, version: FlinkVersion): Out {
  const cluster = {
    clusterRestartOff: restartFields(clusterRestart(configuration, version, false)),
    clusterRestartOn: restartFields(clusterRestart(configuration, version, true)),
  };
  const job = jobSettings(configuration, version, true);
  if (!job.ok) return { jobError: job.refused, ...cluster };
  const { checkpointing, restart } = job.value;
  return {
    checkpointing: checkpointing !== undefined,
    ...(checkpointing === undefined
      ? {}
      : {
          checkpoint: checkpointFields(checkpointing, version),
          coordinator: coordinatorFields(checkpointing, version),
        }),
    restart: restartFields(restart),
    ...cluster,
  };
}

const orMax = (ms: number): number | string => (ms === Infinity ? 'MAX' : ms);

function checkpointFields(checkpointing: Checkpointing, version: FlinkVersion): Fields {
  const since = (major: number, minor: number, fields: Fields): Fields =>
    isAtLeast(version, major, minor) ? fields : {};
  return {
    ...(isAtLeast(version, 1, 14)
      ? { alignedCheckpointTimeout: checkpointing.alignedTimeoutMs }
      : {
          alignmentTimeout: checkpointing.alignedTimeoutMs,
          isPreferCheckpointForRecovery: checkpointing.prefersCheckpointForRecovery,
        }),
    checkpointInterval: checkpointing.intervalMs,
    checkpointRetentionPolicy: {
      NO_EXTERNALIZED_CHECKPOINTS: 'NEVER_RETAIN_AFTER_TERMINATION',
      DELETE_ON_CANCELLATION: 'RETAIN_ON_FAILURE',
      RETAIN_ON_CANCELLATION: 'RETAIN_ON_CANCELLATION',
    }[checkpointing.retention],
    checkpointTimeout: checkpointing.timeoutMs,
    isExactlyOnce: checkpointing.isExactlyOnce,
    isUnalignedCheckpointsEnabled: checkpointing.isUnaligned,
    maxConcurrentCheckpoints: checkpointing.maxConcurrent,
    minPauseBetweenCheckpoints: checkpointing.minPauseMs,
    tolerableCheckpointFailureNumber: checkpointing.tolerableFailures,
    ...since(1, 14, {
      checkpointIdOfIgnoredInFlightData: Number(checkpointing.ignoredInFlightCheckpointId),
      isEnableCheckpointsAfterTasksFinish: checkpointing.continuesAfterTasksFinish,
    }),
    ...since(1, 19, {
      checkpointIntervalDuringBacklog: orMax(checkpointing.intervalDuringBacklogMs),
      isCheckpointingEnabled: true,
    }),
    ...since(2, 3, { isRecoverOutputOnDownstreamTask: checkpointing.recoversOutputDownstream }),
  };
}

function coordinatorFields(checkpointing: Checkpointing, version: FlinkVersion): Fields {
  const { coordinator, timeoutMs, maxConcurrent, isUnaligned } = checkpointing;
  return {
    baseInterval: coordinator.intervalMs,
    minPause: coordinator.minPauseMs,
    timeout: timeoutMs,
    maxConcurrent,
    unaligned: isUnaligned,
    ...(isAtLeast(version, 1, 19) ? { baseIntervalDuringBacklog: orMax(coordinator.intervalDuringBacklogMs) } : {}),
  };
}

function restartFields(answer: Attempt<Restart>): Fields {
  if (!answer.ok) return { error: answer.refused };
  const restart = answer.value;
  switch (restart.strategy) {
    case 'none':
      return { strategy: 'NoRestartBackoffTimeStrategy' };
    case 'fixed-delay':
      return {
        maxNumberRestartAttempts: restart.attempts,
        backoffTimeMS: restart.delayMs,
        strategy: 'FixedDelayRestartBackoffTimeStrategy',
      };
    case 'failure-rate':
      return {
        failuresIntervalMS: restart.intervalMs,
        backoffTimeMS: restart.delayMs,
        maxFailuresPerInterval: restart.failuresPerIntervalMax,
        strategy: 'FailureRateRestartBackoffTimeStrategy',
      };
    case 'exponential-delay':
      return {
        initialBackoffMS: restart.initialBackoffMs,
        maxBackoffMS: restart.maxBackoffMs,
        backoffMultiplier: restart.multiplier,
        resetBackoffThresholdMS: restart.resetThresholdMs,
        jitterFactor: restart.jitterFactor,
        ...(restart.attemptsBeforeReset === undefined
          ? {}
          : { attemptsBeforeResetBackoff: restart.attemptsBeforeReset }),
        strategy: 'ExponentialDelayRestartBackoffTimeStrategy',
      };
  }
}

describe.each(vectors.versions)('as the classes of Flink %s, field for field and error for error', (version) => {
  it('checkpoints, their coordinator and restarts', () => {
    const wrong = vectors.cases.flatMap(({ config, out, by }) => {
      const expected = by?.[version] ?? out;
      const got = outOf(config, parseFlinkVersion(version));
      return isDeepStrictEqual(got, expected) ? [] : [{ config, got, expected }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(vectors.cases.length).toBeGreaterThan(100);
  });
});

const without = (configuration: Configuration, ...words: readonly (string | undefined)[]): Configuration =>
  Object.fromEntries(
    Object.entries(configuration).filter(
      ([key, value]) => !words.some((word) => word !== undefined && (key.includes(word) || value === word)),
    ),
  );

/** Run against the classes of 1.14.6, 1.15.4, 1.16.3, 1.18.1, 1.19.3, 2.1.3 and 2.2.1. */
describe('between the versions of the vectors', () => {
  const PREFIX = 'execution.checkpointing.';
  const EVERY = { [`${PREFIX}interval`]: '10 s' };
  it.each([
    ['checkpoints after tasks have finished, by default', {}, '1.14.6', '1.15.4', 'continuesAfterTasksFinish'],
    ['unaligned under its newer name', { 'unaligned.enabled': 'true' }, '1.16.3', '1.17.2', 'isUnaligned'],
    ['an interval during a backlog', { 'interval-during-backlog': '0' }, '1.18.1', '1.19.3', 'intervalDuringBacklogMs'],
    ['the effect of a pause in the job', { 'min-pause': '1 min' }, '2.2.1', '2.3.0', 'intervalMs'],
    ['no unaligned with AT_LEAST_ONCE', { mode: 'AT_LEAST_ONCE', unaligned: 'true' }, '2.1.3', '2.2.1', 'isUnaligned'],
  ] as const)('%s', (_what, set, before, since, field) => {
    const named = Object.fromEntries(Object.entries(set).map(([name, value]) => [PREFIX + name, value]));
    const [old, now] = [before, since].map((flink) => {
      const job = jobSettings({ ...EVERY, ...named }, parseFlinkVersion(flink), true);
      return job.ok ? job.value.checkpointing?.[field] : undefined;
    });
    expect(old).toBeDefined();
    expect(now).not.toEqual(old);
  });

  it.each([
    ['1.18.1', 'checkpoints-after-tasks-finish.enabled', 'no-such', 'interval'],
    ['1.19.3', 'interval', 'checkpoints-after-tasks-finish', ''],
  ])('what %s refuses first of several mistakes', (flink, ...order) => {
    const wrong = {
      'restart-strategy': 'no-such',
      [`${PREFIX}checkpoints-after-tasks-finish.enabled`]: 'x',
      [`${PREFIX}interval`]: 'x',
    };
    const refusals: string[] = [];
    for (const left of [wrong, without(wrong, order[0]), without(wrong, order[0], order[1])]) {
      const job = jobSettings(left, parseFlinkVersion(flink), true);
      refusals.push(job.ok ? '' : (job.refused[0]?.[1] ?? ''));
    }
    for (const [index, words] of order.entries()) expect(refusals[index]).toContain(words);
  });

  it('restarts with a growing delay by default from 1.19 on', () => {
    const strategy = (flink: string): string | undefined => {
      const restart = clusterRestart({}, parseFlinkVersion(flink), true);
      return restart.ok ? restart.value.strategy : undefined;
    };
    expect([strategy('1.18.1'), strategy('1.19.3')]).toEqual(['fixed-delay', 'exponential-delay']);
  });
});
