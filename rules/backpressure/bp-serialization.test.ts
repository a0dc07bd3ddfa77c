import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpSerialization } from './bp-serialization.js';

const set = (configuration: Readonly<Record<string, string>>): JobSpec => ({ ...job.HEALTHY, configuration });
const UNKNOWN =
  'skipped: whether a type falls back to Kryo is only in the logs ("will be processed as GenericType") and in flame graphs; pipeline.generic-types: false would rule it out';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when Kryo is forced', set({ 'pipeline.force-kryo': 'true' }), 'info job'],
  ['is clear when Flink refuses generic types', set({ 'pipeline.generic-types': 'false' }), 'clear'],
  ['is not evaluated otherwise', set({ 'pipeline.force-kryo': 'false' }), UNKNOWN],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
  [
    'is skipped while tasks are deployed',
    { ...set({ 'pipeline.force-kryo': 'true' }), tasks: 'DEPLOYING' },
    NOT_RUNNING,
  ],
];

describe('bp-serialization', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpSerialization);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpSerialization])).toEqual([]);
  });

  it('lets Flink serialise', () => {
    expect(only(judged(set({ 'pipeline.force-kryo': 'true' }), bpSerialization).advice).changes).toMatchObject([
      { key: 'pipeline.force-kryo', from: 'true', to: 'false' },
    ]);
  });
});
