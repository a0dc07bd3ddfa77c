import type { JobEvent } from '../../contract.ts';

/** Each kind of event has one shape, around 0,0 and 12 px wide, on every chart. */
export const EVENT_SHAPES: Record<JobEvent['kind'], string> = {
  state: 'M0-5A5 5 0 1 0 0 5A5 5 0 1 0 0-5Z',
  restart: 'M-5-5L5 5M5-5L-5 5',
  failure: 'M0-6V2M0 5V6',
  rescale: 'M-6 4L0-5L6 4M-6 0L0 0',
  finding: 'M0-6L6 5H-6Z',
  checkpoint: 'M-5-5H5V5H-5Z',
  configuration: 'M0-6L6 0L0 6L-6 0Z',
  taskmanager: 'M-6-3H6M-6 3H6',
};

export interface EventMark {
  x: number;
  /** Events too near to tell apart share one mark. */
  events: JobEvent[];
}

const NEAR_PX = 14;

export function placeMarks(events: readonly JobEvent[], x: (atMs: number) => number): EventMark[] {
  const marks: EventMark[] = [];
  for (const event of [...events].sort((a, b) => a.atMs - b.atMs)) {
    const at = x(event.atMs);
    const last = marks.at(-1);
    if (last !== undefined && at - last.x < NEAR_PX) last.events.push(event);
    else marks.push({ x: at, events: [event] });
  }
  return marks;
}

/** What changes how figures run on: after it, other figures are to be expected. Findings and checkpoints are figures themselves. */
const CHANGES: ReadonlySet<JobEvent['kind']> = new Set([
  'restart',
  'failure',
  'rescale',
  'configuration',
  'taskmanager',
]);

export const changesWithin = (events: readonly JobEvent[], fromMs: number, toMs: number): JobEvent[] =>
  events.filter(({ kind, atMs }) => CHANGES.has(kind) && atMs >= fromMs && atMs <= toMs);

export const kindsOf = (marks: readonly EventMark[]): JobEvent['kind'][] => [
  ...new Set(marks.flatMap((mark) => leading(mark.events)?.kind ?? [])),
];

const ORDER = { critical: 3, warning: 2, info: 1 } as const;

/** The event a shared mark is drawn as: the most serious, then the latest. */
export function leading(events: readonly JobEvent[]): JobEvent | undefined {
  const weight = (event: JobEvent) => (event.severity === undefined ? 0 : ORDER[event.severity]);
  return [...events].sort((a, b) => weight(b) - weight(a) || b.atMs - a.atMs)[0];
}
