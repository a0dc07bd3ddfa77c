import { expect, it } from 'vitest';
import type { JobEvent } from '../../contract.ts';
import { leading } from './event-marks.ts';
import { drawTimeline } from './timeline-geometry.ts';

const event = (atMs: number, severity?: JobEvent['severity']): JobEvent => ({
  atMs,
  kind: 'restart',
  title: `at ${atMs}`,
  ...(severity ? { severity } : {}),
});
const HOUR = 3_600_000;

it('joins events too near to tell apart', () => {
  const { marks } = drawTimeline([event(0), event(1000), event(HOUR)], 2 * HOUR, 600);
  expect(marks.map((mark) => mark.events.length)).toEqual([2, 1]);
});

it('ends now, begins before the first event, and spans half an hour when nothing happened', () => {
  const picture = drawTimeline([event(HOUR)], 3 * HOUR, 600);
  expect(picture.toMs).toBe(3 * HOUR);
  expect(picture.fromMs).toBeLessThan(HOUR);
  expect(drawTimeline([], 3 * HOUR, 600).fromMs).toBe(2.5 * HOUR);
});

it('draws a shared mark as its most serious event', () => {
  expect(leading([event(1, 'info'), event(2), event(3, 'critical')])?.atMs).toBe(3);
  expect(leading([])).toBeUndefined();
});
