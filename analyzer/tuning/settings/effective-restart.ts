import type { FlinkVersion } from '../../../collector/model/index.js';
import { readSet, setValue, type ConfigOption, type Configuration } from '../values/configuration.js';
import { readDuration, toMilliseconds } from '../values/duration.js';
import { isAtLeast } from '../values/flink-version.js';
import { readDouble, readInteger } from '../values/java-numbers.js';
import { Refusal } from '../values/refusal.js';

/** What decides whether a failed job starts again. */
export type Restart =
  | { readonly strategy: 'none' }
  | { readonly strategy: 'fixed-delay'; readonly attempts: number; readonly delayMs: number }
  | {
      readonly strategy: 'failure-rate';
      readonly failuresPerIntervalMax: number;
      readonly intervalMs: number;
      readonly delayMs: number;
    }
  | ExponentialDelay;

export interface ExponentialDelay {
  readonly strategy: 'exponential-delay';
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly multiplier: number;
  readonly resetThresholdMs: number;
  readonly jitterFactor: number;
  /** From 1.19 on; without a limit before. */
  readonly attemptsBeforeReset?: number;
}

const PREFIX = 'restart-strategy.';
const INTEGER_MAX = 2_147_483_647;

/** Up to 1.16 only `restart-strategy`, which later versions still read. */
export const restartStrategy = (version: FlinkVersion): ConfigOption =>
  isAtLeast(version, 1, 17)
    ? { key: 'restart-strategy.type', deprecated: ['restart-strategy'] }
    : { key: 'restart-strategy' };

/** Names that `RestartStrategyOptions.RestartStrategyType` and its forerunners take, in any case. */
const STRATEGIES: ReadonlyMap<string, Restart['strategy']> = new Map([
  ['none', 'none'],
  ['off', 'none'],
  ['disable', 'none'],
  ['fixeddelay', 'fixed-delay'],
  ['fixed-delay', 'fixed-delay'],
  ['failurerate', 'failure-rate'],
  ['failure-rate', 'failure-rate'],
  ['exponentialdelay', 'exponential-delay'],
  ['exponential-delay', 'exponential-delay'],
]);

/**
 * The strategy that a configuration names, with its parameters; undefined where it names none, whatever parameters it
 * has. `RestartStrategies.fromConfiguration` up to 1.18, `RestartBackoffTimeStrategyFactoryLoader` since.
 *
 * @throws Refusal where a name or a value cannot be read
 */
export function readRestart(configuration: Configuration, version: FlinkVersion): Restart | undefined {
  const name = setValue(configuration, restartStrategy(version));
  if (name === undefined) return undefined;
  const strategy = STRATEGIES.get(name.toLowerCase());
  if (strategy === undefined) throw unknownStrategy(name, version);
  const read = <T>(key: string, reader: (text: string) => T, otherwise: T): T =>
    readSet(configuration, { key: `${PREFIX}${strategy}.${key}` }, reader) ?? otherwise;
  const milliseconds = (key: string, otherwise: number): number =>
    read(key, (text) => toMilliseconds(readDuration(text, version)), otherwise);
  switch (strategy) {
    case 'none':
      return { strategy };
    case 'fixed-delay':
      return { strategy, attempts: read('attempts', readInteger, 1), delayMs: milliseconds('delay', 1000) };
    case 'failure-rate':
      return {
        strategy,
        failuresPerIntervalMax: read('max-failures-per-interval', readInteger, 1),
        intervalMs: milliseconds('failure-rate-interval', 60_000),
        delayMs: milliseconds('delay', 1000),
      };
    case 'exponential-delay': {
      const defaults = exponentialDefaults(version);
      return {
        strategy,
        initialBackoffMs: milliseconds('initial-backoff', defaults.initialBackoffMs),
        maxBackoffMs: milliseconds('max-backoff', defaults.maxBackoffMs),
        multiplier: read('backoff-multiplier', readDouble, defaults.multiplier),
        resetThresholdMs: milliseconds('reset-backoff-threshold', defaults.resetThresholdMs),
        jitterFactor: read('jitter-factor', readDouble, defaults.jitterFactor),
        ...(defaults.attemptsBeforeReset === undefined
          ? {}
          : {
              attemptsBeforeReset: read('attempts-before-reset-backoff', readInteger, defaults.attemptsBeforeReset),
            }),
      };
    }
  }
}

/** What Flink does where no strategy is named: nothing without checkpoints, else start again for ever. */
export function defaultRestart(isCheckpointing: boolean, version: FlinkVersion): Restart {
  if (!isCheckpointing) return { strategy: 'none' };
  return isAtLeast(version, 1, 19)
    ? exponentialDefaults(version)
    : { strategy: 'fixed-delay', attempts: INTEGER_MAX, delayMs: 1000 };
}

function exponentialDefaults(version: FlinkVersion): ExponentialDelay {
  const isNew = isAtLeast(version, 1, 19);
  return {
    strategy: 'exponential-delay',
    initialBackoffMs: 1000,
    maxBackoffMs: isNew ? 60_000 : 300_000,
    multiplier: isNew ? 1.5 : 2,
    resetThresholdMs: 3_600_000,
    jitterFactor: 0.1,
    ...(isNew ? { attemptsBeforeReset: INTEGER_MAX } : {}),
  };
}

/** The checks of `FixedDelay-`, `FailureRate-` and `ExponentialDelayRestartBackoffTimeStrategy`. @throws Refusal */
export function checkedRestart(restart: Restart): Restart {
  const broken = conditionsOf(restart).find(([holds]) => !holds);
  if (broken !== undefined) throw new Refusal('IllegalArgumentException', broken[1]);
  return restart;
}

function conditionsOf(restart: Restart): readonly (readonly [holds: boolean, otherwise: string])[] {
  switch (restart.strategy) {
    case 'none':
      return [];
    case 'fixed-delay':
      return [[restart.attempts >= 0, 'Maximum number of restart attempts must be at least 0.']];
    case 'failure-rate':
      return [
        [
          restart.failuresPerIntervalMax > 0,
          'Maximum number of restart attempts per time unit must be greater than 0.',
        ],
        [restart.intervalMs > 0, 'Failures interval must be greater than 0 ms.'],
      ];
    case 'exponential-delay': {
      const { initialBackoffMs, maxBackoffMs, multiplier, resetThresholdMs, jitterFactor } = restart;
      const { attemptsBeforeReset = INTEGER_MAX } = restart;
      return [
        [initialBackoffMs >= 1, 'Initial backoff must be at least 1.'],
        [maxBackoffMs >= 1, 'Maximum backoff must be at least 1.'],
        [initialBackoffMs <= maxBackoffMs, 'Initial backoff cannot be higher than maximum backoff.'],
        [multiplier > 1, 'Backoff multiplier must be greater than 1.'],
        [resetThresholdMs >= 1, 'Threshold duration for exponential backoff reset must be at least 1.'],
        [jitterFactor >= 0 && jitterFactor <= 1, 'Jitter factor must be >= 0 and <= 1.'],
        [attemptsBeforeReset >= 1, 'The attemptsBeforeResetBackoff must be at least 1.'],
      ];
    }
  }
}

/** From 1.19 on the name comes back in lower case. */
function unknownStrategy(name: string, version: FlinkVersion): Refusal {
  return new Refusal(
    'IllegalArgumentException',
    isAtLeast(version, 1, 19)
      ? `${name.toLowerCase()} is an unknown value of RestartStrategyType.`
      : `Unknown restart strategy ${name}.`,
  );
}
