import type { JobHistory, SubtaskHistory, SubtaskSample, VertexHistory } from '../../collector/model/index.js';
import { max, min, present, sum } from '../numbers.js';

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
  return new Map(present(history.vertices.map(vertexWatermark)).map((vertex) => [vertex.vertexId, vertex]));
}

/** False for a job without event time, and where its metrics could not be read: Flink shows both alike. */
export function isWatermarkTold(signal: WatermarkSignal): boolean {
  return [...signal.values()].some(({ lowestMs }) => lowestMs !== undefined);
}

/** By the array of subtasks, which the collector makes anew with every reading. */
const derived = new WeakMap<VertexHistory['subtasks'], { readonly vertex: VertexWatermark | undefined }>();

function vertexWatermark({ vertexId, subtasks, parallelism }: VertexHistory): VertexWatermark | undefined {
  const known = derived.get(subtasks);
  if (known !== undefined) return known.vertex;
  const vertex = deriveVertex(
    vertexId,
    subtasks.filter(({ subtask }) => subtask < (parallelism ?? Infinity)),
  );
  derived.set(subtasks, { vertex });
  return vertex;
}

function deriveVertex(vertexId: string, all: readonly SubtaskHistory[]): VertexWatermark | undefined {
  const attempts = all.map(({ subtask, samples }) => ({ subtask, samples: currentAttempt(samples) }));
  const subtasks = present(attempts.map(({ subtask, samples }) => subtaskWatermark(subtask, samples)));
  const atMs = max(present(attempts.map(({ samples }) => samples.at(-1)?.atMs)));
  if (subtasks.length === 0 || atMs === undefined) return undefined;
  const told = present(subtasks.map(({ watermarkMs }) => watermarkMs));
  const [lowestMs, highestMs] = [min(told), max(told)];
  return {
    vertexId,
    subtasks,
    atMs,
    recordsPerSecond: sum(attempts.map(({ samples }) => recordsPerSecond(samples))),
    ...(lowestMs === undefined ? {} : { lowestMs }),
    ...(highestMs === undefined ? {} : { highestMs }),
  };
}

/** The readings of a task that still runs, oldest first. */
export function currentAttempt(samples: readonly SubtaskSample[]): readonly SubtaskSample[] {
  const last = samples.at(-1);
  if (last?.state !== 'RUNNING') return [];
  return samples.filter(({ attempt, state }) => attempt === last.attempt && state === 'RUNNING');
}

function subtaskWatermark(subtask: number, samples: readonly SubtaskSample[]): SubtaskWatermark | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  // Event time that reaches a vertex is asked for once a minute only: the readings between do not tell it.
  const told = samples.filter(({ watermarkMs }) => watermarkMs !== undefined);
  const { watermarkMs } = told.at(-1) ?? {};
  const until = told.at(-1) ?? last;
  const still = since(told.length === 0 ? samples : told, (sample) => sample.watermarkMs === watermarkMs);
  const silent = since(samples, (sample) => recordsOf(sample) === recordsOf(last));
  return {
    subtask,
    standsMs: until.atMs - still.atMs,
    recordsMeanwhile: Math.max(0, recordsOf(until) - recordsOf(still)),
    silentMs: last.atMs - silent.atMs,
    records: recordsOf(last),
    recordsOverMs: Math.max(0, silent.atMs - (last.runningSinceMs ?? last.startMs ?? silent.atMs)),
    ...(watermarkMs === undefined ? {} : { watermarkMs }),
    ...(last.pendingRecords === undefined ? {} : { pendingRecords: last.pendingRecords }),
  };
}

/** The oldest of the newest readings for which something holds. */
function since(samples: readonly SubtaskSample[], holds: (sample: SubtaskSample) => boolean): SubtaskSample {
  let i = samples.length - 1;
  while (i > 0 && holds(samples[i - 1] as SubtaskSample)) i -= 1; // In range: i − 1 ≥ 0.
  return samples[i] as SubtaskSample; // In range: callers have at least one sample.
}

/** A source counts what it emits, a sink what it gets (CALIBRATION fact 8): the larger one moves. */
function recordsOf({ recordsIn, recordsOut }: SubtaskSample): number {
  return Math.max(recordsIn ?? 0, recordsOut ?? 0);
}

function recordsPerSecond(samples: readonly SubtaskSample[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return ((recordsOf(last) - recordsOf(first)) / (last.atMs - first.atMs)) * 1000;
}
