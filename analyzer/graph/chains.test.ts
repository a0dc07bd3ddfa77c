import { describe, expect, it } from 'vitest';
import { historyOf, type JobSpec } from '../testing/job-builder.js';
import { CHAINED, HEALTHY } from '../testing/scenarios.js';
import { brokenChainsOf } from './chains.js';

const pair = (name: string, more: Partial<JobSpec['vertices'][string]> = {}): JobSpec => ({
  vertices: { a: { parallelism: 2, name }, b: { parallelism: 2, inputs: { a: 'FORWARD' }, ...more } },
});
const broken = (spec: JobSpec): readonly [number, boolean] => {
  const { edges, everywhere } = brokenChainsOf(historyOf(spec));
  return [edges.length, everywhere];
};

describe('brokenChainsOf', () => {
  const claims: readonly (readonly [string, JobSpec, readonly [number, boolean]])[] = [
    ['counts a forward exchange between equals', pair('a'), [1, true]],
    ['knows a chain by its name', pair('a -> map'), [1, false]],
    ['takes another parallelism for a reason', pair('a', { parallelism: 3 }), [0, true]],
    ['takes another slot sharing group for a reason', pair('a', { slotSharingGroup: 'x' }), [0, true]],
    ['leaves shuffles out', HEALTHY, [0, true]],
    ['finds none in one vertex', CHAINED, [0, false]],
  ];
  it.each(claims)('%s', (_claim, spec, expected) => {
    expect(broken(spec)).toEqual(expected);
  });
});
