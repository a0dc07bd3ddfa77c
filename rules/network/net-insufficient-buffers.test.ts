import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { netInsufficientBuffers } from './net-insufficient-buffers.js';

describe('net-insufficient-buffers', () => {
  it.each(failureClaims(trace.BUFFERS, 'job'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netInsufficientBuffers);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netInsufficientBuffers])).toEqual([]);
  });

  it('asks for what the failure names and a quarter more', () => {
    const advice = only(judged(fallen(trace.BUFFERS, [100, 250]), netInsufficientBuffers).advice);
    // (2048 − 24 + 65) × 32 KiB × 1.25 = 81.6 MiB instead of 64.
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.network.min', null, '82m'],
      ['taskmanager.memory.network.max', null, '82m'],
      ['taskmanager.memory.process.size', '1728m', '1746m'],
    ]);
  });

  it('says how many', () => {
    const { summary } = only(judged(fallen(trace.BUFFERS, [100, 250]), netInsufficientBuffers).findings);
    expect(summary.en).toContain('needs 65 buffers and 24 of 2.05k are free');
  });

  it('advises nothing where the failure does not say how many', () => {
    const short = 'java.io.IOException: Insufficient number of network buffers.';
    expect(judged(fallen(short, [100, 250]), netInsufficientBuffers).advice).toEqual([]);
  });
});
