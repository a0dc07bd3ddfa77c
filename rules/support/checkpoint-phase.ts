import type { CheckpointAnatomy, CheckpointSignal, PhaseName } from '../../analyzer/signals/checkpoints.js';
import { evidence, type SignalLabel } from '../../analyzer/engine/evidence.js';
import type { Evidence } from '../../analyzer/engine/finding.js';
import { median, present } from '../../analyzer/numbers.js';

/** A phase must dominate this many of the last five checkpoints: one slow checkpoint is chance. */
export const DOMINATED_MIN = 3;

export interface PhaseLimits {
  readonly share: number;
  readonly ms: number;
}

/** Checkpoints that one phase dominates, with what they say of it. */
export interface DominatedCheckpoints {
  readonly anatomies: readonly CheckpointAnatomy[];
  /** Where the phase was longest, most often. */
  readonly vertexId: string;
  /** Medians over the checkpoints. */
  readonly ms: number;
  readonly share: number;
  readonly windowMs: number;
}

const LABELS: Readonly<Record<PhaseName, { readonly ms: SignalLabel; readonly share: SignalLabel }>> = {
  startDelay: { ms: 'startDelayMs', share: 'startDelayShare' },
  alignment: { ms: 'alignmentMs', share: 'alignmentShare' },
  sync: { ms: 'syncMs', share: 'syncShare' },
  async: { ms: 'asyncMs', share: 'asyncShare' },
};

/** The recent checkpoints in which one phase was both long and much of the whole; undefined unless it is the habit. */
export function dominatedBy(
  signal: CheckpointSignal,
  phase: PhaseName,
  limits: PhaseLimits,
): DominatedCheckpoints | undefined {
  const slow = signal.anatomies.filter(({ phases }) => {
    const peak = phases[phase];
    return peak !== undefined && peak.share >= limits.share && peak.ms >= limits.ms;
  });
  const peaks = present(slow.map(({ phases }) => phases[phase]));
  const vertexId = mostOften(peaks.map(({ detail }) => detail.vertexId));
  const first = slow[0];
  const last = slow.at(-1);
  if (slow.length < DOMINATED_MIN || vertexId === undefined || first === undefined || last === undefined)
    return undefined;
  return {
    anatomies: slow,
    vertexId,
    ms: median(peaks.map(({ ms }) => ms)) ?? 0,
    share: median(peaks.map(({ share }) => share)) ?? 0,
    windowMs: last.triggerMs + last.durationMs - first.triggerMs,
  };
}

/** Length and share of the phase against their limits, and the whole duration. */
export function phaseEvidence(phase: PhaseName, slow: DominatedCheckpoints, limits: PhaseLimits): readonly Evidence[] {
  const whole = median(slow.anatomies.map(({ durationMs }) => durationMs));
  return [
    ...evidence(LABELS[phase].ms, slow.ms, slow.windowMs, ['>=', limits.ms]),
    ...evidence(LABELS[phase].share, slow.share, slow.windowMs, ['>=', limits.share]),
    ...evidence('checkpointMs', whole, slow.windowMs),
  ];
}

function mostOften(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
