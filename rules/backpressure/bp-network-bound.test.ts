import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpNetworkBound } from './bp-network-bound.js';

const sending = (out: number, inPool: number | undefined, rate = 400_000, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: {
      parallelism: 2,
      busy: 0.1,
      bp: 0.8,
      out: rate,
      lag: [0, 0],
      on: [0, 1],
      metrics: { 'Shuffle.Netty.Output.Buffers.outPoolUsage': out },
    },
    agg: {
      parallelism: 2,
      inputs: { src: 'HASH' },
      busy: 0.2,
      in: rate,
      on: [0, 1],
      ...(inPool === undefined ? {} : { metrics: { 'Shuffle.Netty.Input.Buffers.inPoolUsage': inPool } }),
    },
  },
  taskManagers: [{}, {}],
  checkpoints: [{}],
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when buffers are full on one side and empty on the other', sending(1, 0.1), 'info src'],
  ['is quiet when the output is not full', sending(0.8, 0.1), 'clear'],
  ['is quiet when records have arrived', sending(1, 0.6), 'clear'],
  ['is quiet about few bytes', sending(1, 0.1, 200_000), 'clear'],
  ['is quiet on one TaskManager', sending(1, 0.1, 400_000, { taskManagers: [{}] }), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  [
    'is skipped where the buffers are not told',
    sending(1, undefined),
    'skipped: a vertex waits over idle ones, and outPoolUsage and inPoolUsage of both were not told three times yet',
  ],
  ['is skipped for a batch job', sending(1, 0.1, 400_000, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', sending(1, 0.1, 400_000, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('bp-network-bound', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpNetworkBound);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpNetworkBound])).toEqual([]);
  });
});
