import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { max } from '../../analyzer/numbers.js';
import type { VertexHistory } from '../../collector/model/index.js';
import { metricsNamed } from './operator-metrics.js';

const KINDS = ['valueState', 'mapState', 'listState', 'aggregatingState', 'reducingState'] as const;

/**
 * The highest 99 % quantile over the states of a vertex of what `state.latency-track` or `state.size-track` measures of
 * reads (`valueStateGetLatency_p99`, `mapStateGetValueSize_p99`); undefined where it is off.
 */
export function worstTracked(
  vertex: VertexHistory,
  what: 'GetLatency' | 'GetValueSize',
  job: JobFacts,
  nowMs: number,
): number | undefined {
  if (vertex.metrics === undefined) return undefined;
  const names = KINDS.map((kind) => `${kind}${what}_p99`);
  return max(metricsNamed(vertex, names, job, nowMs).flatMap(({ readings }) => readings.at(-1)?.max ?? []));
}
