import { describe, expect, it } from 'vitest';
import type { TaskManagerSample } from '../../collector/model/index.js';
import { must } from '../testing/must.js';
import { metaspaceRunOf } from './metaspace.js';

const MIB = 2 ** 20;
/** A reading every ten seconds, in MiB of 256. */
const runOf = (used: readonly number[]) => {
  const samples = used.map((mib, i): TaskManagerSample => ({
    atMs: i * 10_000,
    metaspaceUsedBytes: mib * MIB,
    metaspaceMaxBytes: 256 * MIB,
    collectors: [],
  }));
  return metaspaceRunOf({ samples }, 0);
};
const steps = (used: readonly number[]): number => must(runOf(used)).steps;

describe('metaspace', () => {
  it.each([
    ['none while it stands', [60, 60, 60, 60.5], 0],
    ['none while the process loads its own classes', [20, 40, 60, 80, 80], 0],
    ['one for each rise', [60, 60, 70, 70, 80, 80], 2],
    ['one for a rise over several readings', [60, 60, 70, 80, 90, 90, 100], 2],
    ['those since classes went', [60, 60, 70, 70, 50, 50, 60, 60], 1],
  ])('steps: %s', (_claim, used, count) => {
    expect(steps(used)).toBe(count);
  });

  it('begins where classes were last unloaded', () => {
    expect(must(runOf([60, 70, 70, 50, 50, 60]))).toMatchObject({
      startBytes: 50 * MIB,
      usedBytes: 60 * MIB,
      windowMs: 20_000,
    });
  });

  it('is not known where nothing is told', () => {
    expect(metaspaceRunOf({ samples: [{ atMs: 0, collectors: [] }] }, 0)).toBeUndefined();
    expect(metaspaceRunOf({ samples: [] }, 0)).toBeUndefined();
  });

  it('has no line before four steps', () => {
    expect(must(runOf([60, 60, 70, 70, 80, 80, 90, 90])).line).toBeUndefined();
    expect(must(runOf([60, 60, 70, 70, 80, 80, 90, 90, 100, 100])).line?.perMs).toBeCloseTo((10 * MIB) / 20_000, -1);
  });
});
