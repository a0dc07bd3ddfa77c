/**
 * Which vertices of a job are read subtask by subtask in this beat. The page of one vertex costs the JobManager about
 * 0.6 ms and 0.01 ms more per subtask, and 640 bytes per subtask (REST-TRUTH §7: 82 kB at parallelism 128); a
 * summary over its subtasks costs 0.14–0.6 ms and 1 kB whatever the parallelism. So a small job is read whole in every
 * beat, and of a wide one those vertices that something happens at, the others in turn.
 */

/** A job with no more subtasks than this is read whole in every beat. */
export const SUBTASKS_READ_WHOLE = 256;
/** Subtasks that a wider job may have read in one beat on average: three vertices of parallelism 128, about 250 kB. */
export const SUBTASKS_PER_BEAT = 384;
/** Beats that a job can save up, so that one very wide vertex gets its turn. */
const SAVED_BEATS_MAX = 4;
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

/** What a job carries from beat to beat. */
export interface TurnAccount {
  /** Subtasks that may be read; below 0 after reads that were due whatever they cost. */
  readonly subtasks: number;
  /** Calm vertices owed a read, with the fraction of one: four of them at a beat of 10 s are 0.67 a beat. */
  readonly owed: number;
}

export const NEW_ACCOUNT: TurnAccount = { subtasks: 0, owed: 0 };

/** Whether all vertices are read subtask by subtask in every beat. */
const isReadWhole = (vertices: readonly Pick<VertexTurn, 'parallelism' | 'isFree'>[]): boolean =>
  vertices.reduce((sum, { parallelism, isFree }) => sum + (isFree ? 0 : parallelism), 0) <= SUBTASKS_READ_WHOLE;

/** Ids of the vertices to read subtask by subtask now, and the account after it. */
export function vertexTurns(
  vertices: readonly VertexTurn[],
  account: TurnAccount,
  nowMs: number,
  beatMs: number,
): { readonly read: ReadonlySet<string>; readonly account: TurnAccount } {
  if (isReadWhole(vertices)) return { read: new Set(vertices.map(({ vertexId }) => vertexId)), account: NEW_ACCOUNT };
  const paid = vertices.filter(({ isFree }) => !isFree);
  const calm = paid.filter(({ isWanted }) => !isWanted);
  let subtasks = Math.min(account.subtasks + SUBTASKS_PER_BEAT, SUBTASKS_PER_BEAT * SAVED_BEATS_MAX);
  let owed = Math.min(account.owed + (calm.length * beatMs) / SUBTASKS_READ_EVERY_MS, calm.length);
  const read = new Set(vertices.flatMap(({ vertexId, isFree }) => (isFree ? [vertexId] : [])));
  const take = ({ vertexId, parallelism }: VertexTurn): void => {
    read.add(vertexId);
    subtasks -= parallelism;
  };
  // Unread and overdue ones come whatever they cost: without them there is no verdict at all.
  for (const vertex of paid) if (isOverdue(vertex, nowMs, beatMs)) take(vertex);
  for (const vertex of calm.filter(({ vertexId }) => read.has(vertexId))) owed -= vertex.parallelism > 0 ? 1 : 0;
  for (const vertex of stalestFirst(calm)) {
    if (owed < 1) break;
    if (read.has(vertex.vertexId)) continue;
    take(vertex);
    owed -= 1;
  }
  for (const vertex of stalestFirst(paid.filter(({ isWanted }) => isWanted)))
    if (!read.has(vertex.vertexId) && subtasks >= Math.min(vertex.parallelism, SUBTASKS_PER_BEAT)) take(vertex);
  return {
    read,
    account: { subtasks: Math.max(subtasks, -SUBTASKS_PER_BEAT * SAVED_BEATS_MAX), owed: Math.max(0, owed) },
  };
}

/** Waiting for one beat more would be too long. */
const isOverdue = ({ lastReadMs }: VertexTurn, nowMs: number, beatMs: number): boolean =>
  lastReadMs === undefined || nowMs - lastReadMs + beatMs / 2 > SUBTASKS_READ_EVERY_MS;

const stalestFirst = (vertices: readonly VertexTurn[]): readonly VertexTurn[] =>
  [...vertices].sort((a, b) => (a.lastReadMs ?? 0) - (b.lastReadMs ?? 0));
