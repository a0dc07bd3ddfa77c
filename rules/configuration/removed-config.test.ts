import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { removedConfig } from './removed-config.js';

const set = (flink: string, ...keys: readonly string[]): JobSpec => ({
  ...job.HEALTHY,
  flink,
  configuration: Object.fromEntries(keys.map((key) => [key, 'x'])),
});
const BUFFERS = 'taskmanager.network.memory.buffers-per-channel';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on buffer options from 2.0 on', set('2.0.1', BUFFERS), 'info job'],
  ['is quiet while they are read', set('1.20.3', BUFFERS), 'clear'],
  ['fires on Mesos', set('1.17.2', 'mesos.master'), 'info job'],
  [
    'is quiet about old names that Flink still reads',
    set('2.3.0', 'restart-strategy', 'state.backend.incremental', 'env.java.opts'),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('removed-config', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, removedConfig);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [removedConfig])).toEqual([]);
  });

  it('says what to set instead', () => {
    const { findings } = judged(set('2.3.0', 'cluster.evenly-spread-out-slots'), removedConfig);
    expect(findings[0]?.summary.en).toContain('cluster.evenly-spread-out-slots (→ taskmanager.load-balance.mode)');
  });
});
