import type { VertexHistory } from '../../collector/model/index.js';

/**
 * What is derived from the readings of a vertex and what it is laid out for, derived once: a wide vertex that nothing
 * happens at is read once a minute, and judged in every beat between. The collector makes the array of subtasks anew
 * with every reading, so it stands for the reading.
 */
export function oncePerReading<T, A extends string | number | boolean | undefined = undefined>(
  derive: (vertex: VertexHistory, by: A) => T,
): (vertex: VertexHistory, ...by: A extends undefined ? [] : [A]) => T {
  const kept = new WeakMap<VertexHistory['subtasks'], Kept<T, A>>();
  return (vertex, ...args) => {
    const by = args[0] as A; // Missing exactly where A is undefined.
    const { parallelism, maxParallelism } = vertex;
    const known = kept.get(vertex.subtasks);
    const isSame =
      known !== undefined &&
      known.by === by &&
      known.parallelism === parallelism &&
      known.maxParallelism === maxParallelism;
    if (isSame) return known.value;
    const value = derive(vertex, by);
    kept.set(vertex.subtasks, { by, parallelism, maxParallelism, value });
    return value;
  };
}

interface Kept<T, A> {
  readonly by: A;
  readonly parallelism: number | undefined;
  readonly maxParallelism: number | undefined;
  readonly value: T;
}
