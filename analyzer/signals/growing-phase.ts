import { max } from '../numbers.js';
import type { CheckpointAnatomy, PhaseName } from './checkpoints.js';
import { lineThrough } from './trend-line.js';

/** The phase that makes checkpoints longer, and where. */
export interface GrowingPhase {
  readonly phase: PhaseName;
  readonly vertexId: string;
}

const PHASES: readonly PhaseName[] = ['startDelay', 'alignment', 'sync', 'async'];
/** Of the growth of the whole: what is less is not the reason. */
const SHARE_MIN = 0.5;

/**
 * The phase that surely grows, and by half of what the checkpoints grow by at least; undefined where none does, or too few
 * checkpoints with their phases are held. Where the newest was longest is where it grows.
 */
export function growingPhaseOf(anatomies: readonly CheckpointAnatomy[]): GrowingPhase | undefined {
  const whole = lineThrough(
    anatomies.map(({ triggerMs, durationMs }) => [triggerMs, durationMs] as const),
    'scatters',
  );
  if (whole === undefined || whole.perMsLow <= 0) return undefined;
  const growing = PHASES.flatMap((phase) => {
    const peaks = anatomies.flatMap(({ triggerMs, phases }) => {
      const peak = phases[phase];
      return peak === undefined ? [] : [{ triggerMs, ms: peak.ms, vertexId: peak.detail.vertexId }];
    });
    const line = lineThrough(
      peaks.map(({ triggerMs, ms }) => [triggerMs, ms] as const),
      'scatters',
    );
    const vertexId = peaks.at(-1)?.vertexId;
    if (line === undefined || vertexId === undefined || line.perMsLow <= 0) return [];
    return line.perMs < SHARE_MIN * whole.perMs ? [] : [{ phase, vertexId, perMs: line.perMs }];
  });
  const most = max(growing.map(({ perMs }) => perMs));
  const found = growing.find(({ perMs }) => perMs === most);
  return found === undefined ? undefined : { phase: found.phase, vertexId: found.vertexId };
}
