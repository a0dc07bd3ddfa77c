import type { JobHistory } from '../../../collector/model/index.js';
import type { Change } from '../recommendation.js';

/** Whether Flink would show it if somebody made this change: parallelism and options, not code. */
export function isVisible({ scope, key, unit }: Change): boolean {
  return key !== undefined || (scope === 'vertex' && unit === 'subtasks');
}

type State = Pick<JobHistory, 'vertices' | 'configuration'>;

/** Whether all visible changes are in effect, and there is one. */
export function isApplied(changes: readonly Change[], state: State): boolean {
  const visible = changes.filter(isVisible);
  return visible.length > 0 && visible.every((change) => isInEffect(change, state));
}

function isInEffect({ key, vertexId, to }: Change, { vertices, configuration }: State): boolean {
  if (key !== undefined) return plain(configuration[key]) === plain(String(to));
  return vertices.find((vertex) => vertex.vertexId === vertexId)?.parallelism === to;
}

/** `1 min` and `1min` are the same to Flink. */
const plain = (value: string | undefined): string | undefined => value?.replace(/\s+/g, '').toLowerCase();
