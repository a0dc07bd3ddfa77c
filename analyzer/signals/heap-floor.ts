import type { TaskManagerSample } from '../../collector/model/index.js';
import { max, median, min, robustSlope, sum } from '../numbers.js';
import { stepsBetween } from './collections.js';
import { fitOf } from './fit.js';
import { oncePerWindow } from './per-process-window.js';
import { lineThrough, type TrendLine } from './trend-line.js';

/** The lowest reading of the heap in each of some equal parts of the time, and the line through them. */
export interface HeapFloor {
  readonly windowMs: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
  readonly bytesPerMs: number;
  /** Share of the floor's movement that the line explains. */
  readonly fit: number;
  /** Whether the last third lies above the first third throughout. */
  readonly isSteady: boolean;
  readonly parts: number;
  /** How far the heap goes up and down within one part, by the median part. */
  readonly swingBytes: number;
  /** Through the lowest readings. */
  readonly line?: TrendLine;
  /** What is sure of the floor; undefined where nothing tells how fast the program allocates. */
  readonly sure?: SureFloor;
}

/**
 * The floor between two bounds: it lies at or below the lowest reading of a part, and at most what is allocated between two collections
 * below the highest. Where collections come about as often as readings, the lowest reading may lie far above the floor for
 * minutes, and jump; the bounds hold.
 */
export interface SureFloor {
  /** From the upper bounds of the first third to the lower bounds of the last, by their medians: so much at least. */
  readonly grownBytes: number;
  /** Lower bound of the last third, by the median. */
  readonly lastBytes: number;
  /** Of the straight line between the bounds. */
  readonly bytesPerMs: number;
  /** Share of the floor's movement that the line explains, what lies between its bounds counted as explained. */
  readonly fit: number;
  readonly isSteady: boolean;
  /** From the first third to the last, as flat and as steep as the bounds allow. */
  readonly line: TrendLine;
}

const PARTS = 9;
const THIRD = PARTS / 3;
const PART_MIN_MS = 30_000;

/** Undefined where there are too few readings, or a part without a collection: then its lowest reading is no floor. */
export const heapFloorOf = oncePerWindow((samples): HeapFloor | undefined => {
  const within = samples.filter(({ heapUsedBytes }) => heapUsedBytes !== undefined);
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const windowMs = last.atMs - first.atMs;
  const partMs = windowMs / PARTS;
  if (partMs < PART_MIN_MS) return undefined;
  const parts = partsOf(within, first.atMs, partMs);
  if (parts === undefined) return undefined;
  const floors = parts.map(({ lowest }) => [lowest.atMs, bytesIn(lowest)] as const);
  const slope = robustSlope(floors);
  const values = floors.map(([, bytes]) => bytes);
  const line = lineThrough(floors, 'scatters');
  const sure = sureFloorOf(parts, allocatedPerMs(within));
  return {
    windowMs,
    firstBytes: values[0] ?? 0,
    lastBytes: values.at(-1) ?? 0,
    bytesPerMs: slope ?? 0,
    fit: fitOf(floors, slope ?? 0),
    parts: PARTS,
    swingBytes: median(parts.map(({ lowest, highest }) => bytesIn(highest) - bytesIn(lowest))) ?? 0,
    isSteady: rises(values),
    ...(line === undefined ? {} : { line }),
    ...(sure === undefined ? {} : { sure }),
  };
});

/** Whether the last third lies above the first third throughout. */
const rises = (values: readonly number[]): boolean =>
  (min(values.slice(-THIRD)) ?? 0) > (max(values.slice(0, THIRD)) ?? 0);

/** Undefined where nothing was read or collected in one of them. */
function partsOf(samples: readonly TaskManagerSample[], beginMs: number, partMs: number): readonly Part[] | undefined {
  const parts = Array.from({ length: PARTS }, (_, nth) => ({
    middleMs: beginMs + (nth + 0.5) * partMs,
    collections: 0,
    coveredMs: 0,
  }));
  samples.forEach((sample, i) => {
    const place = Math.min(PARTS - 1, Math.floor((sample.atMs - beginMs) / partMs));
    const part: Building | undefined = parts[place];
    if (part === undefined) return;
    const before = samples[i - 1];
    part.collections += collectionsBetween(before, sample);
    part.coveredMs += before === undefined ? 0 : sample.atMs - before.atMs;
    if (part.lowest === undefined || bytesIn(sample) < bytesIn(part.lowest)) part.lowest = sample;
    if (part.highest === undefined || bytesIn(sample) > bytesIn(part.highest)) part.highest = sample;
  });
  const whole = parts.flatMap((part: Building): Part[] => {
    const { lowest, highest } = part;
    return lowest === undefined || highest === undefined || part.collections === 0
      ? []
      : [{ ...part, lowest, highest }];
  });
  return whole.length < PARTS ? undefined : whole;
}

/** One of the equal parts of the time. */
interface Part {
  readonly middleMs: number;
  /** The readings of the heap at its lowest and at its highest. */
  lowest: TaskManagerSample;
  highest: TaskManagerSample;
  collections: number;
  /** Between the readings that the collections were counted over. */
  coveredMs: number;
}

type Building = Omit<Part, 'lowest' | 'highest'> & Partial<Pick<Part, 'lowest' | 'highest'>>;

const collectionsBetween = (before: TaskManagerSample | undefined, after: TaskManagerSample): number =>
  sum(stepsBetween(before, after).map(({ count }) => count));

/** Readings without a collection between them that it takes to know how fast the program allocates. */
const RISES_MIN = 2;

/** By the median of what the heap grew between two readings without a collection; undefined where there were too few. */
function allocatedPerMs(samples: readonly TaskManagerSample[]): number | undefined {
  const perMs = samples.flatMap((sample, i) => {
    const before = samples[i - 1];
    if (before === undefined || sample.atMs <= before.atMs || collectionsBetween(before, sample) > 0) return [];
    if (sample.collectors.length === 0 || before.collectors.length === 0) return [];
    return [(bytesIn(sample) - bytesIn(before)) / (sample.atMs - before.atMs)];
  });
  const middle = perMs.length < RISES_MIN ? undefined : median(perMs);
  return middle === undefined || middle <= 0 ? undefined : middle;
}

interface Bounds {
  readonly atMs: number;
  readonly least: number;
  readonly most: number;
}

/** Rounds in which line and floor are brought together; more change nothing that is shown. */
const LINE_ROUNDS = 4;

function sureFloorOf(parts: readonly Part[], perMs: number | undefined): SureFloor | undefined {
  if (perMs === undefined) return undefined;
  const bounds = parts.map(({ middleMs, lowest, highest, collections, coveredMs }): Bounds => {
    const most = bytesIn(lowest);
    const betweenCollections = (perMs * coveredMs) / collections;
    return { atMs: middleMs, most, least: Math.max(0, Math.min(most, bytesIn(highest) - betweenCollections)) };
  });
  const [early, late] = [bounds.slice(0, THIRD), bounds.slice(-THIRD)];
  const [firstBytes, lastBytes, levelHigh] = [boundOf(early, 'most'), boundOf(late, 'least'), boundOf(late, 'most')];
  const pivotMs = median(late.map(({ atMs }) => atMs)) ?? 0;
  const apartMs = pivotMs - (median(early.map(({ atMs }) => atMs)) ?? 0);
  const { floor, slope } = lineBetween(bounds);
  return {
    grownBytes: lastBytes - firstBytes,
    lastBytes,
    bytesPerMs: slope,
    fit: fitOf(floor, slope),
    isSteady: rises(floor.map(([, bytes]) => bytes)),
    line: {
      perMs: slope,
      perMsLow: Math.min(slope, (lastBytes - firstBytes) / apartMs),
      perMsHigh: Math.max(slope, (boundOf(late, 'most') - boundOf(early, 'least')) / apartMs),
      pivotMs,
      level: Math.min(levelHigh, Math.max(lastBytes, median(floor.slice(-THIRD).map(([, bytes]) => bytes)) ?? 0)),
      levelLow: lastBytes,
      levelHigh,
      strayPerMs: 0,
      lastMs: bounds.at(-1)?.atMs ?? 0,
    },
  };
}

const boundOf = (third: readonly Bounds[], side: 'least' | 'most'): number =>
  median(third.map((part) => part[side])) ?? 0;

/** The straightest floor that the bounds allow, and its slope: of each point of the line what lies between its bounds, again and again. */
function lineBetween(bounds: readonly Bounds[]) {
  let floor = bounds.map(({ atMs, least, most }) => [atMs, (least + most) / 2] as const);
  let slope = robustSlope(floor) ?? 0;
  for (let round = 0; round < LINE_ROUNDS; round += 1) {
    const slopeNow = slope;
    const base = median(floor.map(([atMs, bytes]) => bytes - slopeNow * atMs)) ?? 0;
    floor = bounds.map(
      ({ atMs, least, most }) => [atMs, Math.min(most, Math.max(least, base + slopeNow * atMs))] as const,
    );
    slope = robustSlope(floor) ?? 0;
  }
  return { floor, slope };
}

const bytesIn = ({ heapUsedBytes = 0 }: TaskManagerSample): number => heapUsedBytes;
