import { expect, it } from 'vitest';
import { parseJavaMajor } from './java.js';

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_392"', 8],
  ['command not found', undefined],
])('reads the version from: %s', (text, expected) => {
  expect(parseJavaMajor(text)).toBe(expected);
});
