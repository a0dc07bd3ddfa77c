import { describe, expect, it } from 'vitest';
import type { CheckpointAnatomy, PhaseName } from './checkpoints.js';
import { growingPhaseOf } from './growing-phase.js';

/** Checkpoints a minute apart: the milliseconds of each phase at `agg`, by number. */
const checkpoints = (of: (i: number) => Partial<Record<PhaseName, number>>, count = 20): CheckpointAnatomy[] =>
  Array.from({ length: count }, (_, i) => {
    const critical = { vertexId: 'agg', subtask: 0, acknowledged: true };
    const phases = Object.fromEntries(
      Object.entries(of(i)).map(([phase, ms]) => [phase, { detail: critical, ms, share: 0.5 }]),
    );
    const durationMs = Object.values(of(i)).reduce((total, ms) => total + ms, 0);
    return { id: i, triggerMs: i * 60_000, durationMs, stateSizeBytes: 0, critical, phases };
  });
const jitter = (i: number): number => 300 * Math.sin(i * 2.3);

describe('the phase that makes checkpoints longer', () => {
  it.each([
    ['the one that grows', (i: number) => ({ sync: 5000 + jitter(i), async: 1000 + 200 * i }), 'async'],
    ['the one that grows most', (i: number) => ({ sync: 100 * i, async: 300 * i + jitter(i) }), 'async'],
    ['none while none grows', (i: number) => ({ sync: 5000 + jitter(i), async: 9000 + jitter(i + 1) }), undefined],
    [
      'none where several grow a little',
      (i: number) => ({ startDelay: 99 * i, alignment: 90 * i, sync: 95 * i, async: 98 * i }),
      undefined,
    ],
    ['none while they get faster', (i: number) => ({ async: 9000 - 200 * i }), undefined],
  ] as const)('is %s', (_claim, of, phase) => {
    expect(growingPhaseOf(checkpoints(of))?.phase).toBe(phase);
  });

  it('is not known of four', () => {
    expect(growingPhaseOf(checkpoints((i) => ({ async: 1000 * i }), 4))).toBeUndefined();
    expect(growingPhaseOf([])).toBeUndefined();
  });
});
