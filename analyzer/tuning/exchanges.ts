import { lastPhasesOf, type Edge, type JobHistory } from '../../collector/model/index.js';
import { oncePerReading } from '../signals/per-reading.js';

/** Where the tasks of a vertex are. */
export interface Places {
  readonly width: number;
  /** Subtasks on each TaskManager. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Exchanges that are alike: they join as many subtasks in the same places in the same way. */
export interface Exchanges {
  readonly from: Places;
  readonly to: Places;
  /** Channels of a reading and of a writing subtask. */
  readonly inputs: number;
  readonly outputs: number;
  readonly isAllToAll: boolean;
  readonly count: number;
}

/** Where a job's tasks are and how they are joined. */
export interface Layout {
  readonly vertexIds: readonly string[];
  readonly places: readonly Places[];
  /** Those with a task of the job. */
  readonly taskManagerIds: ReadonlySet<string>;
  readonly exchanges: readonly Exchanges[];
}

/** By the array of edges, which a job keeps as long as its graph: tasks move when it restarts, and not from beat to beat. */
const knownLayouts = new WeakMap<readonly Edge[], Layout>();

/** Undefined while the place of a subtask is not known. */
export function layoutOf({ vertices, edges }: Pick<JobHistory, 'vertices' | 'edges'>): Layout | undefined {
  const known = knownLayouts.get(edges);
  let isSame = known?.places.length === vertices.length;
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
    taskManagerIds: new Set(places.flatMap(({ counts }) => [...counts.keys()])),
    exchanges: exchangesOf(edges, new Map(vertexIds.map((id, i) => [id, places[i] ?? NOWHERE]))),
  };
  knownLayouts.set(edges, layout);
  return layout;
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

const NOWHERE: Places = { width: 0, counts: new Map() };

/** Of a thousand exchanges nearly all join vertices of one width that lie on the same slots: they are counted, not repeated. */
function exchangesOf(edges: readonly Edge[], places: ReadonlyMap<string, Places>): readonly Exchanges[] {
  const alike = new Map<string, { -readonly [K in keyof Exchanges]: Exchanges[K] }>();
  const kindOf = kindsOfPlaces();
  for (const edge of edges) {
    if (edge.blocking) continue;
    const [from, to] = [places.get(edge.fromVertexId) ?? NOWHERE, places.get(edge.toVertexId) ?? NOWHERE];
    const key = `${kindOf(from)} ${kindOf(to)} ${isAllToAll(edge)}`;
    const known = alike.get(key);
    if (known === undefined) {
      const [inputs, outputs] = channelsOf(edge, from.width, to.width);
      alike.set(key, { from, to, inputs, outputs, isAllToAll: isAllToAll(edge), count: 1 });
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

/** Channels of a reading and of a writing subtask. */
function channelsOf(edge: Edge, from: number, to: number): readonly [inputs: number, outputs: number] {
  if (isAllToAll(edge)) return [from, to];
  return [Math.ceil(from / Math.max(1, to)), Math.ceil(to / Math.max(1, from))];
}

/** What is not known counts as pointwise: the lower bound. */
function isAllToAll({ shipStrategy }: Edge): boolean {
  return !['FORWARD', 'RESCALE', 'UNKNOWN'].includes(shipStrategy);
}
