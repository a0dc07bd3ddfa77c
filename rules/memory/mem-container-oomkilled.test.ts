import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import * as trace from '../../analyzer/testing/traces.js';
import { memContainerOomkilled } from './mem-container-oomkilled.js';

describe('mem-container-oomkilled', () => {
  it.each(failureClaims(trace.OOM_KILLED, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memContainerOomkilled);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memContainerOomkilled])).toEqual([]);
  });

  it('changes exactly what the memory model asks for', () => {
    const advice = only(judged(fallen(trace.OOM_KILLED, [100, 250]), memContainerOomkilled).advice);
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.jvm-overhead.min', null, '384m'],
      ['taskmanager.memory.jvm-overhead.max', null, '384m'],
      ['taskmanager.memory.process.size', '1728m', '1920m'],
    ]);
  });

  it('is not sure of an exit code alone: a kill and an eviction have it too', () => {
    const killed = 'java.lang.Exception: TaskExecutor tm-1 is lost: pod terminated, exitCode=137';
    expect(verdictOf(judged(fallen(killed, [100, 250]), memContainerOomkilled))).toBe('clear');
  });
});
