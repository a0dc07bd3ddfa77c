import { figureIn, framesOf, type Frame, type JobHistory, type VertexHistory } from '../../collector/model/index.js';
import { isCountedAlike } from '../graph/inflow.js';
import type { Topology } from '../graph/topology.js';
import { present, sum } from '../numbers.js';

/** Readings of two vertices this far apart are of one look, tasks that started so are of one deployment. */
const SAME_LOOK_MS = 15_000;
const SAME_START_MS = 60_000;

/**
 * Records that a vertex was sent since the job was deployed and has not taken in: they wait in the buffers between (1.20.3: 8,500 records of
 * 30 bytes before two subtasks). Undefined where an input hands out to others too, or counters do not begin together.
 */
export function inFlightRecords(vertexId: string, topology: Topology, history: JobHistory): number | undefined {
  const inputs = topology.inputsOf(vertexId);
  if (inputs.length === 0 || !inputs.every((edge) => isCountedAlike(edge, topology))) return undefined;
  const vertexOf = (id: string): VertexHistory | undefined => history.vertices.find((one) => one.vertexId === id);
  const own = countedIn(vertexOf(vertexId), 'recordsIn');
  const sent = inputs.map(({ fromVertexId }) => countedIn(vertexOf(fromVertexId), 'recordsOut'));
  const known = present(sent);
  if (own === undefined || known.length < sent.length) return undefined;
  const isTogether = known.every(
    ({ atMs, startMs }) =>
      Math.abs(atMs - own.atMs) <= SAME_LOOK_MS && Math.abs(startMs - own.startMs) <= SAME_START_MS,
  );
  return isTogether ? Math.max(0, sum(known.map(({ records }) => records)) - own.records) : undefined;
}

interface Counted {
  readonly atMs: number;
  readonly startMs: number;
  readonly records: number;
}

/** Of all subtasks in the newest reading that has them all. */
function countedIn(vertex: VertexHistory | undefined, key: 'recordsIn' | 'recordsOut'): Counted | undefined {
  if (vertex === undefined) return undefined;
  const frame = framesOf(vertex).findLast((one) => isWhole(one, key));
  if (frame === undefined) return undefined;
  const subtasks = Array.from({ length: frame.phases.length }, (_, subtask) => subtask);
  const starts = present(
    subtasks.map((subtask) => frame.phases[subtask]?.runningSinceMs ?? frame.phases[subtask]?.startMs),
  );
  const startMs = Math.max(...starts);
  if (starts.length === 0 || startMs - Math.min(...starts) > SAME_START_MS) return undefined;
  return { atMs: frame.atMs, startMs, records: sum(subtasks.map((subtask) => figureIn(frame, key, subtask))) };
}

function isWhole(frame: Frame, key: 'recordsIn' | 'recordsOut'): boolean {
  for (let subtask = 0; subtask < frame.phases.length; subtask += 1)
    if (Number.isNaN(figureIn(frame, key, subtask))) return false;
  return frame.phases.length > 0;
}
