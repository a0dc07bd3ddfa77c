import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { skewSqlAgg } from './skew-sql-agg.js';

const sql = (agg: string, map = 'Calc[2]', more: Partial<JobSpec> = {}): JobSpec => {
  const [src, hot] = [job.HOT_KEY.vertices['src'], job.HOT_KEY.vertices['agg']];
  return {
    ...job.HOT_KEY,
    vertices: { src: { ...src, parallelism: 2, name: map }, agg: { ...hot, parallelism: 4, name: agg } },
    ...more,
  };
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a hot key of an aggregate', sql('GroupAggregate[5] -> Sink[6]'), 'info agg'],
  ['is quiet where mini-batches are on', sql('GroupAggregate[5]', 'Source[1] -> MiniBatchAssigner[2]'), 'clear'],
  ['is quiet about a window aggregate, which has its own batches', sql('GroupWindowAggregate[5]'), 'clear'],
  ['is quiet about code', job.HOT_KEY, 'clear'],
  ['is quiet on an even job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', sql('GroupAggregate[5]', 'Calc', { batch: true }), BATCH],
  ['is skipped while tasks are deployed', sql('GroupAggregate[5]', 'Calc', { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('skew-sql-agg', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewSqlAgg);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewSqlAgg])).toEqual([]);
  });

  it('sets mini-batches, and not twice', () => {
    const changes = (spec: JobSpec) =>
      judged(spec, skewSqlAgg).advice.flatMap((advice) => advice.changes.map(({ key }) => key));
    expect(changes(sql('GroupAggregate[5]'))).toEqual([
      'table.exec.mini-batch.enabled',
      'table.exec.mini-batch.allow-latency',
      'table.exec.mini-batch.size',
      'table.optimizer.agg-phase-strategy',
    ]);
    const set = sql('GroupAggregate[5]', 'Calc', {
      configuration: { 'table.optimizer.agg-phase-strategy': 'TWO_PHASE' },
    });
    expect(changes(set)).not.toContain('table.optimizer.agg-phase-strategy');
  });
});
