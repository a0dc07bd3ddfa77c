import type { CheckpointSubtask } from '../model/index.js';

/** Of each vertex, what a checkpoint waited for: the last to acknowledge, the longest in each phase, and where barriers came and went last. */
const EXTREMES: readonly ((one: CheckpointSubtask) => number | undefined)[] = [
  ({ ackMs }) => ackMs,
  ({ endToEndMs }) => endToEndMs,
  ({ startDelayMs }) => startDelayMs,
  ({ alignmentMs }) => alignmentMs,
  ({ syncMs }) => syncMs,
  ({ asyncMs }) => asyncMs,
  ({ startDelayMs = 0, alignmentMs = 0 }) => startDelayMs + alignmentMs,
  ({ startDelayMs = 0, alignmentMs = 0, syncMs = 0 }) => startDelayMs + alignmentMs + syncMs,
  ({ stateSizeBytes }) => stateSizeBytes,
];

/**
 * The subtasks that tell of a checkpoint what took its time, in the order they came: at most one for each question and vertex, and the
 * first of each vertex that has not acknowledged. The store keeps these of a wide one: whole it is 200 kB a checkpoint of 1,000 subtasks.
 */
export function tellingSubtasks(details: readonly CheckpointSubtask[]): readonly CheckpointSubtask[] {
  const telling = new Set<CheckpointSubtask>();
  for (const ofVertex of byVertex(details).values()) {
    const missing = ofVertex.find(({ acknowledged }) => !acknowledged);
    if (missing !== undefined) telling.add(missing);
    const told = ofVertex.filter(({ acknowledged }) => acknowledged);
    for (const of of EXTREMES) {
      const most = firstHighest(told, of);
      if (most !== undefined) telling.add(most);
    }
  }
  return details.filter((one) => telling.has(one));
}

function byVertex(details: readonly CheckpointSubtask[]): ReadonlyMap<string, readonly CheckpointSubtask[]> {
  const vertices = new Map<string, CheckpointSubtask[]>();
  for (const one of details) {
    const known = vertices.get(one.vertexId);
    if (known === undefined) vertices.set(one.vertexId, [one]);
    else known.push(one);
  }
  return vertices;
}

function firstHighest(
  subtasks: readonly CheckpointSubtask[],
  of: (one: CheckpointSubtask) => number | undefined,
): CheckpointSubtask | undefined {
  let highest: CheckpointSubtask | undefined;
  for (const one of subtasks) if (highest === undefined || (of(one) ?? 0) > (of(highest) ?? 0)) highest = one;
  return highest;
}
