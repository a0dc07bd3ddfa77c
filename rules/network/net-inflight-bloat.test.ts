import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { netInflightBloat } from './net-inflight-bloat.js';

const bloated = (inFlightMs: number | undefined, start = 8000, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, {
    vertices: { agg: inFlightMs === undefined ? {} : { metrics: { estimatedTimeToConsumeBuffersMs: inFlightMs } } },
  }),
  checkpoints: Array.from({ length: 5 }, () => ({ phases: { agg: { start } } })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on seven seconds of work', bloated(7000), 'info agg'],
  ['is quiet just below five', bloated(4900), 'clear'],
  ['is quiet when barriers do not wait', bloated(7000, 1000), 'clear'],
  [
    'is quiet with debloating on',
    bloated(7000, 8000, { configuration: { 'taskmanager.network.memory.buffer-debloat.enabled': 'true' } }),
    'clear',
  ],
  ['is quiet when barriers overtake', bloated(7000, 8000, { checkpointing: { unaligned: true } }), 'clear'],
  [
    'is not evaluated where it is not told',
    bloated(undefined),
    'skipped: barriers wait long, and estimatedTimeToConsumeBuffersMs, which is told only with buffer debloating on, is not there; ckpt-start-delay tells of the wait',
  ],
  ['is skipped for a batch job', bloated(7000, 8000, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', bloated(7000, 8000, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('net-inflight-bloat', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netInflightBloat);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netInflightBloat])).toEqual([]);
  });

  it('keeps a second of work', () => {
    expect(only(judged(bloated(7000), netInflightBloat).advice).changes).toMatchObject([
      { key: 'taskmanager.network.memory.buffer-debloat.enabled', to: 'true' },
    ]);
  });
});
