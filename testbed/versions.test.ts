import { describe, expect, it } from 'vitest';
import { findRelease, releases } from './versions.js';

describe('findRelease', () => {
  it.each([
    ['1.20', '1.20.3'],
    ['2.x', '2.3.0'],
    ['2.3.0', '2.3.0'],
  ])('%s is %s', (wanted, version) => {
    expect(findRelease(wanted).version).toBe(version);
  });

  it('names what it knows when asked for something else', () => {
    expect(() => findRelease('1.9')).toThrow(/1\.9 is not in the testbed's table.*1\.20 or 1\.x/);
  });

  it('has no word that means two releases', () => {
    const words = releases.flatMap((r) => [r.line, r.version, ...r.aliases]);
    expect(new Set(words).size).toBe(words.length);
  });
});
