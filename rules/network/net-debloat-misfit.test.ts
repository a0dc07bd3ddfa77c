import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { netDebloatMisfit } from './net-debloat-misfit.js';

const debloated = (size: number | undefined, on = true, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    a: { parallelism: 2, busy: 0.1, out: 100, lag: [0, 0] },
    b: { parallelism: 2, busy: 0.1, out: 100, lag: [0, 0] },
    join: {
      parallelism: 2,
      inputs: { a: 'HASH', b: 'HASH' },
      busy: 0.5,
      in: 200,
      ...(size === undefined ? {} : { metrics: { debloatedBufferSize: size } }),
    },
  },
  configuration: { 'taskmanager.network.memory.buffer-debloat.enabled': String(on) },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on the smallest size', debloated(256), 'info join'],
  ['is quiet above it', debloated(1024), 'clear'],
  [
    'is quiet about one input of a narrow job',
    { ...debloated(256), ...vary(job.HEALTHY, { vertices: { agg: { metrics: { debloatedBufferSize: 256 } } } }) },
    'clear',
  ],
  ['is quiet with debloating off', debloated(256, false), 'clear'],
  [
    'is not evaluated where the size is not told',
    debloated(undefined),
    'skipped: debloating is on, and debloatedBufferSize was not told three times yet',
  ],
  ['is skipped for a batch job', debloated(256, true, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', debloated(256, true, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('net-debloat-misfit', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netDebloatMisfit);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netDebloatMisfit])).toEqual([]);
  });
});
