import { minuteOf } from './page-turns.js';

/**
 * Which vertices of a job are read subtask by subtask in this beat. The page of one vertex costs the JobManager about
 * 0.6 ms and 0.01 ms more per subtask, and 640 bytes per subtask (REST-TRUTH §7: 82 kB at parallelism 128); a
 * summary over its subtasks costs 0.14–0.6 ms and 1 kB whatever the parallelism. So a small job is read whole in every
 * beat, and of a wide one those vertices that something happens at, the others together once a minute: their pages share one
 * copy of the graph.
 */

/** A job with no more subtasks than this is read whole in every beat. */
export const SUBTASKS_READ_WHOLE = 256;
/** Subtasks of its wanted vertices that a wider job may have read in one beat on average: three of parallelism 128, about 250 kB. */
export const SUBTASKS_PER_BEAT = 384;
/** What a job can save up, so that one very wide vertex gets its turn: four beats. */
const SUBTASKS_SAVED_MAX = 4 * SUBTASKS_PER_BEAT;
/** Calm subtasks read in one beat, about 1.3 MB: those of a wider job are spread over more beats of the minute. */
const CALM_SUBTASKS_MAX = 2048;
/** No vertex goes longer without its subtasks being read. */
export const SUBTASKS_READ_EVERY_MS = 60_000;

/** What is known of a vertex before the beat. */
export interface VertexTurn {
  readonly vertexId: string;
  readonly parallelism: number;
  /** When its subtasks were last read; undefined before the first time. */
  readonly lastReadMs: number | undefined;
  /** Busy, pressured, uneven, starting, asked for by a verdict or looked at by somebody. */
  readonly isWanted: boolean;
  /** Its subtasks are known without a request to Flink, from the reporters. */
  readonly isFree: boolean;
}

export interface Beat {
  readonly jobId: string;
  /** Subtasks that the wanted vertices may have read, from the beats before; below 0 after reads that were due whatever they cost. */
  readonly subtasksSaved: number;
  readonly nowMs: number;
  readonly beatMs: number;
}

/** Whether all vertices are read subtask by subtask in every beat. */
const isReadWhole = (vertices: readonly Pick<VertexTurn, 'parallelism' | 'isFree'>[]): boolean =>
  vertices.reduce((sum, { parallelism, isFree }) => sum + (isFree ? 0 : parallelism), 0) <= SUBTASKS_READ_WHOLE;

/** Ids of the vertices to read subtask by subtask now, and what is saved for the next beat. */
export function vertexTurns(
  vertices: readonly VertexTurn[],
  beat: Beat,
): { readonly read: ReadonlySet<string>; readonly subtasksLeft: number } {
  if (isReadWhole(vertices)) return { read: new Set(vertices.map(({ vertexId }) => vertexId)), subtasksLeft: 0 };
  const paid = vertices.filter(({ isFree }) => !isFree);
  let subtasks = Math.min(beat.subtasksSaved + SUBTASKS_PER_BEAT, SUBTASKS_SAVED_MAX);
  const read = new Set(vertices.flatMap(({ vertexId, isFree }) => (isFree ? [vertexId] : [])));
  const take = ({ vertexId, parallelism }: VertexTurn): void => {
    read.add(vertexId);
    subtasks -= parallelism;
  };
  for (const vertexId of calmTurn(paid, beat)) read.add(vertexId);
  const wanted = paid.filter(({ isWanted }) => isWanted);
  // Unread and overdue ones come whatever they cost: without them there is no verdict at all.
  for (const vertex of wanted) if (isOverdue(vertex, beat)) take(vertex);
  for (const vertex of stalestFirst(wanted))
    if (!read.has(vertex.vertexId) && subtasks >= Math.min(vertex.parallelism, SUBTASKS_PER_BEAT)) take(vertex);
  return { read, subtasksLeft: Math.max(subtasks, -SUBTASKS_SAVED_MAX) };
}

/** The calm vertices not yet read in this minute. All have the same minutes; where they have very many subtasks, groups of them have their own. */
function calmTurn(vertices: readonly VertexTurn[], beat: Beat): readonly string[] {
  const calm = vertices.filter(({ isWanted }) => !isWanted);
  const groups = Math.ceil(calm.reduce((sum, { parallelism }) => sum + parallelism, 0) / CALM_SUBTASKS_MAX);
  const isDue = (vertex: VertexTurn, index: number): boolean => {
    const minute = (ms: number): number => minuteOf(beat.jobId, ms, (index % groups) / groups);
    return isOverdue(vertex, beat) || minute(vertex.lastReadMs ?? 0) < minute(beat.nowMs);
  };
  return calm.filter(isDue).map(({ vertexId }) => vertexId);
}

/** Waiting for one beat more would be too long. */
const isOverdue = ({ lastReadMs }: VertexTurn, { nowMs, beatMs }: Beat): boolean =>
  lastReadMs === undefined || nowMs - lastReadMs + beatMs / 2 > SUBTASKS_READ_EVERY_MS;

const stalestFirst = (vertices: readonly VertexTurn[]): readonly VertexTurn[] =>
  [...vertices].sort((a, b) => (a.lastReadMs ?? 0) - (b.lastReadMs ?? 0));
