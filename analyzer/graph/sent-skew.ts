import { FILLING_MIN, inflowShare } from './inflow.js';
import { isPressured } from './localise.js';
import type { LoadSignal } from '../signals/load.js';
import { classify, type VertexSkew } from '../signals/skew.js';
import { sum } from '../numbers.js';
import type { Topology } from './topology.js';

/** A subtask that is this busy takes what it can, not what it is sent. */
const FULL_BUSY = 0.95;
/** The others take all that they are sent below this. */
const OTHERS_BUSY_MAX = 0.8;

/**
 * The skew by what is sent, not by what is taken: while buffers fill, a full subtask takes only what it can (1.20.3: a key with 40 % of what
 * was sent read as 20 %). What is sent beyond what the others take is its own.
 */
export function bySent(skew: VertexSkew, topology: Topology, load: LoadSignal): VertexSkew {
  // Once the inputs wait they hand out in gulps, and all subtasks take in the proportion in which they are sent.
  if (topology.inputsOf(skew.vertexId).some(({ fromVertexId }) => isPressured(load.get(fromVertexId)))) return skew;
  const share = inflowShare(skew.vertexId, topology, load) ?? 1;
  const subtasks = load.get(skew.vertexId)?.subtasks ?? [];
  const [full, ...more] = subtasks.filter(({ busyRatio = 0 }) => busyRatio >= FULL_BUSY);
  const haveOthersRoom = subtasks.every((one) => one === full || (one.busyRatio ?? 0) < OTHERS_BUSY_MAX);
  if (full === undefined || more.length > 0 || !haveOthersRoom || share < FILLING_MIN) return skew;
  const notTaken = (share - 1) * sum(skew.records);
  const sent = skew.records.map((records, subtask) => (subtask === full.subtask ? records + notTaken : records));
  return { ...skew, ...classify(sent, skew.maxParallelism) };
}
