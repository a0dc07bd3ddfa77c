import type { FlinkVersion } from '../../../collector/model/index.js';
import { readDuration } from '../values/duration.js';
import { readBoolean, readDouble, readInteger } from '../values/java-numbers.js';
import { Refusal } from '../values/refusal.js';

/** The releases of the operator whose own classes the model was held against. */
export const AUTOSCALER_VERSIONS = ['1.10.0', '1.15.0'] as const;
export type AutoscalerVersion = (typeof AUTOSCALER_VERSIONS)[number];

export const BUSY_AGGREGATORS = ['AVG', 'MAX', 'MIN'] as const;
export const ADJUST_MODES = ['EVENLY_SPREAD', 'MAXIMIZE_UTILISATION'] as const;

/** What of `AutoScalerOptions` the decision depends on. */
export interface AutoscalerOptions {
  readonly version: AutoscalerVersion;
  readonly utilizationTarget: number;
  readonly utilizationBoundary: number;
  /** Instead of target and boundary; no option of 1.10.0. */
  readonly utilizationMax?: number;
  readonly utilizationMin?: number;
  readonly vertexMinParallelism: number;
  readonly vertexMaxParallelism: number;
  readonly scaleUpMaxFactor: number;
  readonly scaleDownMaxFactor: number;
  readonly scaleDownIntervalMs: number;
  /** Whole seconds, as the code takes them (`Duration.toSeconds`). */
  readonly catchUpSeconds: number;
  readonly restartSeconds: number;
  readonly backlogLagSeconds: number;
  readonly busyAggregator: (typeof BUSY_AGGREGATORS)[number];
  /** From this lag on the rate of a source is taken as observed. */
  readonly observedRateLagSeconds: number;
  readonly observedRateSwitchThreshold: number;
  readonly observedRateMinObservations: number;
  readonly blocksIneffective: boolean;
  readonly effectivenessThreshold: number;
  readonly gcPressureMax: number;
  readonly heapUsageMax: number;
  readonly excludedVertexIds: readonly string[];
  /** Of 1.15.0 only. */
  readonly adjustMode: (typeof ADJUST_MODES)[number];
  readonly observesScalability: boolean;
  readonly scalabilityMinObservations: number;
  readonly scalabilityCoefficientMin: number;
}

type Configuration = Readonly<Record<string, string>>;

const PREFIX = 'job.autoscaler.';
const OLD_PREFIX = 'kubernetes.operator.job.autoscaler.';
/** Flink's own version in the operator: it says how durations are read. */
const FLINK_OF: Readonly<Record<AutoscalerVersion, FlinkVersion>> = {
  '1.10.0': { major: 1, minor: 19, text: '1.19.1' },
  '1.15.0': { major: 1, minor: 20, text: '1.20.1' },
};

/**
 * `AutoScalerOptions`, with the defaults of a release. The keys are whole ones (`job.autoscaler.…`, or the older
 * `kubernetes.operator.job.autoscaler.…`); what the release does not know has no effect.
 *
 * @throws Refusal as `Configuration.get`
 */
export function readAutoscalerOptions(configuration: Configuration, version: AutoscalerVersion): AutoscalerOptions {
  const lookUp = lookUpIn(configuration);
  const double = (name: string, fallback: number): number => lookUp([name], readDouble) ?? fallback;
  const integer = (name: string, fallback: number): number => lookUp([name], readInteger) ?? fallback;
  const boolean = (name: string, fallback: boolean): boolean => lookUp([name], readBoolean) ?? fallback;
  const ms = (names: readonly [string, ...string[]], fallback: number): number =>
    lookUp(names, (text) => Number(readDuration(text, FLINK_OF[version]) / 1_000_000n)) ?? fallback;
  const seconds = (name: string, fallback: number): number =>
    lookUp([name], (text) => Number(readDuration(text, FLINK_OF[version]) / 1_000_000_000n)) ?? fallback;
  const later = version === '1.15.0';
  const [max, min] = later
    ? [lookUp(['utilization.max'], readDouble), lookUp(['utilization.min'], readDouble)]
    : [undefined, undefined];
  return {
    version,
    utilizationTarget:
      lookUp(later ? ['utilization.target', 'target.utilization'] : ['target.utilization'], readDouble) ?? 0.7,
    utilizationBoundary: double('target.utilization.boundary', 0.3),
    ...(max === undefined ? {} : { utilizationMax: max }),
    ...(min === undefined ? {} : { utilizationMin: min }),
    vertexMinParallelism: integer('vertex.min-parallelism', 1),
    vertexMaxParallelism: integer('vertex.max-parallelism', 200),
    scaleUpMaxFactor: double('scale-up.max-factor', 100_000),
    scaleDownMaxFactor: double('scale-down.max-factor', 0.6),
    scaleDownIntervalMs: ms(['scale-down.interval', 'scale-up.grace-period'], 3_600_000),
    catchUpSeconds: seconds('catch-up.duration', 1800),
    restartSeconds: seconds('restart.time', 300),
    backlogLagSeconds: seconds('backlog-processing.lag-threshold', 300),
    busyAggregator: lookUp(['metrics.busy-time.aggregator'], oneOf('MetricAggregator', BUSY_AGGREGATORS)) ?? 'MAX',
    observedRateLagSeconds: seconds('observed-true-processing-rate.lag-threshold', 30),
    observedRateSwitchThreshold: double('observed-true-processing-rate.switch-threshold', 0.15),
    observedRateMinObservations: integer('observed-true-processing-rate.min-observations', 2),
    blocksIneffective: boolean('scaling.effectiveness.detection.enabled', false),
    effectivenessThreshold: double('scaling.effectiveness.threshold', 0.1),
    gcPressureMax: double('memory.gc-pressure.threshold', 1),
    heapUsageMax: double('memory.heap-usage.threshold', 1),
    excludedVertexIds: lookUp(['vertex.exclude.ids'], readList) ?? [],
    ...laterOptions(lookUp, later),
  };
}

/** `scaling.key-group.partitions.adjust.mode` (1.11) and `observed-scalability.*` (1.12). */
function laterOptions(
  lookUp: LookUp,
  later: boolean,
): Pick<
  AutoscalerOptions,
  'adjustMode' | 'observesScalability' | 'scalabilityMinObservations' | 'scalabilityCoefficientMin'
> {
  const known = <T>(name: string, read: (text: string) => T, fallback: T): T =>
    (later ? lookUp([name], read) : undefined) ?? fallback;
  return {
    adjustMode: known(
      'scaling.key-group.partitions.adjust.mode',
      oneOf('KeyGroupOrPartitionsAdjustMode', ADJUST_MODES),
      'EVENLY_SPREAD',
    ),
    observesScalability: known('observed-scalability.enabled', readBoolean, false),
    scalabilityMinObservations: known('observed-scalability.min-observations', readInteger, 3),
    scalabilityCoefficientMin: known('observed-scalability.coefficient-min', readDouble, 0.5),
  };
}

type LookUp = <T>(names: readonly [string, ...string[]], read: (text: string) => T) => T | undefined;

/** `Configuration.getOptional`: the key itself, its fallback keys (the older prefix), its deprecated keys, in this order. */
function lookUpIn(configuration: Configuration): LookUp {
  return (names, read) => {
    const [name, ...deprecated] = names;
    const keys = [PREFIX + name, ...names.map((each) => OLD_PREFIX + each), ...deprecated.map((each) => PREFIX + each)];
    const key = keys.find((candidate) => configuration[candidate] !== undefined);
    const value = key === undefined ? undefined : configuration[key];
    if (value === undefined) return undefined;
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(
        'IllegalArgumentException',
        `Could not parse value '${value}' for key '${PREFIX + name}'.`,
        error,
      );
    }
  };
}

/** `ConfigurationUtils.convertToEnum`: in any case. */
function oneOf<T extends string>(enumName: string, values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text.toUpperCase());
    if (found !== undefined) return found;
    throw new Refusal(
      'IllegalArgumentException',
      `Could not parse value for enum ${enumName}. Expected one of: [[${values.join(', ')}]]`,
    );
  };
}

const readList = (text: string): readonly string[] =>
  text
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
