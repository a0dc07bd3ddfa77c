import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { ckptMetadataHeavy } from './ckpt-metadata-heavy.js';

describe('ckpt-metadata-heavy', () => {
  it.each(failureClaims(trace.FRAME_SIZE, 'job'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptMetadataHeavy);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptMetadataHeavy])).toEqual([]);
  });

  it.each([
    ['1.17.2', 'akka.framesize'],
    ['1.20.3', 'pekko.framesize'],
  ])('on %s gives messages room by %s', (flink, key) => {
    const advice = only(judged(fallen(trace.FRAME_SIZE, [100, 250], { flink }), ckptMetadataHeavy).advice);
    expect(advice.changes.map((change) => [change.key, change.to])).toEqual([[key, '23068672b']]);
  });

  it('is quiet about a large message that is no checkpoint', () => {
    const submit = 'java.io.IOException: The rpc invocation size 11534336 exceeds the maximum pekko framesize.';
    expect(verdictOf(judged(fallen(submit, [100, 250]), ckptMetadataHeavy))).toBe('clear');
  });
});
