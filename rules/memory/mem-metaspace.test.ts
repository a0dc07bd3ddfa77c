import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { fallen, failureClaims } from '../../analyzer/testing/failures.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { only } from '../../analyzer/testing/must.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { memMetaspace } from './mem-metaspace.js';

describe('mem-metaspace', () => {
  it.each(failureClaims(trace.METASPACE, 'tm-1'))('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memMetaspace);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memMetaspace])).toEqual([]);
  });

  it('changes exactly what the memory model asks for', () => {
    const advice = only(judged(fallen(trace.METASPACE, [100, 250]), memMetaspace).advice);
    expect(advice.changes.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['taskmanager.memory.jvm-metaspace.size', null, '512m'],
      ['taskmanager.memory.process.size', '1728m', '1984m'],
    ]);
  });

  it('follows the configuration: double of what is set', () => {
    const configuration = {
      'taskmanager.memory.jvm-metaspace.size': '512m',
      'taskmanager.memory.process.size': '4g',
    };
    const advice = only(judged(fallen(trace.METASPACE, [100, 250], { configuration }), memMetaspace).advice);
    expect(advice.changes.map(({ to }) => to)).toEqual(['1024m', '2240m']);
  });

  const full = (used: number, size: number): JobSpec => ({
    ...job.HEALTHY,
    taskManagers: [{ metaspace: { used, size } }],
  });
  it.each([
    ['is a warning before it runs out', full(232, 256), 'warning tm-1'],
    ['is quiet just below', full(229, 256), 'clear'],
    ['is quiet where its size is not told', job.HEALTHY, 'clear'],
  ])('%s', (_claim, spec, said) => {
    const verdict = judged(spec, memMetaspace);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [memMetaspace])).toEqual([]);
  });
});
