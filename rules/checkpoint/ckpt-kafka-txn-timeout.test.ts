import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { ckptKafkaTxnTimeout } from './ckpt-kafka-txn-timeout.js';

describe('ckpt-kafka-txn-timeout', () => {
  it.each(failureClaims(trace.FENCED))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptKafkaTxnTimeout);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptKafkaTxnTimeout])).toEqual([]);
  });

  it('asks for twice the longest life of a transaction', () => {
    const spec = fallen(trace.FENCED, [100, 250], { checkpointing: { intervalMs: 60_000, timeoutMs: 600_000 } });
    const advice = only(judged(spec, ckptKafkaTxnTimeout).advice);
    expect(only(advice.changes).to).toBe('setProperty("transaction.timeout.ms", "1560000")');
  });

  it('knows a timeout that the broker refuses from one that ran out, and does not raise it', () => {
    const text =
      'org.apache.kafka.common.errors.InvalidTxnTimeoutException: The transaction timeout is larger than allowed.';
    const verdict = judged(fallen(text, [100, 250]), ckptKafkaTxnTimeout);
    expect(only(verdict.findings).title.en).toContain('refuses');
    expect(verdict.advice).toEqual([]);
  });
});
