import type { Topology } from '../graph/topology.js';
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
  const scales = new Map<string, number>();
  /** What a vertex would hand out. */
  const wanted = new Map<string, number>();
  for (const vertexId of topology.order) {
    const isSource = topology.isSource(vertexId);
    const scale = isSource
      ? scaleOfSource(vertexId, load, lag)
      : (scaleBySent(vertexId, topology, load, wanted) ?? scaleByInputs(vertexId, topology, load, scales));
    if (scale === undefined) continue;
    scales.set(vertexId, scale);
    const out = isSource ? handedOutBySource(vertexId, load, lag) : handedOut(vertexId, load, scale);
    if (out !== undefined) wanted.set(vertexId, out);
  }
  return scales;
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
  const [edge, ...others] = topology.outputsOf(vertexId);
  const wanted = handedOutBySource(vertexId, load, lag);
  if (edge === undefined || others.length > 0 || topology.inputsOf(edge.toVertexId).length > 1 || wanted === undefined)
    return scaleOfSource(vertexId, load, lag);
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

/** What is read may be filtered in the same task: by what it handed out for each record that it read. */
function handedOutBySource(vertexId: string, load: LoadSignal, lag: LagSignal): number | undefined {
  const offered = offeredAt(vertexId, lag);
  const { recordsInPerSecond: read, recordsOutPerSecond: out } = load.get(vertexId) ?? {};
  if (offered === undefined) return undefined;
  return read === undefined || out === undefined || read <= 0 || out <= 0 ? offered : (offered * out) / read;
}

function handedOut(vertexId: string, load: LoadSignal, scale: number): number | undefined {
  const out = load.get(vertexId)?.recordsOutPerSecond;
  return out === undefined ? undefined : out * scale;
}

function scaleBySent(
  vertexId: string,
  topology: Topology,
  load: LoadSignal,
  wanted: ReadonlyMap<string, number>,
): number | undefined {
  const taken = load.get(vertexId)?.recordsInPerSecond;
  const rates = topology.inputsOf(vertexId).map(({ fromVertexId }) => {
    return topology.outputsOf(fromVertexId).length === 1 ? wanted.get(fromVertexId) : undefined;
  });
  const known = rates.filter((rate) => rate !== undefined);
  if (taken === undefined || taken <= 0 || known.length < rates.length) return undefined;
  return Math.max(1, sum(known) / taken);
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
