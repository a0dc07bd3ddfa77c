import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { sqlUpsertMaterialize } from './sql-upsert-materialize.js';

const sql = (busy: number, name = 'SinkMaterializer[9] -> Sink[10]', more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { agg: { name, busy } } }),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires when it works', sql(0.8), 'info agg'],
  ['is quiet just below', sql(0.65), 'clear'],
  ['is quiet about another sink', sql(0.8, 'Sink[10]'), 'clear'],
  [
    'is quiet while a backlog is worked off',
    {
      ...vary(job.CATCHING_UP, {
        vertices: Object.fromEntries(
          Object.keys(job.CATCHING_UP.vertices).map((id) => [id, { name: 'SinkMaterializer[9]' }]),
        ),
      }),
    },
    'clear',
  ],
  ['is skipped for a batch job', sql(0.8, 'x', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', sql(0.8, 'x', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('sql-upsert-materialize', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, sqlUpsertMaterialize);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [sqlUpsertMaterialize])).toEqual([]);
  });
});
