import {
  figureIn,
  framesOf,
  MINUTE_MS,
  sampleIn,
  type Figure,
  type Frame,
  type JobHistory,
  type SubtaskSample,
  type VertexHistory,
} from '../../collector/model/index.js';
import { min, present, sum } from '../numbers.js';
import type { JobFacts } from './job-facts.js';
import type { LoadSignal } from './load.js';
import { oncePerReading } from './per-reading.js';
import { currentAttempt } from './watermarks.js';

/** A reader this pressured is held back by others, and is not idle by itself. */
const HELD_BACK_RATIO = 0.5;

/** A source all of whose readers get nothing, while nothing is known to wait. */
export interface IdleSource {
  readonly vertexId: string;
  /** As far back as is seen: since the attempt began where there never was a record, else at most 45 minutes. */
  readonly silentMs: number;
  readonly neverRead: boolean;
  /** They tell how many records wait, and none does. */
  readonly isLagTold: boolean;
}

export interface IdleSources {
  readonly idle: readonly IdleSource[];
  /** Sources that tell how many records they read. */
  readonly told: number;
}

export function idleSourcesOf(history: JobHistory, { topology }: JobFacts, load: LoadSignal): IdleSources {
  const told = present(
    history.vertices
      .filter(({ vertexId }) => topology.isSource(vertexId))
      .map((vertex) => readsOf(vertex, topology.isSink(vertex.vertexId))),
  );
  const isHeld = ({ vertexId }: IdleSource): boolean => (load.get(vertexId)?.backPressuredMax ?? 0) >= HELD_BACK_RATIO;
  return {
    told: told.length,
    idle: told.flatMap(({ source, waits }) => (waits || source.silentMs === 0 || isHeld(source) ? [] : [source])),
  };
}

/** Undefined where a reader does not run, or does not tell what it read. */
const readsOf = oncePerReading((vertex, isSink: boolean): Reads | undefined => {
  const parallelism = vertex.parallelism ?? 0;
  const frames = framesOf(vertex);
  const readers = vertex.subtasks
    .filter(({ subtask }) => subtask < parallelism)
    .flatMap(({ subtask }) => {
      const readings = currentAttempt(frames, subtask);
      const frame = readings.at(-1);
      const last = frame === undefined ? undefined : sampleIn(frame, subtask);
      return last === undefined ? [] : [{ subtask, readings, last, count: recordsOf(last) }];
    });
  const counts = present(readers.map(({ count }) => count));
  const pending = present(readers.map(({ last }) => last.pendingRecords));
  if (parallelism === 0 || counts.length < parallelism) return undefined;
  // A task that is source and sink at once counts nothing up to 1.20 (CALIBRATION fact 8); only metrics of its operators tell.
  if (isSink && pending.length === 0 && sum(counts) === 0) return undefined;
  const neverRead = sum(counts) === 0;
  const silent = readers.map(({ subtask, readings, last }) => (neverRead ? runsMs(last) : sameMs(readings, subtask)));
  const seenMs = min(silent) ?? 0;
  return {
    source: {
      vertexId: vertex.vertexId,
      silentMs: neverRead || seenMs < MINUTE_MS ? seenMs : Math.max(seenMs, emptyMinutesMs(vertex)),
      neverRead,
      isLagTold: pending.length > 0,
    },
    waits: pending.some((records) => records > 0),
  };
});

interface Reads {
  readonly source: IdleSource;
  readonly waits: boolean;
}

function recordsOf({ recordsIn, recordsOut }: SubtaskSample): number | undefined {
  return recordsIn === undefined && recordsOut === undefined ? undefined : Math.max(recordsIn ?? 0, recordsOut ?? 0);
}

function runsMs({ atMs, runningSinceMs, startMs }: SubtaskSample): number {
  return atMs - (runningSinceMs ?? startMs ?? atMs);
}

/** How long the count of the newest reading is seen to hold. */
function sameMs(readings: readonly Frame[], subtask: number): number {
  const last = readings.at(-1);
  if (last === undefined) return 0;
  const isSame = (reading: Frame, figure: Figure): boolean =>
    Object.is(figureIn(reading, figure, subtask), figureIn(last, figure, subtask));
  const changed = readings.findLastIndex((reading) => !isSame(reading, 'recordsIn') || !isSame(reading, 'recordsOut'));
  return last.atMs - (readings[changed + 1]?.atMs ?? last.atMs);
}

/** Whole minutes without a record up to the newest one; readings of subtasks go back eleven minutes only. */
function emptyMinutesMs({ minutes }: VertexHistory): number {
  const busy = minutes.findLastIndex(
    ({ recordsInPerSecond = 0, recordsOutPerSecond = 0 }) => Math.max(recordsInPerSecond, recordsOutPerSecond) > 0,
  );
  const first = minutes[busy + 1];
  const last = minutes.at(-1);
  return first === undefined || last === undefined ? 0 : last.startMs + MINUTE_MS - first.startMs;
}
