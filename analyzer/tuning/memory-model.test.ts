import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIB } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { budgetFor, networkMaxBytesOf, processSizeForHeap } from './memory-model.js';
import { mebibytes, parseMemorySize } from './memory-size.js';

interface Vectors {
  readonly cases: readonly {
    readonly config: Readonly<Record<string, string>>;
    readonly flink: string;
    /** Bytes, or null where Flink refuses the configuration. */
    readonly out: readonly number[] | null;
  }[];
}
// The file is ours (fixtures/README.md): its shape is known.
const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/memory-budgets.json', import.meta.url), 'utf8'),
) as Vectors;

describe('as Flink’s own TaskExecutorProcessUtils, to the byte', () => {
  const named = vectors.cases.map((vector) => [vector.flink, JSON.stringify(vector.config), vector] as const);
  it.each(named)('%s %s', (flink, _config, { config, out }) => {
    const [major = 0, minor = 0] = flink.split('.').map(Number);
    const process = must(parseMemorySize(must(config['taskmanager.memory.process.size'])));
    const budget = budgetFor(process, config, networkMaxBytesOf({ major, minor }));
    expect(
      budget === undefined
        ? null
        : [
            budget.frameworkHeapBytes,
            budget.taskHeapBytes,
            budget.frameworkOffHeapBytes,
            budget.taskOffHeapBytes,
            budget.networkBytes,
            budget.managedBytes,
            budget.metaspaceBytes,
            budget.overheadBytes,
            budget.flinkBytes,
            budget.processBytes,
          ],
    ).toEqual(out);
  });
});

describe('processSizeForHeap', () => {
  it('is the smallest process, in whole MiB, that leaves the heap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 65_536 }), (heapMib) => {
        const process = must(processSizeForHeap(heapMib * MIB, {}, networkMaxBytesOf(undefined)));
        const heapOf = (bytes: number): number => {
          const budget = budgetFor(bytes, {}, networkMaxBytesOf(undefined));
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
    const { taskHeapBytes, frameworkHeapBytes } = must(budgetFor(1728 * MIB, {}, networkMaxBytesOf(undefined)));
    expect(taskHeapBytes + frameworkHeapBytes).toBe(536_870_902);
    expect(processSizeForHeap(536_870_902, {}, networkMaxBytesOf(undefined))).toBe(1728 * MIB);
  });

  it('knows when no process is large enough: other parts take a fixed share of all', () => {
    const greedy = { 'taskmanager.memory.managed.fraction': '0.9', 'taskmanager.memory.network.fraction': '0.1' };
    expect(processSizeForHeap(512 * MIB, greedy, networkMaxBytesOf(undefined))).toBeUndefined();
  });

  it('knows the limit of network memory up to 1.16', () => {
    expect(networkMaxBytesOf({ major: 1, minor: 16 })).toBe(1024 * MIB);
    expect(networkMaxBytesOf({ major: 1, minor: 17 })).toBeGreaterThan(1024 ** 4);
    expect(networkMaxBytesOf({ major: 2, minor: 0 })).toBeGreaterThan(1024 ** 4);
  });
});

describe('parseMemorySize', () => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ['1728m', 1728 * MIB],
    ['1728 MB', 1728 * MIB],
    ['2g', 2048 * MIB],
    ['64 kibibytes', 65_536],
    ['1024', 1024],
    ['12 bytes', 12],
    [' 4t ', 4 * 1024 ** 4],
    ['1.5g', undefined],
    ['MiB', undefined],
    ['1 mebibyte', undefined],
    ['-1m', undefined],
    ['', undefined],
  ];
  it.each(table)('%s', (value, bytes) => {
    expect(parseMemorySize(value)).toBe(bytes);
  });

  it('is written as whole MiB, rounded up', () => {
    expect([mebibytes(1728 * MIB), mebibytes(1728 * MIB + 1), mebibytes(0)]).toEqual(['1728m', '1729m', '0m']);
  });
});
