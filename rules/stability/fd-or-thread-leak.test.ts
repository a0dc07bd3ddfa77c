import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { fdOrThreadLeak } from './fd-or-thread-leak.js';

describe('fd-or-thread-leak', () => {
  it.each(failureClaims(trace.OPEN_FILES, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, fdOrThreadLeak);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [fdOrThreadLeak])).toEqual([]);
  });

  it('tells threads from files', () => {
    const threads = 'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory';
    expect(only(judged(fallen(threads, [150]), fdOrThreadLeak).findings).title.en).toContain('another thread');
    expect(only(judged(fallen(trace.OPEN_FILES, [150]), fdOrThreadLeak).findings).title.en).toContain('open files');
  });

  it('gives no advice: the code, or a limit of the operating system', () => {
    expect(judged(fallen(trace.OPEN_FILES, [100, 250]), fdOrThreadLeak).advice).toEqual([]);
  });
});
