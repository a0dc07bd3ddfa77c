import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIB } from '../../testing/job-builder.js';
import { must } from '../../testing/must.js';
import { budgetFor, processSizeForHeap } from './budget.js';

describe('processSizeForHeap', () => {
  it('is the smallest process, in whole MiB, that leaves the heap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 65_536 }), (heapMib) => {
        const process = must(processSizeForHeap(heapMib * MIB, {}, undefined));
        const heapOf = (bytes: number): number => {
          const budget = budgetFor(bytes, {}, undefined);
          return budget === undefined ? 0 : budget.taskHeapBytes + budget.frameworkHeapBytes;
        };
        expect(process % MIB).toBe(0);
        expect(heapOf(process)).toBeGreaterThanOrEqual(heapMib * MIB);
        expect(heapOf(process - MIB)).toBeLessThan(heapMib * MIB);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the default process the heap that Flink gives it (-Xmx536870902)', () => {
    const { taskHeapBytes, frameworkHeapBytes } = must(budgetFor(1728 * MIB, {}, undefined));
    expect(taskHeapBytes + frameworkHeapBytes).toBe(536_870_902);
    expect(processSizeForHeap(536_870_902, {}, undefined)).toBe(1728 * MIB);
  });

  it('knows when no process is large enough: other parts take a fixed share of all', () => {
    const greedy = { 'taskmanager.memory.managed.fraction': '0.9', 'taskmanager.memory.network.fraction': '0.1' };
    expect(processSizeForHeap(512 * MIB, greedy, undefined)).toBeUndefined();
  });

  it('counts with the limit of network memory up to 1.16: 1 GiB', () => {
    const networkOf = (minor: number): number =>
      must(budgetFor(64 * 1024 * MIB, {}, { major: 1, minor, text: '' })).networkBytes;
    expect(networkOf(16)).toBe(1024 * MIB);
    expect(networkOf(17)).toBeGreaterThan(6 * 1024 * MIB);
  });

  it('leaves out the options that give the size by another way', () => {
    const other = { 'taskmanager.memory.flink.size': '1g', 'taskmanager.heap.size': '1g' };
    expect(budgetFor(4096 * MIB, other, undefined)).toEqual(budgetFor(4096 * MIB, {}, undefined));
  });
});
