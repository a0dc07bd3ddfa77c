import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { restoreIncompatible } from './restore-incompatible.js';

describe('restore-incompatible', () => {
  it.each(failureClaims(trace.NOT_MAPPED, 'job'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, restoreIncompatible);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [restoreIncompatible])).toEqual([]);
  });

  it('gives back the max parallelism that the state was cut for', () => {
    const advice = only(judged(fallen(trace.MAX_PARALLELISM, [100, 250]), restoreIncompatible).advice);
    expect(advice.changes.map(({ key, to }) => [key, to])).toEqual([['pipeline.max-parallelism', 128]]);
  });

  it.each([
    ['an operator that is gone', trace.NOT_MAPPED, 'has another uid'],
    ['max parallelism', trace.MAX_PARALLELISM, 'max parallelism of 128'],
    [
      'a type that changed',
      'org.apache.flink.util.StateMigrationException: The new state serializer must not be incompatible',
      'its serializer cannot read',
    ],
  ])('says what to do about %s', (_claim, text, said) => {
    expect(only(judged(fallen(text, [150]), restoreIncompatible).findings).summary.en).toContain(said);
  });

  it('advises no option where only the program can be changed', () => {
    expect(judged(fallen(trace.NOT_MAPPED, [100, 250]), restoreIncompatible).advice).toEqual([]);
  });
});
