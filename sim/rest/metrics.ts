import type { VertexState } from '../model/vertex-sim.js';

/** Operator metrics of a source's reader, as a FLIP-27 connector registers them. */
export const SOURCE_METRICS = ['pendingRecords', 'numRecordsOut'] as const;

export function vertexMetric(vertex: VertexState, id: string): string | undefined {
  const [index = '', ...rest] = id.split('.');
  const subtask = vertex.subtasks[Number(index)];
  const name = rest.join('.');
  if (subtask === undefined) return undefined;
  if (name === `${operatorOf(vertex)}.pendingRecords`) return String(Math.round(subtask.pending));
  if (name === `${operatorOf(vertex)}.numRecordsOut`) return String(Math.round(subtask.recordsIn));
  return undefined;
}

/** Flink mangles operator names in metric ids: `Source: orders` becomes `Source__orders`. */
export function operatorOf({ spec }: VertexState): string {
  return spec.name.replace(/[^A-Za-z0-9>_-]/g, '_');
}
