import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { memHeapOom } from './mem-heap-oom.js';

describe('mem-heap-oom', () => {
  it.each(failureClaims(trace.HEAP, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memHeapOom);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memHeapOom])).toEqual([]);
  });

  it('changes exactly what the memory model asks for', () => {
    const advice = only(judged(fallen(trace.HEAP, [100, 250]), memHeapOom).advice);
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.managed.size', null, '0m'],
    ]);
  });

  it('makes the process larger where managed memory is in use', () => {
    const used = fallen(trace.HEAP, [100, 250], { taskManagers: [{ managed: { used: 512, total: 512 } }] });
    expect(only(judged(used, memHeapOom).advice).changes.map(({ key }) => key)).toEqual([
      'taskmanager.memory.process.size',
    ]);
  });

  it('names the job when it happens on more than one TaskManager', () => {
    const first = fallen(trace.HEAP, [100]).exceptions ?? [];
    const spread = fallen(trace.HEAP, [200], {}, 'tm-2');
    const both = { ...spread, exceptions: [...first, ...(spread.exceptions ?? [])] };
    expect(verdictOf(judged(both, memHeapOom))).toBe('warning job');
  });

  it('leaves memory outside the heap to other rules', () => {
    expect(verdictOf(judged(fallen(trace.DIRECT_MEMORY, [100, 250]), memHeapOom))).toBe('clear');
  });
});
