import { figureIn, framesOf, type Frame, type JobHistory, type VertexHistory } from '../../collector/model/index.js';
import { present } from '../numbers.js';
import { STANDS_MS } from './event-time.js';
import type { JobFacts } from './job-facts.js';
import { oncePerReading } from './per-reading.js';
import { currentAttempt, vertexWatermark, type SubtaskWatermark } from './watermarks.js';

/** Event time is held against itself so much earlier: as long as a watermark must stand to count as standing. */
const EARLIER_MS = STANDS_MS;

/** The event time of one subtask that moves, against the clock of its readings. */
export interface ReaderTime {
  readonly vertexId: string;
  readonly subtask: number;
  readonly watermarkMs: number;
  readonly atMs: number;
  /** The clock less event time, now and earlier. */
  readonly lagMs: number;
  readonly earlierLagMs: number;
  /** From the earlier reading to this one. */
  readonly overMs: number;
}

/** Readers whose records meet, far apart in event time. */
export interface ReaderSpread {
  /** Where they meet first. */
  readonly meetingVertexId: string;
  readonly ahead: ReaderTime;
  readonly behind: ReaderTime;
  /** Subtasks of the source that is behind, where others of it are not. */
  readonly behindSubtasks: readonly number[];
  readonly spreadMs: number;
  readonly windowMs: number;
  /** Until nothing is left of it, while it shrinks. */
  readonly closesInMs?: number;
}

/**
 * Subtasks whose event time moves, with what it was earlier. One that stands or is silent is another matter: event time
 * then waits for a reader, not for the records of one.
 */
export const movingTimes = oncePerReading((vertex): readonly ReaderTime[] => {
  const watermark = vertexWatermark(vertex);
  // Where no subtask tells event time, none is looked at: so it is in most vertices of most jobs.
  if (watermark?.highestMs === undefined) return [];
  const moving = watermark.subtasks.filter(moves).map(({ subtask }) => subtask);
  return present(moving.map((subtask) => timeOf(vertex, subtask)));
});

function moves({ watermarkMs, standsMs, silentMs }: SubtaskWatermark): boolean {
  return watermarkMs !== undefined && standsMs < STANDS_MS && silentMs < STANDS_MS;
}

function timeOf(vertex: VertexHistory, subtask: number): ReaderTime | undefined {
  const readings = currentAttempt(framesOf(vertex), subtask);
  const watermarkIn = (reading: Frame): number => figureIn(reading, 'watermarkMs', subtask);
  const now = readings.findLast((reading) => !Number.isNaN(watermarkIn(reading)));
  if (now === undefined) return undefined;
  const earlier = readings.findLast(
    (reading) => now.atMs - reading.atMs >= EARLIER_MS && !Number.isNaN(watermarkIn(reading)),
  );
  if (earlier === undefined) return undefined;
  return {
    vertexId: vertex.vertexId,
    subtask,
    atMs: now.atMs,
    watermarkMs: watermarkIn(now),
    lagMs: now.atMs - watermarkIn(now),
    earlierLagMs: earlier.atMs - watermarkIn(earlier),
    overMs: now.atMs - earlier.atMs,
  };
}

/** For each part of the job the place where readers meet that are at least so far apart, now and earlier. */
export function readerSpreadsOf(history: JobHistory, job: JobFacts, leastMs: number): readonly ReaderSpread[] {
  const times = new Map(
    history.vertices
      .filter(({ vertexId }) => job.topology.isSource(vertexId))
      .map((vertex) => [vertex.vertexId, movingTimes(vertex)]),
  );
  const done = new Set<string>();
  return job.topology.order.flatMap((vertexId) => {
    if (done.has(vertexId)) return [];
    const sources = sourcesMeetingAt(vertexId, job);
    const spread = spreadAt(
      vertexId,
      sources.flatMap((id) => times.get(id) ?? []),
    );
    if (spread === undefined || Math.min(spread.spreadMs, earlierSpreadMs(spread)) < leastMs) return [];
    // What comes after has it from here.
    for (const id of job.topology.componentOf(vertexId)) done.add(id);
    return [spread];
  });
}

/** Sources whose readers' event times become one at this vertex: forward edges alone keep the readers of one source apart. */
function sourcesMeetingAt(vertexId: string, { topology }: JobFacts): readonly string[] {
  const ancestors = topology.ancestorsOf(vertexId);
  const sources = [...ancestors].filter((id) => topology.isSource(id));
  const isMixed = [vertexId, ...ancestors].some((id) =>
    topology.inputsOf(id).some(({ shipStrategy }) => shipStrategy !== 'FORWARD'),
  );
  return isMixed || sources.length > 1 ? sources : [];
}

function spreadAt(meetingVertexId: string, times: readonly ReaderTime[]): ReaderSpread | undefined {
  const inOrder = [...times].sort((a, b) => a.lagMs - b.lagMs);
  const ahead = inOrder[0];
  const behind = inOrder.at(-1);
  if (ahead === undefined || behind === undefined) return undefined;
  const spreadMs = behind.lagMs - ahead.lagMs;
  const same = times.filter(({ vertexId }) => vertexId === behind.vertexId);
  const late = same.filter(({ lagMs }) => lagMs - ahead.lagMs >= spreadMs / 2);
  const windowMs = Math.max(1, Math.min(ahead.overMs, behind.overMs));
  const closing =
    (behind.earlierLagMs - behind.lagMs) / behind.overMs - (ahead.earlierLagMs - ahead.lagMs) / ahead.overMs;
  return {
    meetingVertexId,
    ahead,
    behind,
    behindSubtasks: late.length === same.length ? [] : late.map(({ subtask }) => subtask).sort((a, b) => a - b),
    spreadMs,
    windowMs,
    ...(closing > 0 ? { closesInMs: spreadMs / closing } : {}),
  };
}

function earlierSpreadMs({ ahead, behind }: ReaderSpread): number {
  return behind.earlierLagMs - ahead.earlierLagMs;
}
