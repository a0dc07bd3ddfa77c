import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseFlinkVersion } from '../../../collector/index.js';
import { parseDurationMs, readDuration, showDuration, toMilliseconds } from './duration.js';
import { readBoolean, readDouble, readInteger, readLong, showDouble } from './java-numbers.js';
import { mebibytes, parseMemorySize, readMemorySize, showMemorySize, showReadably } from './memory-size.js';
import { attempt, type Refused } from './refusal.js';

interface Vectors {
  readonly versions: readonly string[];
  readonly cases: readonly {
    readonly kind: 'duration' | 'memory' | 'memoryMb' | 'showMemory' | 'showDuration';
    readonly text: string;
    readonly out: unknown;
    readonly by?: Readonly<Record<string, unknown>>;
  }[];
}
// The file is ours (fixtures/README.md): its shape is known.
const vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/parse-values.json', import.meta.url), 'utf8'),
) as Vectors;
const MIB = 1024 ** 2;
const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** The vectors give whole milliseconds as a number, and anything else as seconds and nanoseconds. */
function durationOut(nanoseconds: bigint): unknown {
  const milliseconds = nanoseconds / 1_000_000n;
  if (nanoseconds % 1_000_000n === 0n && milliseconds <= 2n ** 53n) return Number(milliseconds);
  return { s: Number(nanoseconds / NANOSECONDS_PER_SECOND), nanos: Number(nanoseconds % NANOSECONDS_PER_SECOND) };
}

const outOf: Record<string, (text: string, version: string) => unknown> = {
  duration: (text, version) => durationOut(readDuration(text, parseFlinkVersion(version))),
  memory: (text) => Number(readMemorySize(text)),
  // The one place where Flink takes a bare number for megabytes.
  memoryMb: (text) => Number(readMemorySize(/^\d+$/.test(text) ? `${text}m` : text)),
  showMemory: (text) => [showMemorySize(BigInt(text)), showReadably(BigInt(text))],
  showDuration: (text, version) => showDuration(BigInt(text), parseFlinkVersion(version)),
};

describe.each(vectors.versions)('as the classes of Flink %s, error for error', (version) => {
  it.each(Object.keys(outOf))('%s', (wanted) => {
    const cases = vectors.cases.filter(({ kind }) => kind === wanted);
    const wrong = cases.flatMap(({ kind, text, out, by }) => {
      const answer = attempt(() => outOf[kind]?.(text, version));
      const got = answer.ok ? answer.value : { error: answer.refused };
      const expected = by?.[version] ?? out;
      return isDeepStrictEqual(got, expected) ? [] : [{ text, got, expected }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(cases.length).toBeGreaterThan(3);
  });
});

const refusal = (refused: Refused | undefined): string => refused?.[0]?.[1] ?? '';
const refusedBy = (read: () => unknown): string => {
  const answer = attempt(read);
  return answer.ok ? 'read' : refusal(answer.refused);
};

describe('numbers as Java reads them', () => {
  it.each([
    ['1.5f', 1.5],
    [' .5 ', 0.5],
    ['1e-3d', 0.001],
    ['-Infinity', -Infinity],
    ['0x1.8p1', 3],
  ] as const)('the double %s', (text, value) => {
    expect(readDouble(text)).toBe(value);
  });
  it.each([
    ['', 'empty String'],
    ['0,5', 'For input string: "0,5"'],
    ['0x1', 'For input string: "0x1"'],
  ])('no double: %s', (text, message) => {
    expect(refusedBy(() => readDouble(text))).toBe(message);
  });
  it.each([
    ['+3', 3],
    ['-2147483648', -2_147_483_648],
  ] as const)('the integer %s', (text, value) => {
    expect(readInteger(text)).toBe(value);
  });
  it.each(['2147483648', ' 3', '1.0', ''])('no integer: %s', (text) => {
    expect(refusedBy(() => readInteger(text))).toBe(`For input string: "${text}"`);
  });
  it.each(['9223372036854775807', '-9223372036854775808', '+5'])('the long %s', (text) => {
    expect(readLong(text)).toBe(BigInt(text.replace('+', '')));
  });
  it.each(['9223372036854775808', '', '1.0'])('no long: %s', (text) => {
    expect(refusedBy(() => readLong(text))).toBe(`For input string: "${text}"`);
  });
  it('milliseconds of a duration, cut, and none beyond 64 bits', () => {
    expect(toMilliseconds(1_999_999n)).toBe(1);
    expect(refusedBy(() => toMilliseconds(2n ** 63n * 1_000_000n))).toBe('long overflow');
  });
  it('`m` is a minute from 1.15 on', () => {
    const minute = (flink: string): string => refusedBy(() => readDuration('1 m', parseFlinkVersion(flink)));
    expect(minute('1.14.6')).toContain("label 'm' does not match");
    expect(minute('1.15.4')).toBe('read');
  });
  it('booleans in any case, and nothing else', () => {
    expect([readBoolean('True'), readBoolean('FALSE')]).toEqual([true, false]);
    expect(refusedBy(() => readBoolean('yes'))).toContain('Unrecognized option for boolean: yes');
  });
  it.each([
    [0.1, '0.1'],
    [1, '1.0'],
    [0, '0.0'],
    [0.0001, '1.0E-4'],
    [12_345_678, '1.2345678E7'],
    [NaN, 'NaN'],
  ] as const)('%s is written %s', (value, text) => {
    expect(showDouble(value)).toBe(text);
  });
});

describe('for the rules', () => {
  it.each([
    ['1728m', 1728 * MIB],
    ['1024', 1024],
    ['1.5g', undefined],
    ['1 mebibyte', undefined],
    ['', undefined],
  ])('the size %s', (text, bytes) => {
    expect(parseMemorySize(text)).toBe(bytes);
  });
  it.each([
    ['10 min', 600_000],
    ['10', 10],
    ['PT1M30S', 90_000],
    ['500 µs', 0.5],
    ['never', undefined],
  ])('the duration %s', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });
  it('sizes are written as whole MiB, rounded up', () => {
    expect([mebibytes(1728 * MIB), mebibytes(1728 * MIB + 1), mebibytes(0)]).toEqual(['1728m', '1729m', '0m']);
  });
});
