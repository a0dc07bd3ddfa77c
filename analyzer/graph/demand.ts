import { isCountedAlike } from './inflow.js';
import type { Topology } from './topology.js';
import { consumedPerSecond, type LagSignal } from '../signals/lag.js';
import type { LoadSignal } from '../signals/load.js';
import { sum } from '../numbers.js';

/**
 * By how much what each vertex takes in would grow at full demand, 1 or more. Undefined below any source that does not tell what
 * arrives.
 *
 * Where the inputs of a vertex hand out to it alone, it is what they would hand out over what it takes in. What they hand out now does not
 * count: a source whose buffers fill, or are full, hands out more or less than its share for minutes. Elsewhere it is the mean of the
 * inputs' own growth, weighted by what flows.
 */
export function demandScales(topology: Topology, load: LoadSignal, lag: LagSignal): ReadonlyMap<string, number> {
  return demandOf(topology, load, lag).scales;
}

/**
 * Vertices that take in more than they would be sent if only what arrives were there, by a good part: they work off what waits in the
 * buffers before them, where no lag shows it (1.20.3: 6 subtasks in place of 2 took 150/s of 100/s for minutes, with nothing left at the source).
 */
export function workingOff(topology: Topology, load: LoadSignal, lag: LagSignal): ReadonlySet<string> {
  const { sentShares } = demandOf(topology, load, lag);
  return new Set([...sentShares].flatMap(([vertexId, share]) => (share <= WORKING_OFF_MAX ? [vertexId] : [])));
}

/** Rates of both ends differ by 2 %, what arrives is known to 5 % or better. */
const WORKING_OFF_MAX = 1 / 1.15;

interface Demand {
  readonly scales: ReadonlyMap<string, number>;
  /** What each vertex would be sent, over what it takes in; where its inputs hand out to it alone. */
  readonly sentShares: ReadonlyMap<string, number>;
}

function demandOf(topology: Topology, load: LoadSignal, lag: LagSignal): Demand {
  const scales = new Map<string, number>();
  const sentShares = new Map<string, number>();
  /** What a vertex would hand out. */
  const wanted = new Map<string, number>();
  for (const vertexId of topology.order) {
    const isSource = topology.isSource(vertexId);
    const share = isSource ? undefined : sentShare(vertexId, topology, load, wanted);
    if (share !== undefined) sentShares.set(vertexId, share);
    const scale = isSource
      ? scaleOfSource(vertexId, load, lag)
      : share === undefined
        ? scaleByInputs(vertexId, topology, load, scales)
        : Math.max(1, share);
    if (scale === undefined) continue;
    scales.set(vertexId, scale);
    const out = isSource ? handedOutBySource(vertexId, lag) : handedOut(vertexId, load, scale);
    if (out !== undefined) wanted.set(vertexId, out);
  }
  return { scales, sentShares };
}

/**
 * By how much more a source would pass on at full demand than now reaches the vertex behind it; where it has more than one, than it hands
 * out. Undefined where it does not tell what arrives.
 */
export function passedScale(
  vertexId: string,
  topology: Topology,
  load: LoadSignal,
  lag: LagSignal,
): number | undefined {
  const [edge] = topology.outputsOf(vertexId);
  const wanted = handedOutBySource(vertexId, lag);
  const isAlone =
    edge !== undefined && isCountedAlike(edge, topology) && topology.inputsOf(edge.toVertexId).length === 1;
  if (!isAlone || wanted === undefined) return scaleOfSource(vertexId, load, lag);
  const taken = load.get(edge.toVertexId)?.recordsInPerSecond;
  return taken === undefined || taken <= 0 ? scaleOfSource(vertexId, load, lag) : Math.max(1, wanted / taken);
}

function scaleOfSource(vertexId: string, load: LoadSignal, lag: LagSignal): number | undefined {
  const offered = offeredAt(vertexId, lag);
  const consumed = consumedPerSecond({ vertexId }, load);
  return offered === undefined || consumed === undefined ? undefined : Math.max(1, offered / consumed);
}

const offeredAt = (vertexId: string, lag: LagSignal): number | undefined =>
  lag.sources.find((candidate) => candidate.vertexId === vertexId)?.offeredPerSecond;

/** What is read may be filtered in the same task. */
function handedOutBySource(vertexId: string, lag: LagSignal): number | undefined {
  const source = lag.sources.find((candidate) => candidate.vertexId === vertexId);
  return source?.offeredPerSecond === undefined ? undefined : source.offeredPerSecond * (source.outPerRead ?? 1);
}

function handedOut(vertexId: string, load: LoadSignal, scale: number): number | undefined {
  const out = load.get(vertexId)?.recordsOutPerSecond;
  return out === undefined ? undefined : out * scale;
}

function sentShare(
  vertexId: string,
  topology: Topology,
  load: LoadSignal,
  wanted: ReadonlyMap<string, number>,
): number | undefined {
  const taken = load.get(vertexId)?.recordsInPerSecond;
  const rates = topology.inputsOf(vertexId).map((edge) => {
    return isCountedAlike(edge, topology) ? wanted.get(edge.fromVertexId) : undefined;
  });
  const known = rates.filter((rate) => rate !== undefined);
  if (taken === undefined || taken <= 0 || known.length < rates.length) return undefined;
  return sum(known) / taken;
}

function scaleByInputs(
  vertexId: string,
  topology: Topology,
  load: LoadSignal,
  scales: ReadonlyMap<string, number>,
): number | undefined {
  const flows = topology.inputsOf(vertexId).map((edge) => ({
    scale: scales.get(edge.fromVertexId),
    flow: load.get(edge.fromVertexId)?.recordsOutPerSecond ?? 0,
  }));
  const total = sum(flows.map(({ flow }) => flow));
  if (total <= 0 || flows.some(({ scale }) => scale === undefined)) return undefined;
  return sum(flows.map(({ scale, flow }) => (scale ?? 1) * flow)) / total;
}
