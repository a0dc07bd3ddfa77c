import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { memDirectOom } from './mem-direct-oom.js';

describe('mem-direct-oom', () => {
  it.each(failureClaims(trace.DIRECT_MEMORY, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memDirectOom);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memDirectOom])).toEqual([]);
  });

  it('changes exactly what the memory model asks for', () => {
    const advice = only(judged(fallen(trace.DIRECT_MEMORY, [100, 250]), memDirectOom).advice);
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.task.off-heap.size', null, '256m'],
      ['taskmanager.memory.process.size', '1728m', '1984m'],
    ]);
  });
});
