import { describe, expect, it } from 'vitest';
import { KEY } from '../testing/store-rows.js';
import { MAX_QUEUED_TEXT_BYTES } from './limits.js';
import { WriteQueue } from './write-queue.js';

/** A report whose text is so much of what may wait. */
const report = (share: number): { readonly reports: readonly [object] } => ({
  reports: [{ ...KEY, atMs: 0, kind: 'picture', body: 'x'.repeat(share * MAX_QUEUED_TEXT_BYTES) }],
});
type Part = Parameters<WriteQueue['add']>[0];
const queueOf = (...shares: readonly number[]): WriteQueue => {
  const queue = new WriteQueue(1_000);
  for (const share of shares) void queue.add(report(share) as Part); // A report, as written above.
  return queue;
};

describe('texts that wait to be written', () => {
  it.each([
    ['wait together while there is room', [0.4, 0.4], 2, 0],
    ['of more than there is room for: the oldest go', [0.4, 0.4, 0.4], 2, 1],
    ['of one batch alone wait whatever they are', [1.5], 1, 0],
    ['of one that takes all the room: the others go', [0.4, 0.4, 1.5], 1, 2],
  ])('%s', (_claim, shares, rows, dropped) => {
    const queue = queueOf(...shares);
    expect([queue.rows, queue.dropped]).toEqual([rows, dropped]);
  });

  it('are taken as many at a time as fit, at least one batch', () => {
    const queue = queueOf(0.1, 0.1, 0.3, 0.1);
    const bytes = 0.25 * MAX_QUEUED_TEXT_BYTES;
    expect([1, 2, 3, 4].map(() => queue.take(1_000, bytes).length)).toEqual([2, 1, 1, 0]);
    expect(queue.rows).toBe(0);
  });
});
