import { describe, expect, it } from 'vitest';
import { busyAt, parallelismFor, TARGET_UTILISATION, type VertexCapacity } from './parallelism.js';

/** A keyed vertex with so many key groups; a record costs a second, so that a rate is a number of full subtasks. */
const keyedVertex = (keyGroups: number): VertexCapacity => ({
  vertexId: 'v',
  parallelism: 1,
  maxParallelism: keyGroups,
  parallelismLimit: keyGroups,
  keyed: true,
  servedPerSecond: 1,
  demandPerSecond: 1,
  demandKnown: true,
  secondsPerRecord: 1,
});

/** By trying all: the smallest parallelism whose busiest subtask, with `ceil(N/p)` key groups, is busy 70 % at most. */
function optimumOf(load: number, keyGroups: number): number | undefined {
  for (let p = 1; p <= keyGroups; p += 1) {
    if ((Math.ceil(keyGroups / p) / keyGroups) * load <= TARGET_UTILISATION * (1 + 1e-9)) return p;
  }
  return undefined;
}

/** Loads at which the optimum changes, a little below and above: between two of them it stays. */
function* loadsOf(keyGroups: number): Generator<number> {
  const largestShares = new Set(Array.from({ length: keyGroups }, (_, i) => Math.ceil(keyGroups / (i + 1))));
  for (const share of largestShares) {
    const full = (TARGET_UTILISATION * keyGroups) / share;
    yield full * (1 - 1e-6);
    yield full;
    yield full * (1 + 1e-6);
  }
}

describe('for every number of key groups from 2 to 512 and every load that some parallelism can take', () => {
  it('the parallelism is the smallest that can, never above the key groups', () => {
    let tried = 0;
    const wrong: object[] = [];
    for (let keyGroups = 2; keyGroups <= 512; keyGroups += 1) {
      for (const load of loadsOf(keyGroups)) {
        const optimum = optimumOf(load, keyGroups);
        if (optimum === undefined) continue;
        tried += 1;
        const chosen = parallelismFor(keyedVertex(keyGroups), load / TARGET_UTILISATION);
        if (chosen !== optimum) wrong.push({ keyGroups, load, optimum, chosen });
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(tried).toBeGreaterThan(40_000);
  });

  it('what no parallelism can take is said to be so', () => {
    expect(parallelismFor(keyedVertex(128), 128.1)).toBeUndefined();
  });
});

it('one subtask more never makes the busiest busier', () => {
  for (let keyGroups = 2; keyGroups <= 512; keyGroups += 1) {
    const capacity = keyedVertex(keyGroups);
    let before = Infinity;
    for (let p = 1; p <= keyGroups; p += 1) {
      const busy = busyAt(capacity, p, 1);
      if (busy > before) expect.fail(`${keyGroups} key groups, parallelism ${p}: ${busy} after ${before}`);
      before = busy;
    }
  }
});
