import { columnStart, figureIn, framesOf, type Frame, type JobHistory } from '../../collector/model/index.js';
import { oncePerReading } from './per-reading.js';

/** How the event time of one running subtask moves. A source's is what it emits; that of others is what reaches them. */
export interface SubtaskWatermark {
  readonly subtask: number;
  /** Missing: none yet. */
  readonly watermarkMs?: number;
  /** How long it is seen to stay the same, or to be missing. */
  readonly standsMs: number;
  /** Records that went through meanwhile. */
  readonly recordsMeanwhile: number;
  /** How long no record is seen to go through. */
  readonly silentMs: number;
  /** Records since the attempt began, and for how long it had run when the last one was seen. */
  readonly records: number;
  readonly recordsOverMs: number;
  /** Source readers: records known and not yet read; missing for one that has no partition. */
  readonly pendingRecords?: number;
}

export interface VertexWatermark {
  readonly vertexId: string;
  readonly subtasks: readonly SubtaskWatermark[];
  /** The subtask whose event time is lowest; one without any is lower than all. */
  readonly lowest: SubtaskWatermark;
  /** Of the subtasks that tell one. */
  readonly lowestMs?: number;
  readonly highestMs?: number;
  /** The reading that all this is of. */
  readonly atMs: number;
  /** Records/s that go through it in the time that was looked at. */
  readonly recordsPerSecond: number;
}

/** By vertex id; vertices without a running subtask are not in it. */
export type WatermarkSignal = ReadonlyMap<string, VertexWatermark>;

export function watermarksOf(history: JobHistory): WatermarkSignal {
  const watermarks = new Map<string, VertexWatermark>();
  for (const vertex of history.vertices) {
    const watermark = vertexWatermark(vertex);
    if (watermark !== undefined) watermarks.set(watermark.vertexId, watermark);
  }
  return watermarks;
}

/** False for a job without event time, and where its metrics could not be read: Flink shows both alike. */
export function isWatermarkTold(signal: WatermarkSignal): boolean {
  for (const { lowestMs } of signal.values()) if (lowestMs !== undefined) return true;
  return false;
}

/** Of one vertex; undefined where none of its subtasks runs. */
export const vertexWatermark = oncePerReading((vertex): VertexWatermark | undefined => {
  // The collector goes on to add to its array; what is derived later must be of these readings.
  const frames = [...framesOf(vertex)];
  const isOneAttempt = runsUnchanged(frames);
  const readers: Reader[] = [];
  for (const { subtask } of vertex.subtasks) {
    if (subtask >= (vertex.parallelism ?? Infinity)) continue;
    const readings = isOneAttempt ? frames : currentAttempt(frames, subtask);
    if (readings.length > 0) readers.push({ subtask, readings });
  }
  return readers.length === 0 ? undefined : new WatermarkOfVertex(vertex.vertexId, readers);
});

/** A running subtask, with its readings of this attempt, oldest first: at least one. */
interface Reader {
  readonly subtask: number;
  readonly readings: readonly Frame[];
}

/** What its subtasks tell in full is looked up when somebody asks: of most vertices nobody does. */
class WatermarkOfVertex implements VertexWatermark {
  readonly vertexId: string;
  declare readonly lowestMs?: number;
  declare readonly highestMs?: number;
  readonly atMs: number;
  readonly recordsPerSecond: number;
  readonly #readers: readonly Reader[];
  readonly #lowestReader: Reader;
  #lowest: SubtaskWatermark | undefined;
  #subtasks: readonly SubtaskWatermark[] | undefined;

  /** `readers`: at least one. */
  constructor(vertexId: string, readers: readonly Reader[]) {
    this.vertexId = vertexId;
    this.#readers = readers;
    const extremes = extremesOf(readers);
    this.#lowestReader = extremes.lowestReader;
    if (extremes.highestMs > -Infinity) {
      this.lowestMs = extremes.lowestMs;
      this.highestMs = extremes.highestMs;
    }
    let [atMs, recordsPerSecond] = [0, 0];
    for (const { readings, subtask } of readers) {
      atMs = Math.max(atMs, readings.at(-1)?.atMs ?? 0);
      recordsPerSecond += rateOf(readings, subtask);
    }
    this.atMs = atMs;
    this.recordsPerSecond = recordsPerSecond;
  }

  get lowest(): SubtaskWatermark {
    return (this.#lowest ??= subtaskWatermark(this.#lowestReader.readings, this.#lowestReader.subtask));
  }

  get subtasks(): readonly SubtaskWatermark[] {
    return (this.#subtasks ??= this.#readers.map(({ readings, subtask }) => subtaskWatermark(readings, subtask)));
  }
}

/** Lowest and highest of the subtasks that tell one (infinite where none does), and the one that is lowest, or the first that tells none. */
function extremesOf(readers: readonly Reader[]): {
  readonly lowestMs: number;
  readonly highestMs: number;
  readonly lowestReader: Reader;
} {
  let [lowestMs, highestMs] = [Infinity, -Infinity];
  let lowestReader = readers[0] as Reader; // There is one.
  let leastMs = Infinity;
  for (const reader of readers) {
    const { readings, subtask } = reader;
    const newest = lastTold(readings, subtask);
    const ms = newest < 0 ? -Infinity : figureIn(readings[newest] as Frame, 'watermarkMs', subtask); // In range.
    if (ms < leastMs) [leastMs, lowestReader] = [ms, reader];
    if (newest < 0) continue;
    lowestMs = Math.min(lowestMs, ms);
    highestMs = Math.max(highestMs, ms);
  }
  return { lowestMs, highestMs, lowestReader };
}

/** The rule: all its subtasks were read each time, and run since before the first. */
function runsUnchanged(frames: readonly Frame[]): boolean {
  const phases = frames[0]?.phases;
  return (
    phases !== undefined &&
    phases.every((phase) => phase?.state === 'RUNNING') &&
    frames.every((frame) => frame.phases === phases)
  );
}

/** The readings of a subtask that still runs, oldest first. */
export function currentAttempt(frames: readonly Frame[], subtask: number): readonly Frame[] {
  let attempt: number | undefined;
  let isWhole = true;
  for (let i = frames.length - 1; i >= 0; i -= 1) {
    const phase = frames[i]?.phases[subtask];
    if (phase !== undefined && attempt === undefined) {
      if (phase.state !== 'RUNNING') return [];
      attempt = phase.attempt;
    }
    isWhole &&= phase?.attempt === attempt && phase?.state === 'RUNNING';
  }
  if (isWhole || attempt === undefined) return attempt === undefined ? [] : frames;
  return frames.filter(({ phases }) => phases[subtask]?.attempt === attempt && phases[subtask]?.state === 'RUNNING');
}

/** `readings`: at least one. */
function subtaskWatermark(readings: readonly Frame[], subtask: number): SubtaskWatermark {
  const last = readings.at(-1) as Frame; // There is one.
  // Event time that reaches a vertex is asked for once a minute only: the readings between do not tell it.
  const newest = lastTold(readings, subtask);
  const until = newest < 0 ? last : (readings[newest] as Frame); // In range.
  const watermarkMs = figureIn(until, 'watermarkMs', subtask);
  const still = newest < 0 ? (readings[0] as Frame) : firstWith(readings, newest, subtask, watermarkMs);
  const records = recordsIn(last, subtask);
  const silent = firstSilent(readings, subtask, records);
  const phase = last.phases[subtask];
  const pendingRecords = figureIn(last, 'pendingRecords', subtask);
  return {
    subtask,
    standsMs: until.atMs - still.atMs,
    recordsMeanwhile: Math.max(0, recordsIn(until, subtask) - recordsIn(still, subtask)),
    silentMs: last.atMs - silent.atMs,
    records,
    recordsOverMs: Math.max(0, silent.atMs - (phase?.runningSinceMs ?? phase?.startMs ?? silent.atMs)),
    ...(Number.isNaN(watermarkMs) ? {} : { watermarkMs }),
    ...(Number.isNaN(pendingRecords) ? {} : { pendingRecords }),
  };
}

function lastTold(readings: readonly Frame[], subtask: number): number {
  let i = lastColumn(readings);
  while (i >= 0 && !isTold(readings[i] as Frame, subtask)) i -= 1; // In range.
  return i;
}

/** The newest of the readings in which any subtask tells event time: there is none in a job without it. */
function lastColumn(readings: readonly Frame[]): number {
  const known = lastColumns.get(readings);
  if (known !== undefined) return known;
  const last = readings.findLastIndex((reading) => columnStart(reading, 'watermarkMs') !== undefined);
  lastColumns.set(readings, last);
  return last;
}

/** All subtasks of a vertex share their readings as a rule. */
const lastColumns = new WeakMap<readonly Frame[], number>();

const isTold = (reading: Frame, subtask: number): boolean => !Number.isNaN(figureIn(reading, 'watermarkMs', subtask));

/** The oldest of the readings up to that one which tell this event time, or nothing. */
function firstWith(readings: readonly Frame[], newest: number, subtask: number, watermarkMs: number): Frame {
  let first = readings[newest] as Frame; // In range.
  for (let i = newest - 1; i >= 0; i -= 1) {
    const reading = readings[i] as Frame; // In range.
    if (!isTold(reading, subtask)) continue;
    if (figureIn(reading, 'watermarkMs', subtask) !== watermarkMs) return first;
    first = reading;
  }
  return first;
}

/** The oldest of the newest readings with this count of records. */
function firstSilent(readings: readonly Frame[], subtask: number, records: number): Frame {
  let i = readings.length - 1;
  while (i > 0 && recordsIn(readings[i - 1] as Frame, subtask) === records) i -= 1; // In range: i − 1 ≥ 0.
  return readings[i] as Frame; // In range: callers have at least one reading.
}

/** A source counts what it emits, a sink what it gets (CALIBRATION fact 8): the larger one moves. */
function recordsIn(reading: Frame, subtask: number): number {
  const read = figureIn(reading, 'recordsIn', subtask);
  const written = figureIn(reading, 'recordsOut', subtask);
  return Math.max(Number.isNaN(read) ? 0 : read, Number.isNaN(written) ? 0 : written);
}

function rateOf(readings: readonly Frame[], subtask: number): number {
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return ((recordsIn(last, subtask) - recordsIn(first, subtask)) / (last.atMs - first.atMs)) * 1000;
}
