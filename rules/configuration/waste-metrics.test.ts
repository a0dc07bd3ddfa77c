import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import { wasteMetrics } from './waste-metrics.js';

const wide = (
  parallelism: number,
  granularity = 'subtask',
  interval = '1000',
  more: Partial<JobSpec> = {},
): JobSpec => ({
  vertices: {
    src: { parallelism, busy: 0.1, out: 10, lag: [0, 0] },
    agg: { parallelism, maxParallelism: 2048, inputs: { src: 'HASH' }, busy: 0.1, in: 10 },
  },
  samples: 3,
  configuration: { 'metrics.latency.granularity': granularity, 'metrics.latency.interval': interval },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on 320 by 320', wide(320), 'info job'],
  ['is quiet on 310 by 310', wide(310), 'clear'],
  ['is quiet by operator', wide(320, 'operator'), 'clear'],
  ['is quiet with the markers off', wide(320, 'subtask', '0'), 'clear'],
  [
    'is skipped without a configuration',
    wide(10, 'subtask', '0', { configuration: {} }),
    'skipped: the configuration was not read yet',
  ],
  ['is skipped while tasks are deployed', wide(10, 'subtask', '0', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('waste-metrics', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wasteMetrics);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wasteMetrics])).toEqual([]);
  });

  it('measures by operator', () => {
    expect(only(judged(wide(320), wasteMetrics).advice).changes).toMatchObject([
      { key: 'metrics.latency.granularity', to: 'operator' },
    ]);
  });
});
