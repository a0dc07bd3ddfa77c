import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../testing/must.js';
import { evenerChoices, keyGroupPlan, UNEVEN_FROM } from './key-group-plan.js';
import { refusedOf } from './values/refusal.js';

describe('keyGroupPlan', () => {
  it('covers every key group once, within ceil and floor of the share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 600 }), (parallelism, more) => {
        const plan = keyGroupPlan(parallelism, parallelism + more);
        if (!plan.ok) throw new Error(refusedOf(plan));
        const { ranges, maxParallelism, minGroups, maxGroups } = plan.value;
        expect(ranges.map(([subtask]) => subtask)).toEqual([...ranges.keys()]);
        expect(ranges.reduce((sum, [, first, last]) => sum + last - first + 1, 0)).toBe(maxParallelism);
        expect(minGroups).toBe(Math.floor(maxParallelism / parallelism));
        expect(maxGroups).toBe(Math.ceil(maxParallelism / parallelism));
      }),
    );
  });

  it.each([
    [0, undefined, 'Operator parallelism not within bounds: 0'],
    [-3, 128, 'Operator parallelism not within bounds: -3'],
    [4, 32_769, 'Operator parallelism not within bounds: 32769'],
    [40_000, 40_000, 'Operator parallelism not within bounds: 40000'],
    [129, 128, 'Maximum parallelism must not be smaller than parallelism.'],
  ])('%s over %s is refused in Flink’s words', (parallelism, maxParallelism, message) => {
    const plan = keyGroupPlan(parallelism, maxParallelism);
    expect(plan.ok ? '' : refusedOf(plan)).toBe(message);
  });
});

describe('evenerChoices', () => {
  const choicesOf = (parallelism: number, maxParallelism: number) => {
    const plan = keyGroupPlan(parallelism, maxParallelism);
    return evenerChoices(must(plan.ok ? plan.value : undefined));
  };
  it.each([
    [8, 128, undefined],
    [127, 4096, undefined],
    [100, 128, { parallelisms: [64, 128], maxParallelism: 200 }],
    [3, 4, { parallelisms: [2, 4], maxParallelism: 6 }],
    [20_000, 32_768, { parallelisms: [16_384, 32_768] }],
  ])('%i over %i', (parallelism, maxParallelism, expected) => {
    expect(choicesOf(parallelism, maxParallelism)).toEqual(expected);
  });

  it('offers only what is even', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 300 }), (parallelism, more) => {
        const maxParallelism = parallelism + more;
        const choices = choicesOf(parallelism, maxParallelism);
        for (const choice of choices?.parallelisms ?? []) expect(maxParallelism % choice).toBe(0);
        if (choices?.maxParallelism !== undefined) expect(choices.maxParallelism % parallelism).toBe(0);
        if (choices === undefined)
          expect((Math.ceil(maxParallelism / parallelism) * parallelism) / maxParallelism).toBeLessThan(UNEVEN_FROM);
      }),
    );
  });
});
