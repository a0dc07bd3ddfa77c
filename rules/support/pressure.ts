import type { LagSignal } from '../../analyzer/signals/lag.js';
import type { BottleneckCause, ExplainedBottleneck } from '../../analyzer/graph/cause.js';
import { FILLING_MIN } from '../../analyzer/graph/inflow.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import type { Evidence, Severity } from '../../analyzer/engine/finding.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';

/**
 * Gate G2: while a backlog is worked off, saturation is what one wants to see. A backlog whose direction is not known
 * yet is treated alike: a minute later it is.
 */
export function pressureCounts(lag: LagSignal): boolean {
  return lag.phase !== 'catching-up' && lag.phase !== 'unknown';
}

/** Bottlenecks with one kind of cause that hold something back: pressure behind them, buffers that fill, or a lag that grows. */
export function bottlenecksBy<K extends BottleneckCause['kind']>(
  bottlenecks: readonly ExplainedBottleneck[],
  kind: K,
  lag: LagSignal,
): readonly (ExplainedBottleneck & { readonly cause: Extract<BottleneckCause, { kind: K }> })[] {
  if (!pressureCounts(lag)) return [];
  return bottlenecks.filter(
    (bottleneck): bottleneck is ExplainedBottleneck & { readonly cause: Extract<BottleneckCause, { kind: K }> } =>
      bottleneck.cause.kind === kind && holdsBack(bottleneck, lag),
  );
}

export function holdsBack(bottleneck: ExplainedBottleneck, lag: LagSignal): boolean {
  if (bottleneck.isWorkingOff) return false;
  return bottleneck.kind === 'pressing' || bottleneck.kind === 'filling' || lag.phase === 'growing';
}

/** Critical once the source falls behind by more than this many seconds and more every minute (diagnosis §5.8: SLA 5 min). */
const LAG_CRITICAL_SECONDS = 300;

export function pressureSeverity(lag: LagSignal): Severity {
  return lag.phase === 'growing' && (lag.lagSeconds ?? 0) > LAG_CRITICAL_SECONDS ? 'critical' : 'warning';
}

/** The evidence that any bottleneck stands on. */
export function pressureEvidence(bottleneck: ExplainedBottleneck, lag: LagSignal): readonly Evidence[] {
  const { vertexId } = bottleneck;
  const growing = lag.sources.find((source) => source.trend === 'growing');
  return [
    ...evidence('busyRatio', bottleneck.busyMax, LOAD_WINDOW_MS, ['>=', 0.8], { metric: 'busyRatio', vertexId }),
    ...(bottleneck.kind === 'pressing'
      ? evidence('inputPressure', bottleneck.inputPressure, LOAD_WINDOW_MS, ['>=', 0.5])
      : []),
    ...(bottleneck.kind === 'filling'
      ? evidence('inflowShare', bottleneck.inflowShare, LOAD_WINDOW_MS, ['>=', FILLING_MIN])
      : []),
    ...(growing === undefined
      ? []
      : evidence('lagSlope', growing.slopePerSecond, growing.windowMs, ['>', 0], {
          metric: 'pendingRecords',
          vertexId: growing.vertexId,
        })),
  ];
}
