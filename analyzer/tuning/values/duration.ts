import type { FlinkVersion } from '../../../collector/model/index.js';
import { isAtLeast, NEWEST_FLINK } from './flink-version.js';
import { javaTrim, LONG_MAX } from './java-numbers.js';
import { attempt, Refusal } from './refusal.js';

/** Durations as Flink's `TimeUtils` reads and writes them: nanoseconds, hence `bigint`. */

interface Unit {
  readonly name: string;
  readonly labels: readonly string[];
  readonly nanoseconds: bigint;
}

const SECOND = 1_000_000_000n;
const UNITS: readonly Unit[] = [
  { name: 'DAYS', labels: ['d', 'day', 'days'], nanoseconds: 86_400n * SECOND },
  { name: 'HOURS', labels: ['h', 'hour', 'hours'], nanoseconds: 3600n * SECOND },
  { name: 'MINUTES', labels: ['min', 'm', 'minute', 'minutes'], nanoseconds: 60n * SECOND },
  { name: 'SECONDS', labels: ['s', 'sec', 'secs', 'second', 'seconds'], nanoseconds: SECOND },
  {
    name: 'MILLISECONDS',
    labels: ['ms', 'milli', 'millis', 'millisecond', 'milliseconds'],
    nanoseconds: 1_000_000n,
  },
  { name: 'MICROSECONDS', labels: ['µs', 'micro', 'micros', 'microsecond', 'microseconds'], nanoseconds: 1000n },
  { name: 'NANOSECONDS', labels: ['ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds'], nanoseconds: 1n },
];
/** How Flink writes a unit. */
const WRITTEN: Readonly<Record<string, string>> = { MINUTES: 'min' };
const NANOSECONDS_MAX = LONG_MAX * SECOND + (SECOND - 1n);

/**
 * `TimeUtils.parseDuration`: a whole number and a unit; a bare number is milliseconds. `m` for minutes came with 1.15,
 * ISO-8601 (`PT10S`) with 2.1.
 *
 * @throws Refusal as Flink does
 */
export function readDuration(text: string, version: FlinkVersion): bigint {
  const trimmed = javaTrim(text);
  if (trimmed === '') throw new Refusal('IllegalArgumentException', 'argument is an empty- or whitespace-only string');
  const number = /^\d*/.exec(trimmed)?.[0] ?? '';
  if (number === '') return readIso(trimmed, version);
  const label = javaTrim(trimmed.slice(number.length)).toLowerCase();
  const value = BigInt(number);
  const wide = version.major >= 2;
  if (!wide && value > LONG_MAX)
    throw new Refusal(
      'IllegalArgumentException',
      `The value '${number}' cannot be re represented as 64bit number (numeric overflow).`,
    );
  const units = unitsOf(version);
  const unit = units.find(({ labels }) => labels.includes(label === '' ? 'ms' : label));
  if (unit === undefined)
    throw new Refusal(
      'IllegalArgumentException',
      `Time interval unit label '${label}' does not match any of the recognized units: ${units
        .map(({ name, labels }) => `${name}: (${labels.join(' | ')})`)
        .join(', ')}`,
    );
  const nanoseconds = value * unit.nanoseconds;
  if (nanoseconds <= NANOSECONDS_MAX) return nanoseconds;
  throw wide
    ? new Refusal(
        'IllegalArgumentException',
        `The value '${number}' cannot be represented as Duration (numeric overflow).`,
        new Refusal('ArithmeticException', 'BigInteger out of long range'),
      )
    : new Refusal('ArithmeticException', 'long overflow');
}

function unitsOf(version: FlinkVersion): readonly Unit[] {
  if (isAtLeast(version, 1, 15)) return UNITS;
  return UNITS.map((unit) =>
    unit.name === 'MINUTES' ? { ...unit, labels: unit.labels.filter((label) => label !== 'm') } : unit,
  );
}

/** Java's `Duration.parse`. */
const ISO = /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

function readIso(text: string, version: FlinkVersion): bigint {
  if (!isAtLeast(version, 2, 1)) throw new Refusal('NumberFormatException', 'text does not start with a number');
  const [whole, sign = '', days, time, hours, minutes, seconds, fraction = ''] = ISO.exec(text) ?? [];
  const nothing = [days, hours, minutes, seconds].every((part) => part === undefined);
  if (whole === undefined || nothing || time?.toUpperCase() === 'T')
    throw new Refusal(
      'NumberFormatException',
      `text does not start with a number, and is not a valid ISO-8601 duration format: ${text}`,
    );
  const nanoseconds = BigInt(fraction.padEnd(9, '0')) * (seconds?.startsWith('-') === true ? -1n : 1n);
  const total =
    (BigInt(days ?? 0) * 86_400n + BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0)) *
      SECOND +
    nanoseconds;
  if (sign === '-' ? total > 0n : total < 0n)
    throw new Refusal('NumberFormatException', 'negative duration is not supported');
  return sign === '-' ? -total : total;
}

/** `TimeUtils.formatWithHighestUnit`: in the largest unit that divides it. Up to 1.17 whole days come out as milliseconds. */
export function showDuration(nanoseconds: bigint, version: FlinkVersion): string {
  const divides = (unit: Unit): boolean => nanoseconds !== 0n && nanoseconds % unit.nanoseconds === 0n;
  const found = UNITS.find(divides);
  const unit =
    found === undefined || (found.name === 'DAYS' && !isAtLeast(version, 1, 18))
      ? UNITS.find(({ name }) => name === 'MILLISECONDS')
      : found;
  if (unit === undefined) return `${nanoseconds} ns`;
  return `${nanoseconds / unit.nanoseconds} ${WRITTEN[unit.name] ?? unit.labels[0] ?? ''}`;
}

/** Java's `Duration.toMillis`: whole milliseconds. @throws Refusal beyond 64 bits */
export function toMilliseconds(nanoseconds: bigint): number {
  const milliseconds = nanoseconds / 1_000_000n;
  if (milliseconds > LONG_MAX) throw new Refusal('ArithmeticException', 'long overflow');
  return Number(milliseconds);
}

/** Milliseconds of a duration as the newest Flink reads it, in fractions where it has some; undefined where it would refuse. */
export function parseDurationMs(text: string): number | undefined {
  const duration = attempt(() => readDuration(text, NEWEST_FLINK));
  return duration.ok ? Number(duration.value) / 1_000_000 : undefined;
}
