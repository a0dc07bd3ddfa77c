import { isOnOperator } from '../suite/judge.js';
import type { SizeAdvice } from './advice.decode.js';

/** A change of parallelism that is advised. */
export interface Resize {
  readonly vertexName: string;
  readonly from: number;
  readonly to: number;
}

export function resizesIn(advice: readonly SizeAdvice[]): readonly Resize[] {
  return advice.flatMap(({ changes }) =>
    changes.flatMap(({ scope, vertexName = '', from, to }) =>
      scope === 'vertex' && typeof from === 'number' && typeof to === 'number' && from !== to
        ? [{ vertexName, from, to }]
        : [],
    ),
  );
}

/** The parallelism that is advised for an operator's vertex; undefined: none. */
export function sizeFor(operator: string, advice: readonly SizeAdvice[]): number | undefined {
  return resizesIn(advice).find(({ vertexName }) => isOnOperator(vertexName, operator))?.to;
}

/** Flink's id of an operator's vertex, where its parallelism is to be changed. */
export function vertexIdFor(operator: string, advice: readonly SizeAdvice[]): string | undefined {
  return advice.flatMap(({ changes }) => changes).find(({ vertexName }) => isOnOperator(vertexName, operator))
    ?.vertexId;
}

/** Subtasks that would be added, over all vertices. */
export function extraSubtasks(advice: readonly SizeAdvice[]): number {
  return resizesIn(advice).reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
}

/** Advice on parallelism, slots or TaskManagers: a healthy job gets none. */
export function aboutSize(advice: readonly SizeAdvice[]): readonly SizeAdvice[] {
  return advice.filter(
    (one) =>
      one.kind === 'parallelism' ||
      one.kind === 'slots' ||
      resizesIn([one]).length > 0 ||
      one.cost.slots !== 0 ||
      one.cost.taskManagers !== 0,
  );
}

/** Within one subtask or a tenth of what is right. */
export function isRightSize(advised: number, right: number): boolean {
  return Math.abs(advised - right) <= Math.max(1, right / 10);
}
