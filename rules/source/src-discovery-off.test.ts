import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcDiscoveryOff } from './src-discovery-off.js';

const kafka = (
  configuration: Readonly<Record<string, string>>,
  name = 'Source: Kafka orders',
  more: Partial<JobSpec> = {},
): JobSpec => ({ ...vary(job.HEALTHY, { vertices: { src: { name } } }), configuration, ...more });
const KEY = 'partition.discovery.interval.ms';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when it is off', kafka({ [KEY]: '-1' }), 'info job'],
  ['fires on the option of a table', kafka({ 'scan.topic-partition-discovery.interval': '0 ms' }), 'info job'],
  ['is clear with an interval', kafka({ [KEY]: '300000' }), 'clear'],
  ['is quiet about other sources', kafka({ [KEY]: '-1' }, 'Source: files'), 'clear'],
  [
    'is not evaluated where it is not told',
    kafka({ a: 'b' }),
    'skipped: properties of a Kafka source are not told by REST: partition.discovery.interval.ms among the job’s global parameters would tell',
  ],
  ['is skipped for a batch job', kafka({ [KEY]: '-1' }, 'Source: Kafka', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', kafka({ [KEY]: '-1' }, 'Source: Kafka', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('src-discovery-off', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcDiscoveryOff);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcDiscoveryOff])).toEqual([]);
  });
});
