import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIXTURE_VERSIONS, reporterText } from '../testing/fixtures.js';
import { MAX_LINE_CHARS } from './limits.js';
import { parseLabels, TextScanner } from './text-scanner.js';

interface Scanned {
  readonly series: readonly (readonly [name: string, labels: string, value: number])[];
  readonly malformed: number;
}

function scan(pieces: readonly string[], isWanted = (_name: string): boolean => true): Scanned {
  const series: [string, string, number][] = [];
  const scanner = new TextScanner(isWanted, (...one) => series.push(one));
  for (const piece of pieces) scanner.push(piece);
  scanner.end();
  return { series, malformed: scanner.malformed };
}

/** A second opinion: the whole text at once, by one expression per line. */
const byExpression = (text: string): Scanned['series'] =>
  text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, labels, Number(value)] as const];
  });

describe('the scanner of Prometheus text', () => {
  it.each([
    ['a value alone', 'up 1', ['up', '', 1]],
    ['labels, the last one with a comma as Flink writes it', 'up{a="b",} 1.0', ['up', 'a="b",', 1]],
    ['a large number as Java writes it', 'n 1.2345E7', ['n', '', 12_345_000]],
    ["Flink's lowest watermark", 'w -9.223372036854775808E18', ['w', '', -9.223372036854776e18]],
    ['a timestamp after the value', 'n{a="b"} 3 1700000000000', ['n', 'a="b"', 3]],
    ['blanks around everything', ' \tn {a="b"}\t3 ', ['n', 'a="b"', 3]],
    ['a brace and an escaped quote within a label', 'n{a="}\\"{",b="\\\\"} 3', ['n', 'a="}\\"{",b="\\\\"', 3]],
    ['a line end of Windows', 'n 3\r', ['n', '', 3]],
    ['infinity', 'n +Inf', ['n', '', Infinity]],
    ['minus infinity', 'n -Inf', ['n', '', -Infinity]],
    ['no number', 'n NaN', ['n', '', NaN]],
  ])('reads %s', (_what, line, expected) => {
    expect(scan([line])).toEqual({ series: [expected], malformed: 0 });
    expect(scan([`${line}\n`, '# HELP n text {\n', '\n'])).toEqual({ series: [expected], malformed: 0 });
  });

  it.each(['word', 'n{a="b" 3', 'n{a="b"} word', 'n{a="b"}', '{a="b"} 3'])('counts %s as no series', (line) => {
    expect(scan([line, '\nup 1'])).toEqual({ series: [['up', '', 1]], malformed: 1 });
  });

  it('leaves a line out that is longer than any can be, and goes on after it', () => {
    const long = 'x'.repeat(MAX_LINE_CHARS);
    expect(scan(['up 1\nn{a="', long, long, '"} 3\ndown 2\n'])).toEqual({
      series: [
        ['up', '', 1],
        ['down', '', 2],
      ],
      malformed: 1,
    });
  });

  it('hands on nothing that is not wanted', () => {
    expect(scan(['a 1\nb 2\nc 3'], (name) => name === 'b').series).toEqual([['b', '', 2]]);
  });

  it.each(FIXTURE_VERSIONS)('reads the text of a TaskManager and a JobManager of Flink %s', (version) => {
    for (const process of ['tm', 'jm'] as const) {
      const text = reporterText(version, process);
      const { series, malformed } = scan([text]);
      expect(malformed).toBe(0);
      expect(series).toEqual(byExpression(text));
      expect(series.length).toBeGreaterThan(40);
    }
  });

  it('reads the same wherever the text is cut', () => {
    const text = reporterText('2.3.0', 'tm').slice(0, 3000);
    const whole = scan([text]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(scan(places.slice(1).map((end, i) => text.slice(places[i], end)))).toEqual(whole);
      }),
    );
  });

  it('throws for no text whatever', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'ab{}",=\\ \n#1.') })), (pieces) => {
        for (const [, labels] of scan(pieces).series) parseLabels(labels);
      }),
    );
  });
});

describe('labels', () => {
  it.each([
    ['', []],
    ['a="b",', [['a', 'b']]],
    [
      'a="x\\"y\\\\z\\n", b = "}" ',
      [
        ['a', 'x"y\\z\n'],
        ['b', '}'],
      ],
    ],
  ])('%s', (text, expected) => {
    expect([...(parseLabels(text) ?? [])]).toEqual(expected);
  });

  it.each(['a', 'a=b', 'a="b', '="b"', 'a="b"c="d";'])('%s is none', (text) => {
    expect(parseLabels(text)).toBeUndefined();
  });
});
