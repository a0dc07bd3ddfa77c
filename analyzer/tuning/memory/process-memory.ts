import { readFloat, showDouble } from '../values/java-numbers.js';
import { add, multiply, showReadably } from '../values/memory-size.js';
import { Refusal } from '../values/refusal.js';
import { isSet, readSet, type Configuration, type ConfigOption } from '../values/configuration.js';
import { showOption, sizeOf } from './options.js';

/**
 * What the memory of a TaskManager and of a JobManager have in common: Flink's `ProcessMemoryUtils` (FLIP-49, FLIP-116),
 * with its order of checks and its messages. All sizes in bytes.
 */

export interface ProcessOptions {
  /** Options which, all set, are enough to derive everything else. */
  readonly fineGrained: readonly ConfigOption[];
  readonly flink: ConfigOption;
  readonly process: ConfigOption;
  readonly metaspace: ConfigOption;
  readonly overhead: FractionOptions;
}

export interface FractionOptions {
  readonly min: ConfigOption;
  readonly max: ConfigOption;
  readonly fraction: ConfigOption;
}

export interface Range {
  readonly min: bigint;
  readonly max: bigint;
  readonly fraction: number;
}

/** How a component cuts its Flink memory. */
export interface FlinkMemoryModel<Parts> {
  readonly fromFineGrained: (configuration: Configuration) => Parts;
  readonly fromTotal: (configuration: Configuration, flinkBytes: bigint) => Parts;
  readonly total: (parts: Parts) => bigint;
}

export interface ProcessMemory<Parts> {
  readonly parts: Parts;
  readonly flinkBytes: bigint;
  readonly metaspaceBytes: bigint;
  readonly overheadBytes: bigint;
  readonly processBytes: bigint;
}

export const illegal = (message: string, because?: Refusal): Refusal =>
  new Refusal('IllegalConfigurationException', message, because);

/** @throws Refusal where Flink would refuse to start the process */
export function deriveProcessMemory<Parts>(
  configuration: Configuration,
  options: ProcessOptions,
  model: FlinkMemoryModel<Parts>,
): ProcessMemory<Parts> {
  if (options.fineGrained.every((option) => isSet(configuration, option))) {
    const parts = model.fromFineGrained(configuration);
    return withJvm(parts, model.total(parts), jvmBesideFlink(configuration, options, model.total(parts)));
  }
  if (isSet(configuration, options.flink)) {
    const flinkBytes = sizeOf(configuration, options.flink);
    const parts = model.fromTotal(configuration, flinkBytes);
    return withJvm(parts, flinkBytes, jvmBesideFlink(configuration, options, flinkBytes));
  }
  if (isSet(configuration, options.process)) {
    const processBytes = sizeOf(configuration, options.process);
    const jvm = jvmWithin(configuration, options, processBytes);
    const flinkBytes = processBytes - jvm.metaspaceBytes - jvm.overheadBytes;
    return withJvm(model.fromTotal(configuration, flinkBytes), flinkBytes, jvm);
  }
  throw illegal(
    `Either required fine-grained memory (${options.fineGrained.map(({ key }) => key).join(' and ')}), ` +
      `or Total Flink Memory size (${showOption(options.flink)}), ` +
      `or Total Process Memory size (${showOption(options.process)}) need to be configured explicitly.`,
  );
}

interface Jvm {
  readonly metaspaceBytes: bigint;
  readonly overheadBytes: bigint;
}

function withJvm<Parts>(parts: Parts, flinkBytes: bigint, jvm: Jvm): ProcessMemory<Parts> {
  return { parts, flinkBytes, ...jvm, processBytes: add(flinkBytes, jvm.metaspaceBytes, jvm.overheadBytes) };
}

/** Metaspace and overhead out of a process of a given size. */
function jvmWithin(configuration: Configuration, options: ProcessOptions, processBytes: bigint): Jvm {
  const metaspaceBytes = sizeOf(configuration, options.metaspace);
  const overheadBytes = shareOf(processBytes, rangeOf(configuration, options.overhead));
  if (add(metaspaceBytes, overheadBytes) > processBytes)
    throw illegal(
      `Sum of configured JVM Metaspace (${showReadably(metaspaceBytes)}) and JVM Overhead ` +
        `(${showReadably(overheadBytes)}) exceed configured Total Process Memory (${showReadably(processBytes)}).`,
    );
  return { metaspaceBytes, overheadBytes };
}

/** Metaspace and overhead beside a Flink memory of a given size. */
function jvmBesideFlink(configuration: Configuration, options: ProcessOptions, flinkBytes: bigint): Jvm {
  const metaspaceBytes = sizeOf(configuration, options.metaspace);
  const bothBytes = add(flinkBytes, metaspaceBytes);
  if (!isSet(configuration, options.process)) {
    return { metaspaceBytes, overheadBytes: shareBeside(bothBytes, rangeOf(configuration, options.overhead)) };
  }
  const processBytes = sizeOf(configuration, options.process);
  if (processBytes < bothBytes)
    throw illegal(
      // Two spaces, as Flink has them.
      `The configured Total Process Memory size (${showReadably(processBytes)}) is less than the sum of the derived ` +
        `Total Flink Memory size (${showReadably(flinkBytes)}) and the configured or default JVM Metaspace size  ` +
        `(${showReadably(metaspaceBytes)}).`,
    );
  const overheadBytes = processBytes - bothBytes;
  mustBeWithin('JVM Overhead', overheadBytes, rangeOf(configuration, options.overhead));
  return { metaspaceBytes, overheadBytes };
}

/** A derived part must lie in the range that is configured for it. */
export function mustBeWithin(what: string, bytes: bigint, { min, max }: Range): void {
  if (bytes > max || bytes < min)
    throw illegal(
      `Derived ${what} size (${showReadably(bytes)}) is not in configured ${what} range ` +
        `[${showReadably(min)}, ${showReadably(max)}].`,
    );
}

export function rangeOf(configuration: Configuration, options: FractionOptions): Range {
  const min = sizeOf(configuration, options.min);
  const max = sizeOf(configuration, options.max);
  return checkedRange(configuration, options.fraction, min, max);
}

export function checkedRange(configuration: Configuration, option: ConfigOption, min: bigint, max: bigint): Range {
  const fraction = readSet(configuration, option, readFloat) ?? readFloat(option.default ?? '');
  const wrong =
    min > max
      ? 'min value must be less or equal to max value'
      : fraction >= 0 && fraction < 1
        ? undefined
        : 'fraction must be in range [0, 1)';
  if (wrong !== undefined)
    throw illegal(
      `Inconsistently configured ${showOption(option)} (${showDouble(fraction)}) and its min (${showReadably(min)}), ` +
        `max (${showReadably(max)}) value`,
      new Refusal('IllegalArgumentException', wrong),
    );
  return { min, max, fraction };
}

/** A fraction of the whole, within its range. */
export function shareOf(wholeBytes: bigint, { min, max, fraction }: Range): bigint {
  return capped(multiply(wholeBytes, fraction), min, max);
}

/** What is a fraction of the whole once it stands beside the rest, within its range. */
export function shareBeside(restBytes: bigint, { min, max, fraction }: Range): bigint {
  return capped(multiply(restBytes, fraction / (1 - fraction)), min, max);
}

const capped = (bytes: bigint, min: bigint, max: bigint): bigint => (bytes > max ? max : bytes < min ? min : bytes);
