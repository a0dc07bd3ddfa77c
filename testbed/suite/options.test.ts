import { describe, expect, it } from 'vitest';
import { parseSuiteOptions } from './options.js';

describe('parseSuiteOptions', () => {
  it('has the fixed choice, two clusters and no one-shot check by default', () => {
    expect(parseSuiteOptions([])).toEqual({
      all: false,
      allVersions: false,
      parallel: 2,
      healthyMinutes: 3,
      check: false,
      reporters: false,
    });
  });

  it('watches healthy jobs longer and runs the check with --all', () => {
    expect(parseSuiteOptions(['--all'])).toMatchObject({ all: true, healthyMinutes: 10, check: true });
  });

  it.each([
    [['--all', '--no-check'], false],
    [['--check'], true],
  ])('%j decides about the check', (argv, check) => {
    expect(parseSuiteOptions(argv).check).toBe(check);
  });

  it('splits lists', () => {
    const options = parseSuiteOptions(['--flink', '1.20,2.x', '--scenario', 'slow-sink, hot-key']);
    expect(options).toMatchObject({ flink: ['1.20', '2.x'], scenario: ['slow-sink', 'hot-key'] });
  });
});
