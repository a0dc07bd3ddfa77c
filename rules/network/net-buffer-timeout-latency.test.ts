import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { historyOf } from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { netBufferTimeoutLatency } from './net-buffer-timeout-latency.js';

const job3 = (configuration: Readonly<Record<string, string>> = { a: 'b' }, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration,
  ...more,
});
const asked = (spec: JobSpec, targetMs: number): string => {
  const { findings, skipped } = judge(historyOf(spec), [netBufferTimeoutLatency], undefined, {
    'net-buffer-timeout-latency': { targetMs },
  });
  return [...skipped, ...findings.map(({ severity }) => severity)].join() || 'clear';
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  [
    'is not evaluated where no latency is asked',
    job3(),
    'skipped: no latency is asked of the job: rules.options.net-buffer-timeout-latency.targetMs would tell it',
  ],
  ['is skipped for a batch job', job3({ a: 'b' }, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', job3({ a: 'b' }, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('net-buffer-timeout-latency', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netBufferTimeoutLatency);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netBufferTimeoutLatency])).toEqual([]);
  });

  // Two exchanges of 100 ms: 100 ms on the mean.
  it.each([
    ['fires when 300 ms are wanted', job3(), 300, 'info'],
    ['is clear when 400 ms are', job3(), 400, 'clear'],
    ['is clear with a shorter timeout', job3({ 'execution.buffer-timeout.interval': '10 ms' }), 300, 'clear'],
    [
      'is clear where buffers fill',
      job3({ a: 'b' }, { ...vary(job.HEALTHY, { vertices: { map: { in: 50_000 } } }) }),
      300,
      'clear',
    ],
  ] as const)('%s', (_claim, spec, targetMs, said) => {
    expect(asked(spec, targetMs)).toBe(said);
  });
});
