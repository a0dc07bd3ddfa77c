import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import * as job from '../testing/scenarios.js';
import { signalsOf } from '../signals/signals.js';
import { inflowShare } from './inflow.js';
import { localise } from './localise.js';

const read = (spec: JobSpec) => {
  const history = historyOf(spec);
  const signals = signalsOf(history, nowOf(history));
  const load = signals.get('load');
  if (!load.ok) throw new Error('no load');
  return { topology: signals.job.topology, load: load.value };
};
const share = (spec: JobSpec, vertexId: string): number | undefined => {
  const { topology, load } = read(spec);
  return inflowShare(vertexId, topology, load);
};
const kinds = (spec: JobSpec): readonly string[] => {
  const { topology, load } = read(spec);
  return localise(topology, load).map(({ vertexId, kind }) => `${vertexId} ${kind}`);
};
/** 1.20.3: 100 records/s to a vertex that takes 50, no pressure for 150 s. */
const FILLING: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, out: 50, lag: [0, 0] },
    work: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 24.9, out: 24.9 },
    sink: { parallelism: 2, inputs: { work: 'HASH' }, busy: 0.01, in: 24.9 },
  },
};
const sentTo = (outPerSubtask: number): JobSpec => vary(FILLING, { vertices: { src: { out: outPerSubtask } } });

describe('what a vertex is sent, over what it takes', () => {
  it('is what its inputs hand out', () => {
    expect(share(FILLING, 'work')).toBeCloseTo(2.01, 2);
    expect(share(FILLING, 'sink')).toBeCloseTo(1, 2);
  });

  it('is not known of a source, nor behind a vertex with two outputs', () => {
    expect(share(FILLING, 'src')).toBeUndefined();
    const forked = vary(FILLING, { vertices: { sink: { inputs: { work: 'HASH', src: 'REBALANCE' } } } });
    expect([share(forked, 'work'), share(forked, 'sink')]).toEqual([undefined, undefined]);
  });

  it.each<[string, JobSpec, readonly string[]]>([
    ['a full vertex whose buffers fill is one', FILLING, ['work filling']],
    ['from a tenth more than it takes', sentTo(27.5), ['work filling']],
    ['below that it is only full', sentTo(27.2), ['work alone']],
    ['with pressure behind it it presses', vary(FILLING, { vertices: { src: { bp: 0.9 } } }), ['work pressing']],
    ['one that is not full is none, whatever it is sent', vary(FILLING, { vertices: { work: { busy: 0.9 } } }), []],
    ['a healthy job has none', job.HEALTHY, []],
  ])('a bottleneck: %s', (_claim, spec, expected) => {
    expect(kinds(spec)).toEqual(expected);
  });
});
