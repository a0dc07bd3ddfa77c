import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskManagerSample } from '../../collector/model/index.js';
import { heapFloorOf, type HeapFloor } from './heap-floor.js';

const MIB = 2 ** 20;
const HEAP = 256 * MIB;
const STEP_MS = 50;

/** A program that allocates steadily into a young generation; what stays, and how much it allocates, by seconds. MiB. */
interface Program {
  readonly stays: (seconds: number) => number;
  readonly perSecond: (seconds: number) => number;
  /** Room of the young generation; G1 makes it smaller as more stays. */
  readonly young?: (seconds: number) => number;
  readonly readEveryMs?: number;
  readonly seconds?: number;
}

/** Its readings: used heap and collections so far. */
function readingsOf({ stays, perSecond, young = () => 135, readEveryMs = 10_000, seconds = 510 }: Program) {
  const samples: TaskManagerSample[] = [];
  let [garbage, collections] = [0, 0];
  for (let atMs = 0; atMs <= seconds * 1000; atMs += STEP_MS) {
    const s = atMs / 1000;
    garbage += (perSecond(s) * STEP_MS) / 1000;
    if (garbage >= young(s)) [garbage, collections] = [0, collections + 1];
    if (atMs % readEveryMs !== 0) continue;
    samples.push({
      atMs,
      heapUsedBytes: (stays(s) + garbage) * MIB,
      heapMaxBytes: HEAP,
      collectors: [{ name: 'G1_Young_Generation', count: collections, timeMs: collections * 5 }],
    });
  }
  return samples;
}

function floorOf(program: Program): HeapFloor {
  const floor = heapFloorOf({ samples: readingsOf(program) }, 0);
  if (floor === undefined) throw new Error('no floor');
  return floor;
}

/** Of the heap. */
const sureGrowth = (program: Program): number | undefined => {
  const { sure } = floorOf(program);
  return sure === undefined ? undefined : sure.grownBytes / HEAP;
};

describe('what is sure of the floor of a heap', () => {
  it('grows with a leak whose readings come as often as its collections (L25, 1.20.3)', () => {
    const leak: Program = {
      stays: (s) => 60 + 0.26 * s,
      perSecond: () => 10.7,
      young: (s) => Math.max(15, 135 - 0.24 * s),
    };
    const { sure } = floorOf(leak);
    expect(sure?.grownBytes).toBeGreaterThan(0.15 * HEAP);
    expect(sure?.isSteady).toBe(true);
    expect(sure?.fit).toBeGreaterThan(0.9);
    expect((sure?.bytesPerMs ?? 0) * 1000).toBeGreaterThan(0.17 * MIB);
    expect((sure?.bytesPerMs ?? 0) * 1000).toBeLessThan(0.35 * MIB);
  });

  const calm: readonly (readonly [string, Program])[] = [
    ['collections a little rarer than readings', { stays: () => 60, perSecond: () => 10.7 }],
    ['readings in step with collections from the middle on', { stays: () => 60, perSecond: (s) => (s < 255 ? 10.7 : 13.5) }],
    ['load that doubles', { stays: () => 60, perSecond: (s) => (s < 255 ? 10.7 : 21.4) }],
    ['load that halves', { stays: () => 60, perSecond: (s) => (s < 255 ? 10.7 : 5.4) }],
  ]; // prettier-ignore
  it.each(calm)('does not grow with %s', (_claim, program) => {
    expect(sureGrowth(program) ?? 0).toBeLessThan(0.1);
  });

  it('does not grow in any calm heap, however its collections fall between the readings', () => {
    fc.assert(
      fc.property(
        fc.record({
          stays: fc.double({ min: 20, max: 120, noNaN: true }),
          perSecond: fc.double({ min: 2, max: 60, noNaN: true }),
          young: fc.double({ min: 20, max: 130, noNaN: true }),
          drift: fc.double({ min: -0.0003, max: 0.0003, noNaN: true }),
        }),
        ({ stays, perSecond, young, drift }) => {
          const samples = readingsOf({
            stays: () => stays,
            perSecond: (s) => perSecond * (1 + drift * s),
            young: () => young,
          });
          const sure = heapFloorOf({ samples }, 0)?.sure;
          expect((sure?.grownBytes ?? 0) / HEAP).toBeLessThan(0.1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is not told where every reading has a collection before it: nothing shows how fast the program allocates', () => {
    expect(floorOf({ stays: () => 60, perSecond: () => 40 }).sure).toBeUndefined();
  });
});
