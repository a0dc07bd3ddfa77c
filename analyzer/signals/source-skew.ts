import { figureIn, SETTLE_MS, type Frame, type JobHistory, type VertexHistory } from '../../collector/model/index.js';
import type { Topology } from '../graph/topology.js';
import { max, mean, median, min, present, sum } from '../numbers.js';
import type { LoadSignal } from './load.js';
import { oncePerReading } from './per-reading.js';
import { HEAVY_SHARE, MIN_RECORDS, MIN_RECORDS_PER_SUBTASK, SKEW_WINDOW_MS } from './skew.js';
import { clockMsOf, growthOf, known, VertexWindow } from './vertex-window.js';

/**
 * `content`: some partitions carry more than others. `assignment`: equal partitions, and some readers own one more of
 * them. `untold`: a reader is held back and does not tell what waits for it, so that nobody knows what arrives there.
 */
export type SourceSkewKind = 'even' | 'content' | 'assignment' | 'untold';

/** How evenly what arrives at a source falls on its readers; those without a record are no part of it. */
export interface SourceSkew {
  readonly vertexId: string;
  readonly kind: SourceSkewKind;
  /** Records per second that arrive for each reader: those it read, and those by which the waiting ones grew. */
  readonly arriving: readonly number[];
  /** The readers that get more than the others, heaviest first. */
  readonly subtasks: readonly number[];
  readonly maxOverMean: number;
  /** The heaviest over the median of the others. */
  readonly maxOverOthers: number;
  /** Of an `assignment`: partitions of a reader with few, and of all readers together. */
  readonly partitions?: { readonly fewest: number; readonly all: number };
  readonly windowMs: number;
}

export function sourceSkewOf(history: JobHistory, topology: Topology, load: LoadSignal): readonly SourceSkew[] {
  const sources = history.vertices.filter(({ vertexId }) => topology.isSource(vertexId));
  return present(sources.map((vertex) => skewOfSource(vertex, load)));
}

function skewOfSource(vertex: VertexHistory, load: LoadSignal): SourceSkew | undefined {
  const parallelism = vertex.parallelism ?? 0;
  if (parallelism < 2 || vertex.subtasks.length < parallelism) return undefined;
  const readers = readersOf(vertex);
  const records = sum(readers.map(({ read }) => read));
  if (readers.length < parallelism || records < Math.max(MIN_RECORDS, MIN_RECORDS_PER_SUBTASK * parallelism))
    return undefined;
  const { vertexId } = vertex;
  const windowMs = Math.max(...readers.map((reader) => reader.windowMs));
  const loads = load.get(vertexId);
  const isAnyHeld = (loads?.backPressuredMax ?? 0) >= HELD_BACK;
  const held = new Set(
    (isAnyHeld ? loads?.subtasks : undefined)?.flatMap((one) =>
      (one.backPressuredRatio ?? 0) >= HELD_BACK ? [one.subtask] : [],
    ),
  );
  const isHeld = (subtask: number): boolean => held.has(subtask);
  if (readers.some(({ isWaitingTold }, subtask) => !isWaitingTold && isHeld(subtask))) {
    return { vertexId, windowMs, kind: 'untold', arriving: [], subtasks: [], maxOverMean: 1, maxOverOthers: 1 };
  }
  return { vertexId, windowMs, ...classified(vertex) };
}

const classified = oncePerReading((vertex) => classifyReaders(readersOf(vertex).map(({ perSecond }) => perSecond)));

/** From this share of its time on a reader may leave records where they are: healthy ones showed 0–.07 (L11). */
const HELD_BACK = 0.1;

interface Reader {
  readonly read: number;
  readonly perSecond: number;
  readonly isWaitingTold: boolean;
  readonly windowMs: number;
}

/** By subtask, without those that are not known. */
const readersOf = oncePerReading((vertex): readonly Reader[] => {
  const window = new VertexWindow(vertex, SKEW_WINDOW_MS, SETTLE_MS);
  return present(Array.from({ length: window.width }, (_, subtask) => readerOf(window.readings(subtask), subtask)));
});

/**
 * What a reader emits is no measure of its partitions: held back, equal ones are served unequally (745 and 362 records/s
 * in L13). What it read and what the waiting records grew by is (CALIBRATION fact 12).
 */
function readerOf(settled: readonly Frame[], subtask: number): Reader | undefined {
  const pendingIn = (reading: Frame): number => figureIn(reading, 'pendingRecords', subtask);
  const telling = settled.filter((reading) => !Number.isNaN(pendingIn(reading)));
  const isWaitingTold = telling.length >= 2;
  const readings = isWaitingTold ? telling : settled;
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const read = max(known(COUNTERS.map((counter) => growthOf(readings, counter, subtask))));
  if (read === undefined) return undefined;
  const waiting = isWaitingTold ? pendingIn(last) - pendingIn(first) : 0;
  const windowMs = last.atMs - first.atMs;
  // By Flink's own clock: the figures of one TaskManager may be a refresh older than those of another in the same reading, which
  // made equal partitions differ by 15 % by the wall clock, and by .1 % by this one (L11 on 1.20.3).
  const clockMs = clockMsOf(readings, subtask) ?? windowMs;
  return { read, isWaitingTold, windowMs, perSecond: (Math.max(0, read + waiting) / clockMs) * 1000 };
}

const COUNTERS = ['recordsIn', 'recordsOut'] as const;

/**
 * Twice the others (diagnosis 5.2), between equal partitions (1.00 in L05, 1.06 in L13, both served unequally) and one
 * that is heavy (8.0 in L12).
 */
export const CONTENT_MIN = 2;
/** Heaviest over mean (diagnosis 5.2): an assignment that costs less is left alone; five partitions on four readers cost 1.6. */
export const ASSIGNMENT_MIN = 1.2;

/** Readers whose rates are whole multiples of one partition's, one partition apart, are an assignment; else it is content. */
export function classifyReaders(arriving: readonly number[]): Omit<SourceSkew, 'vertexId' | 'windowMs'> {
  const ranked = arriving
    .map((perSecond, subtask) => ({ perSecond, subtask }))
    .filter(({ perSecond }) => perSecond > 0)
    .sort((a, b) => b.perSecond - a.perSecond);
  const rates = ranked.map(({ perSecond }) => perSecond);
  const top = rates[0] ?? 0;
  const others = median(rates.slice(1));
  const figures = {
    arriving,
    maxOverMean: top === 0 ? 1 : top / (mean(rates) ?? top),
    maxOverOthers: others === undefined ? 1 : top / others,
  };
  // A reader without a partition beside one with two is no assignment that Flink makes.
  const counts = rates.length < arriving.length ? undefined : partitionCounts(rates);
  if (counts !== undefined) {
    const [most, fewest] = [max(counts), min(counts) ?? 1];
    const subtasks = ranked.filter((_, i) => counts[i] === most).map(({ subtask }) => subtask);
    return figures.maxOverMean >= ASSIGNMENT_MIN
      ? { ...figures, kind: 'assignment', subtasks, partitions: { fewest, all: sum(counts) } }
      : { ...figures, kind: 'even', subtasks: [] };
  }
  if (figures.maxOverOthers < CONTENT_MIN) return { ...figures, kind: 'even', subtasks: [] };
  const heavy = ranked.filter(({ perSecond }) => perSecond >= HEAVY_SHARE * top);
  return { ...figures, kind: 'content', subtasks: heavy.map(({ subtask }) => subtask) };
}

/** Above 4 : 5 the busiest reader has less than 1.2 times the mean whatever the assignment. */
const FEWEST_MAX = 4;
/** Equal partitions: .003 where readers keep up (L11), .064 where they wait (L13); half of the way from 5 to 4 is .11. */
const FIT = 0.08;

/**
 * Partitions of each reader if all have the same rate and readers are at most one partition apart, which is how sources
 * deal them out (Kafka: partition modulo readers). Undefined where that does not fit, or all have as many.
 */
function partitionCounts(rates: readonly number[]): readonly number[] | undefined {
  const lowest = min(rates);
  if (lowest === undefined) return undefined;
  for (let fewest = 1; fewest <= FEWEST_MAX; fewest += 1) {
    const counts = rates.map((rate) => Math.round((rate * fewest) / lowest));
    const each = rates.map((rate, i) => rate / (counts[i] ?? 1));
    const partition = median(each) ?? lowest;
    const fits = each.every((rate) => Math.abs(rate / partition - 1) <= FIT);
    if (fits && max(counts) === fewest + 1) return counts;
  }
  return undefined;
}
