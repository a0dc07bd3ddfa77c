import { describe, expect, it } from 'vitest';
import { capabilitiesOf, isAtLeast, parseFlinkVersion } from './capabilities.js';

describe('parseFlinkVersion', () => {
  it.each([
    ['1.20.3', 1, 20],
    ['2.3.0', 2, 3],
    ['1.15.1-csa1.8.0', 1, 15],
    ['1.13-vvr-4.0', 1, 13],
    ['2.0-SNAPSHOT', 2, 0],
    ['<unknown>', 0, 0],
  ])('%s', (text, major, minor) => {
    expect(parseFlinkVersion(text)).toEqual({ major, minor, text });
  });
});

describe('capabilities', () => {
  it.each([
    ['1.13.6', false],
    ['1.15.4', false],
    ['1.16.0', true],
    ['2.3.0', true],
  ])('%s has accumulated times: %s', (text, has) => {
    expect(capabilitiesOf(parseFlinkVersion(text)).accumulatedTimes).toBe(has);
  });

  it('compare major before minor', () => {
    expect(isAtLeast(parseFlinkVersion('2.0'), 1, 20)).toBe(true);
    expect(isAtLeast(parseFlinkVersion('1.9'), 1, 20)).toBe(false);
  });
});
