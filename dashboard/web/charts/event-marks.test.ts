import { expect, it } from 'vitest';
import type { CheckpointsResponse, JobEvent } from '../../contract.ts';
import { drawCheckpoints } from './checkpoints-geometry.ts';
import { changesWithin, kindsOf, placeMarks } from './event-marks.ts';

const event = (kind: JobEvent['kind'], atMs: number): JobEvent => ({ kind, atMs, title: `${kind} at ${atMs}` });

it('marks what changes the ground of the figures, and within the range only', () => {
  const events = [
    event('restart', 10),
    event('rescale', 20),
    event('finding', 30),
    event('checkpoint', 40),
    event('configuration', 50),
  ];
  expect(changesWithin(events, 15, 60).map(({ kind }) => kind)).toEqual(['rescale', 'configuration']);
});

it('joins what is too near to tell apart, and names each shape once', () => {
  const marks = placeMarks([event('restart', 100), event('failure', 0), event('restart', 5), event('restart', 300)], (at) => at); // prettier-ignore
  expect(marks.map(({ x, events }) => [x, events.length])).toEqual([
    [0, 2],
    [100, 1],
    [300, 1],
  ]);
  expect(kindsOf(marks)).toEqual(['restart']);
});

it('a moment lies between the checkpoints triggered before and after it', () => {
  const checkpoint = (id: number) => ({ id, triggerMs: id * 1000, durationMs: 100, status: 'COMPLETED' });
  const data = { checkpoints: [1, 2, 3].map(checkpoint) } as unknown as CheckpointsResponse;
  const { bars, x } = drawCheckpoints(data, 240, 100);
  expect(x(1_500)).toBeGreaterThan(bars[0]?.x ?? Infinity);
  expect(x(1_500)).toBeLessThan(bars[1]?.x ?? -Infinity);
  expect([x(500), x(9_000)]).toEqual([undefined, undefined]);
});
