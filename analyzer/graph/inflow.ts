import type { Edge } from '../../collector/model/index.js';
import type { LoadSignal } from '../signals/load.js';
import { sum } from '../numbers.js';
import type { Topology } from './topology.js';

/** A vertex is sent this much more than it takes: rates of both ends of an edge are of the same minute and differ by 2 % at most. */
export const FILLING_MIN = 1.1;

/**
 * Whether what goes out at one end of an edge is what comes in at the other: one that is the only output of its vertex. A broadcast record goes
 * out once and comes in at each subtask.
 */
export function isCountedAlike({ fromVertexId, blocking, shipStrategy }: Edge, topology: Topology): boolean {
  return !blocking && shipStrategy !== 'BROADCAST' && topology.outputsOf(fromVertexId).length === 1;
}

/**
 * Records per second that are sent to a vertex, by what its inputs hand out. Known where each of them hands out to it alone:
 * how the records of a vertex fall on several outputs Flink does not tell. Sources hand out in gulps once buffers are full.
 */
export function inflowPerSecond(vertexId: string, topology: Topology, load: LoadSignal): number | undefined {
  const rates = topology
    .inputsOf(vertexId)
    .map((edge) => (isCountedAlike(edge, topology) ? load.get(edge.fromVertexId)?.recordsOutPerSecond : undefined));
  const known = rates.filter((rate) => rate !== undefined);
  return known.length === 0 || known.length < rates.length ? undefined : sum(known);
}

/**
 * How many times what it takes a vertex is sent; undefined where that is not known. Above 1 buffers fill, which with small records takes
 * minutes (100 records/s of 30 bytes to a vertex that takes 50: 150 s on 1.20.3), and only then its inputs wait.
 */
export function inflowShare(vertexId: string, topology: Topology, load: LoadSignal): number | undefined {
  const taken = load.get(vertexId)?.recordsInPerSecond;
  const sent = inflowPerSecond(vertexId, topology, load);
  return taken === undefined || taken <= 0 || sent === undefined ? undefined : sent / taken;
}
