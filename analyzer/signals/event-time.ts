import type { JobHistory, VertexHistory } from '../../collector/model/index.js';
import { isPressured } from '../graph/localise.js';
import { max, present, sum } from '../numbers.js';
import type { JobFacts } from './job-facts.js';
import type { LoadSignal } from './load.js';
import type { SubtaskWatermark, VertexWatermark, WatermarkSignal } from './watermarks.js';

/**
 * Event time that stands for so long is no pause between two records: L50 stood for 180 s while 500/s
 * flowed. The two minutes are those of diagnosis §5.7; healthy jobs with event time were not measured for it.
 */
export const STANDS_MS = 120_000;
/** A reader that never emitted may be waiting for its first record a little longer. */
export const NEVER_EMITTED_MS = 180_000;
/** Diagnosis §5.7: silence counts from five times the usual time between two records on, so that a quiet source is none. */
const INTER_ARRIVALS = 5;
/** Records that must have flowed past it meanwhile (gate G3). */
const FLOWED_MIN = 100;
/** The input watermark is the lowest of the inputs; assigners on the way take off their bound. */
const SAME_MS = 1000;
/** A reader this pressured is held back by others, and is not silent by itself. */
const HELD_BACK_RATIO = 0.5;

/** Readers of one source that emit nothing and hold the event time of what follows. */
export interface SilentReaders {
  readonly vertexId: string;
  readonly subtasks: readonly number[];
  readonly parallelism: number;
  readonly silentMs: number;
  /** None of them has ever emitted a record. */
  readonly neverEmitted: boolean;
  /** They tell no waiting records while others of the source do: they have no partition. */
  readonly withoutSplit: boolean;
}

/** Where the lack of event time shows. */
export type WaitSign = 'name' | 'late-metric' | 'stopped' | 'state';

/** Event time that does not move while records flow. One for each part of the job. */
export interface EventTimeStall {
  /** Vertices whose lowest input watermark stands, upstream first; never empty. */
  readonly vertexIds: readonly string[];
  /** What it stands at; missing: there never was one. */
  readonly watermarkMs?: number;
  readonly standsMs: number;
  /** How far the readers that move are ahead. */
  readonly behindMs?: number;
  readonly recordsMeanwhile: number;
  /** Sources whose silent readers are why; none where it is not known. */
  readonly silent: readonly SilentReaders[];
  /** Vertices that are seen to wait for event time, with what shows it; none: nobody may care. */
  readonly waiting: readonly { readonly vertexId: string; readonly sign: WaitSign }[];
}

export function eventTimeStallsOf(
  history: JobHistory,
  job: JobFacts,
  watermarks: WatermarkSignal,
  load: LoadSignal,
): readonly EventTimeStall[] {
  const sources = present(job.topology.vertexIds.filter(job.topology.isSource).map((id) => watermarks.get(id)));
  const quiet = new Map<VertexWatermark, readonly SubtaskWatermark[]>();
  const quietOf = (source: VertexWatermark): readonly SubtaskWatermark[] => {
    const known = quiet.get(source) ?? quietReaders(source, load);
    quiet.set(source, known);
    return known;
  };
  const inputs: Inputs = { history, job, watermarks, load, sources, quietOf };
  const parts = new Set(job.topology.order.map((vertexId) => job.topology.componentOf(vertexId)));
  return present([...parts].map((component) => stallIn(component, inputs)));
}

interface Inputs {
  readonly history: JobHistory;
  readonly job: JobFacts;
  readonly watermarks: WatermarkSignal;
  readonly load: LoadSignal;
  readonly sources: readonly VertexWatermark[];
  /** Readers of a source that are silent of themselves; looked for when somebody asks: where event time moves nobody does. */
  readonly quietOf: (source: VertexWatermark) => readonly SubtaskWatermark[];
}

function stallIn(component: ReadonlySet<string>, inputs: Inputs): EventTimeStall | undefined {
  const { job, watermarks, load } = inputs;
  const standing = job.topology.order.flatMap((vertexId) => {
    const vertex = component.has(vertexId) && !job.topology.isSource(vertexId) ? watermarks.get(vertexId) : undefined;
    if (vertex === undefined) return [];
    const { lowest } = vertex;
    return stands(lowest) || isHeld(vertexId, lowest, inputs) ? [{ vertexId, vertex, lowest }] : [];
  });
  const first = standing[0];
  if (first === undefined) return undefined;
  const ancestors = job.topology.ancestorsOf(first.vertexId);
  const readers = present([...ancestors].filter((id) => job.topology.isSource(id)).map((id) => watermarks.get(id)));
  const silent = present(readers.map((source) => silentReaders(source, first.lowest, inputs)));
  // Where nothing is silent, the pressure of a bottleneck or of a backlog may be what keeps event time in the buffers.
  if (silent.length === 0 && [...component].some((id) => isPressured(load.get(id)))) return undefined;
  const named = new Map(silent.map((source) => [source.vertexId, new Set(source.subtasks)]));
  const moving = readers.flatMap(({ vertexId, subtasks }) =>
    subtasks.filter(({ subtask, silentMs }) => named.get(vertexId)?.has(subtask) !== true && silentMs < STANDS_MS),
  );
  if (moving.length === 0) return undefined;
  const ahead = max(present(moving.map(({ watermarkMs }) => watermarkMs)));
  const at = first.lowest.watermarkMs;
  // Without any watermark in the whole job it may have no event time at all: then only a name can tell that one is missed.
  const isMissed = at === undefined && ahead === undefined;
  const standsMs = Math.max(first.lowest.standsMs, ...silent.map(({ silentMs }) => silentMs));
  const same = standing.filter(({ lowest }) => lowest.watermarkMs === at);
  // Of all the vertices of a job without event time only those with such a name are looked at.
  const asked = isMissed ? same.filter(({ vertexId }) => EVENT_TIME_NAME.test(job.vertexName(vertexId))) : same;
  const waiting = waitsOf(asked, inputs);
  if (isMissed && waiting.length === 0) return undefined;
  return {
    vertexIds: same.map(({ vertexId }) => vertexId),
    standsMs,
    recordsMeanwhile: sum(first.vertex.subtasks.map(({ recordsMeanwhile }) => recordsMeanwhile)),
    silent,
    waiting,
    ...(at === undefined ? {} : { watermarkMs: at }),
    ...(at === undefined || ahead === undefined ? {} : { behindMs: ahead - at }),
  };
}

/**
 * It was seen to be the same twice, a minute apart, while records flowed, and a silent reader stands at it: the reader is read in
 * every beat and tells since when.
 */
function isHeld(vertexId: string, lowest: SubtaskWatermark, inputs: Inputs): boolean {
  if (lowest.watermarkMs === undefined || lowest.recordsMeanwhile < FLOWED_MIN) return false;
  const holding = inputs.sources.filter((source) => silentReaders(source, lowest, inputs) !== undefined);
  if (holding.length === 0) return false;
  const ancestors = inputs.job.topology.ancestorsOf(vertexId);
  return holding.some((source) => ancestors.has(source.vertexId));
}

/** It does not move, although more records pass than fall into a pause between two of them. */
function stands({ standsMs, recordsMeanwhile }: SubtaskWatermark): boolean {
  return standsMs >= STANDS_MS && recordsMeanwhile >= FLOWED_MIN;
}

/** Readers of a source that are silent of themselves, whatever event time they stand at. */
function quietReaders(source: VertexWatermark, load: LoadSignal): readonly SubtaskWatermark[] {
  const othersTell = tellsPending(source);
  const silent = source.subtasks.filter((reader) => isSilent(reader, othersTell));
  if (silent.length === 0) return [];
  const pressure = new Map(
    (load.get(source.vertexId)?.subtasks ?? []).map(({ subtask, backPressuredRatio }) => [subtask, backPressuredRatio]),
  );
  return silent.filter(({ subtask }) => (pressure.get(subtask) ?? 0) < HELD_BACK_RATIO);
}

const tellsPending = ({ subtasks }: VertexWatermark): boolean =>
  subtasks.some(({ pendingRecords }) => pendingRecords !== undefined);

function silentReaders(
  source: VertexWatermark,
  held: SubtaskWatermark,
  { quietOf }: Inputs,
): SilentReaders | undefined {
  const silent = quietOf(source).filter((reader) =>
    reader.watermarkMs === undefined
      ? held.watermarkMs === undefined
      : Math.abs(reader.watermarkMs - (held.watermarkMs ?? Infinity)) <= SAME_MS,
  );
  if (silent.length === 0) return undefined;
  return {
    vertexId: source.vertexId,
    subtasks: silent.map(({ subtask }) => subtask),
    parallelism: source.subtasks.length,
    silentMs: Math.min(...silent.map(({ silentMs }) => silentMs)),
    neverEmitted: silent.every(({ records }) => records === 0),
    withoutSplit:
      tellsPending(source) &&
      silent.every(({ records, pendingRecords }) => records === 0 && pendingRecords === undefined),
  };
}

/** How long a reader must have emitted nothing since its start; one without a partition waits for no first record. */
export const neverEmittedMs = (hasSplit: boolean): number => (hasSplit ? NEVER_EMITTED_MS : STANDS_MS);

/** Nothing comes for much longer than usual, and nothing waits to be read. */
export function isSilent(reader: SubtaskWatermark, othersTell: boolean): boolean {
  if ((reader.pendingRecords ?? 0) > 0) return false;
  const hasSplit = !othersTell || reader.pendingRecords !== undefined;
  if (reader.records === 0) return reader.silentMs >= neverEmittedMs(hasSplit);
  return reader.silentMs >= Math.max(STANDS_MS, INTER_ARRIVALS * (reader.recordsOverMs / reader.records));
}

/** Operators that do nothing until event time says so: names of the DataStream API's windows and of SQL's plans. */
const EVENT_TIME_NAME =
  /EventTime|rowtime|WindowAggregate|WindowJoin|WindowRank|WindowDeduplicate|IntervalJoin|TemporalJoin|TemporalSort|\bMatch\b|CepOperator/i;
const PROCESSING_TIME_NAME = /ProcessingTime|proctime/i;
/** It makes watermarks of its own, and needs none. */
const ASSIGNER_NAME = /^(Timestamps\/Watermarks|WatermarkAssigner)/;

/** Which of them are seen to wait for event time, and by what. */
function waitsOf(
  standing: readonly { readonly vertexId: string; readonly lowest: SubtaskWatermark }[],
  inputs: Inputs,
): EventTimeStall['waiting'] {
  if (standing.length === 0) return [];
  const byId = new Map(inputs.history.vertices.map((vertex) => [vertex.vertexId, vertex]));
  return present(standing.map(({ vertexId, lowest }) => waitOf(byId.get(vertexId), lowest, inputs)));
}

function waitOf(
  vertex: VertexHistory | undefined,
  lowest: SubtaskWatermark,
  { history, job }: Inputs,
): EventTimeStall['waiting'][number] | undefined {
  if (vertex === undefined || ASSIGNER_NAME.test(vertex.name)) return undefined;
  const { vertexId } = vertex;
  const emitted = job.topology.isSink(vertexId) ? undefined : emittedSince(vertex, lowest.standsMs);
  // What still emits does not wait, or not all of it: early results, joins without a window.
  if (emitted === 'still' || PROCESSING_TIME_NAME.test(vertex.name)) return undefined;
  const sign = signOf(vertex, emitted, lowest.standsMs, history);
  return sign === undefined ? undefined : { vertexId, sign };
}

function signOf(
  vertex: VertexHistory,
  emitted: Emitted | undefined,
  standsMs: number,
  history: JobHistory,
): WaitSign | undefined {
  const told = usesEventTime(vertex);
  if (told !== undefined) return told;
  if (emitted === 'stopped') return 'stopped';
  return stateGrows(vertex.vertexId, standsMs, history) ? 'state' : undefined;
}

/** What tells that a vertex does something by event time, whether or not it waits for it now. */
export function usesEventTime({ name, metrics }: VertexHistory): WaitSign | undefined {
  if (EVENT_TIME_NAME.test(name)) return 'name';
  // Only operators that measure records against event time count those that come too late.
  return [...(metrics?.keys() ?? [])].some((id) => id.endsWith('.numLateRecordsDropped')) ? 'late-metric' : undefined;
}

type Emitted = 'still' | 'stopped' | 'never';

/** A step of one reading may still hold records that were under way. */
const LAST_OUTPUT_MS = 30_000;

function emittedSince({ subtasks }: VertexHistory, standsMs: number): Emitted {
  const outputs = subtasks.map(({ samples }) => {
    const last = samples.at(-1);
    const fromMs = (last?.atMs ?? 0) - standsMs + LAST_OUTPUT_MS;
    const begin = samples.find(({ atMs, attempt }) => atMs >= fromMs && attempt === last?.attempt);
    return { before: begin?.recordsOut ?? 0, since: (last?.recordsOut ?? 0) - (begin?.recordsOut ?? 0) };
  });
  if (outputs.some((output) => output.since > 0)) return 'still';
  return outputs.some(({ before }) => before > 0) ? 'stopped' : 'never';
}

/** L10, L50 and L51: +40 to +96 kB/s, at every checkpoint, because no window could end. */
const STATE_CHECKPOINTS = 4;
const STATE_GROWTH_MIN_BYTES = 64 * 1024;
const STATE_GROWTH_MIN_SHARE = 0.2;

/** Whether the state of a vertex rose from checkpoint to checkpoint for so long, as it does behind a window that cannot end. */
export function stateGrows(vertexId: string, standsMs: number, { checkpoints, rounds }: JobHistory): boolean {
  const fromMs = (rounds.at(-1)?.atMs ?? 0) - standsMs;
  const sizes = checkpoints
    .filter(({ status, isSavepoint, triggerMs }) => status === 'COMPLETED' && !isSavepoint && triggerMs >= fromMs)
    .flatMap(({ details }) => {
      const own = (details ?? []).filter((detail) => detail.vertexId === vertexId);
      return own.length === 0 ? [] : [sum(present(own.map(({ stateSizeBytes }) => stateSizeBytes)))];
    });
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined || sizes.length < STATE_CHECKPOINTS) return false;
  const isRising = sizes.every((size, i) => i === 0 || size > (sizes[i - 1] ?? 0));
  return isRising && last - first >= Math.max(STATE_GROWTH_MIN_BYTES, STATE_GROWTH_MIN_SHARE * first);
}
