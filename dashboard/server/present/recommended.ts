import type { JobReport } from '../../../analyzer/engine/analyze.js';

/** Parallelism that an open recommendation proposes, by vertex. */
export function recommendedParallelism(report: JobReport): ReadonlyMap<string, number> {
  return new Map(
    report.recommendations.flatMap(({ state, changes }) =>
      changes.flatMap(({ scope, vertexId, unit, to }) =>
        state === 'proposed' && scope === 'vertex' && vertexId !== undefined && unit === 'subtasks'
          ? [[vertexId, Number(to)] as const]
          : [],
      ),
    ),
  );
}
