import { lastPhasesOf, type Edge, type FlinkVersion, type JobHistory } from '../../collector/model/index.js';
import { max } from '../numbers.js';
import { oncePerReading } from '../signals/per-reading.js';
import { sharesOneGroup } from '../signals/slots.js';
import { parseMemorySize } from './values/memory-size.js';

type Configuration = Readonly<Record<string, string>>;

/** Network buffers: what Flink must have to start, and what it takes where there is plenty. */
export interface Buffers {
  readonly required: number;
  readonly wanted: number;
}

/** What the network buffers of one TaskManager have to do. */
export interface NetworkNeed {
  readonly taskManagerId: string;
  readonly total: number;
  /** For its subtasks where they are now. */
  readonly placed: Buffers;
  /** With a subtask of every vertex in each slot, as Flink places them by default; undefined with several sharing groups. */
  readonly packed?: Buffers;
}

/**
 * Buffers of one end of an exchange, as `NettyShuffleUtils` counts them (golden vectors: fixtures/network-buffers.json).
 * A gate needs exclusive buffers for each remote channel and one floating; a partition one for each channel and one more.
 */
export function gateBuffers(remoteChannels: number, rates: BufferRates): Buffers {
  const exclusive = rates.perChannel * remoteChannels;
  return { required: Math.min(exclusive + 1, rates.requiredPerGateMax), wanted: exclusive + rates.floating };
}

export function partitionBuffers(channels: number, rates: BufferRates): Buffers {
  return {
    required: channels + 1,
    wanted: Math.max(channels + 1, rates.perChannel * channels + rates.floating),
  };
}

export interface BufferRates {
  readonly perChannel: number;
  readonly floating: number;
  readonly requiredPerGateMax: number;
}

/** Both figures are fixed from 2.0 on, where their options have no effect. The limit of a gate came with 1.17. */
export function bufferRates(configuration: Configuration, version: FlinkVersion | undefined): BufferRates {
  const { major = 2, minor = 0 } = version ?? {};
  const number = (key: string, otherwise: number): number => {
    const value = Number(configuration[`taskmanager.network.memory.${key}`] ?? otherwise);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  const isFixed = major >= 2;
  const hasLimit = isFixed || minor >= 17;
  return {
    perChannel: isFixed ? 2 : number('buffers-per-channel', 2),
    floating: isFixed ? 8 : number('floating-buffers-per-gate', 8),
    requiredPerGateMax: hasLimit ? number('read-buffer.required-per-gate.max', Infinity) : Infinity,
  };
}

export function segmentBytesOf(configuration: Configuration): number {
  return parseMemorySize(configuration['taskmanager.memory.segment-size'] ?? '') ?? SEGMENT_BYTES;
}

const SEGMENT_BYTES = 32 * 1024;

/**
 * Needs of every TaskManager that runs subtasks of the job; other jobs there only add to them. Undefined while the place
 * of a subtask or the number of buffers is not known.
 */
export function networkNeeds(history: JobHistory): readonly NetworkNeed[] | undefined {
  const known = knownNeeds.get(history);
  if (known !== undefined) return known.needs;
  const needs = newNeeds(history);
  knownNeeds.set(history, { needs });
  return needs;
}

/** Several rules ask for them, each in every beat. */
const knownNeeds = new WeakMap<JobHistory, { readonly needs: readonly NetworkNeed[] | undefined }>();

function newNeeds(history: JobHistory): readonly NetworkNeed[] | undefined {
  const layout = layoutOf(history);
  if (layout === undefined) return undefined;
  const { exchanges, taskManagerIds } = layout;
  const used = history.taskManagers.filter(
    ({ taskManagerId, goneMs }) => goneMs === undefined && taskManagerIds.has(taskManagerId),
  );
  const segmentBytes = segmentBytesOf(history.configuration);
  const isOneGroup = sharesOneGroup(history);
  const needs = used.flatMap((taskManager): NetworkNeed[] => {
    const { taskManagerId, slots, memory, samples } = taskManager;
    const told = samples.findLast(({ networkSegmentsTotal }) => networkSegmentsTotal !== undefined);
    const bytes = memory.networkBytes;
    const total = told?.networkSegmentsTotal ?? (bytes === undefined ? undefined : Math.floor(bytes / segmentBytes));
    if (total === undefined) return [];
    const placed = buffersOf(exchanges, ({ counts }) => counts.get(taskManagerId) ?? 0);
    return [
      {
        taskManagerId,
        total,
        placed,
        ...(isOneGroup ? { packed: buffersOf(exchanges, ({ width }) => Math.min(slots, width)) } : {}),
      },
    ];
  });
  return needs.length < used.length || used.length === 0 ? undefined : needs;
}

interface Places {
  readonly width: number;
  /** Subtasks on each TaskManager. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Undefined while the place of a subtask is not known. */
const placesOf = oncePerReading((vertex) => placesIn(lastPhasesOf(vertex), vertex.parallelism ?? 0));

type Phases = ReturnType<typeof lastPhasesOf>;

/** The tasks of a vertex stay where they are from reading to reading, and so does the array of their phases. */
const knownPlaces = new WeakMap<Phases, Places>();

function placesIn(phases: Phases, width: number): Places | undefined {
  const known = knownPlaces.get(phases);
  if (known?.width === width) return known;
  const counts = new Map<string, number>();
  for (let subtask = 0; subtask < width; subtask += 1) {
    const id = phases[subtask]?.taskManagerId;
    if (id === undefined) return undefined;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  if (width === 0) return undefined;
  const places: Places = { width, counts };
  knownPlaces.set(phases, places);
  return places;
}

/** Exchanges that are alike, with what their ends need that does not depend on the TaskManager. */
interface Exchanges {
  readonly from: Places;
  readonly to: Places;
  /** Channels of a reading subtask. */
  readonly inputs: number;
  readonly isAllToAll: boolean;
  readonly partition: Buffers;
  readonly rates: BufferRates;
  count: number;
}

/** Where a job's tasks are and how they are joined. */
interface Layout {
  readonly vertexIds: readonly string[];
  readonly places: readonly Places[];
  readonly rates: BufferRates;
  readonly taskManagerIds: ReadonlySet<string>;
  readonly exchanges: readonly Exchanges[];
}

/** By the array of edges, which a job keeps as long as its graph: tasks move when it restarts, and not from beat to beat. */
const knownLayouts = new WeakMap<readonly Edge[], Layout>();

/** Undefined while the place of a subtask is not known. */
function layoutOf({ vertices, edges, configuration, flinkVersion }: JobHistory): Layout | undefined {
  const rates = bufferRates(configuration, flinkVersion);
  const known = knownLayouts.get(edges);
  let isSame = known?.places.length === vertices.length && areSameRates(known.rates, rates);
  const places: Places[] = [];
  for (const vertex of vertices) {
    const place = placesOf(vertex);
    if (place === undefined) return undefined;
    isSame &&= known?.places[places.length] === place && known.vertexIds[places.length] === vertex.vertexId;
    places.push(place);
  }
  if (known !== undefined && isSame) return known;
  const vertexIds = vertices.map(({ vertexId }) => vertexId);
  const layout: Layout = {
    vertexIds,
    places,
    rates,
    taskManagerIds: new Set(places.flatMap(({ counts }) => [...counts.keys()])),
    exchanges: exchangesOf(edges, new Map(vertexIds.map((id, i) => [id, places[i] ?? NOWHERE])), rates),
  };
  knownLayouts.set(edges, layout);
  return layout;
}

const areSameRates = (a: BufferRates, b: BufferRates): boolean =>
  a.perChannel === b.perChannel && a.floating === b.floating && a.requiredPerGateMax === b.requiredPerGateMax;

/** Of a thousand exchanges nearly all join vertices of one width that lie on the same slots: they are counted, not repeated. */
function exchangesOf(
  edges: readonly Edge[],
  places: ReadonlyMap<string, Places>,
  rates: BufferRates,
): readonly Exchanges[] {
  const alike = new Map<string, Exchanges>();
  const kindOf = kindsOfPlaces();
  for (const edge of edges) {
    if (edge.blocking) continue;
    const [from, to] = [places.get(edge.fromVertexId) ?? NOWHERE, places.get(edge.toVertexId) ?? NOWHERE];
    const key = `${kindOf(from)} ${kindOf(to)} ${isAllToAll(edge)}`;
    const known = alike.get(key);
    if (known === undefined) {
      const [inputs, outputs] = channelsOf(edge, from.width, to.width);
      const partition = partitionBuffers(outputs, rates);
      alike.set(key, { from, to, inputs, isAllToAll: isAllToAll(edge), partition, rates, count: 1 });
    } else known.count += 1;
  }
  return [...alike.values()];
}

/** Numbers places so that those which are alike have the same number. */
function kindsOfPlaces(): (places: Places) => number {
  const numbers = new Map<Places, number>();
  const kinds = new Map<string, number>();
  return (places) => {
    const known = numbers.get(places);
    if (known !== undefined) return known;
    const text = JSON.stringify([places.width, ...places.counts]);
    const number = kinds.get(text) ?? kinds.size;
    kinds.set(text, number);
    numbers.set(places, number);
    return number;
  };
}

const NOWHERE: Places = { width: 0, counts: new Map() };

/** Buffers of a TaskManager that runs `here` of the subtasks of each vertex. */
function buffersOf(exchanges: readonly Exchanges[], here: (places: Places) => number): Buffers {
  let [required, wanted] = [0, 0];
  for (const { from, to, inputs, isAllToAll, partition, rates, count } of exchanges) {
    const [readers, writers] = [here(to), here(from)];
    // Channels within a TaskManager need no exclusive buffers. Which those of a pointwise exchange are depends on where
    // each subtask is: they count as local, which they are wherever slots are shared, and is the lower bound.
    const gate = gateBuffers(isAllToAll ? Math.max(0, inputs - writers) : 0, rates);
    required += count * (readers * gate.required + writers * partition.required);
    wanted += count * (readers * gate.wanted + writers * partition.wanted);
  }
  return { required, wanted };
}

/** Channels of a reading and of a writing subtask. */
function channelsOf(edge: Edge, from: number, to: number): readonly [inputs: number, outputs: number] {
  if (isAllToAll(edge)) return [from, to];
  return [Math.ceil(from / Math.max(1, to)), Math.ceil(to / Math.max(1, from))];
}

/** What is not known counts as pointwise: the lower bound. */
function isAllToAll({ shipStrategy }: Edge): boolean {
  return !['FORWARD', 'RESCALE', 'UNKNOWN'].includes(shipStrategy);
}

/** Share of a TaskManager's buffers in use, its lowest reading since `sinceMs`; undefined with fewer than three. */
export function networkUsedLow(
  { taskManagers }: JobHistory,
  taskManagerId: string,
  sinceMs: number,
): number | undefined {
  const samples = taskManagers.find((tm) => tm.taskManagerId === taskManagerId)?.samples ?? [];
  const free = samples.flatMap(({ atMs, networkSegmentsTotal: total, networkSegmentsAvailable: available }) =>
    atMs < sinceMs || total === undefined || total <= 0 || available === undefined ? [] : [available / total],
  );
  const most = max(free);
  return free.length < 3 || most === undefined ? undefined : 1 - most;
}
