import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { inFlightRecords } from '../signals/in-flight.js';
import { signalsOf } from '../signals/signals.js';
import { inflowShare } from './inflow.js';
import { demandScales, passedScale, workingOff } from './demand.js';

const read = (spec: JobSpec) => {
  const history = historyOf(spec);
  const signals = signalsOf(history, nowOf(history));
  const [load, lag] = [signals.get('load'), signals.get('lag')];
  if (!load.ok || !lag.ok) throw new Error('no load');
  return { history, topology: signals.job.topology, load: load.value, lag: lag.value };
};

/** 100 records/s arrive. What a source hands out while its buffers fill, or are full, is not that: it goes in gulps of a minute's worth. */
const source = (outPerSecond: (s: number) => number, waiting: (s: number) => number) => ({
  parallelism: 1,
  busy: 0.01,
  out: outPerSecond,
  lag: waiting,
});
const GULPS = source(
  (s) => (s % 60 === 0 ? 600 : 0),
  (s) => 100 * (s + 1) - 6000 * Math.floor(s / 60),
);
const STEADY = source(
  () => 100,
  () => 1,
);
const chain = (src: ReturnType<typeof source>, taken: number): JobSpec => ({
  vertices: {
    src,
    work: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: taken / 2, out: taken / 2 },
    sink: { parallelism: 2, inputs: { work: 'HASH' }, busy: 0.01, in: taken / 2 },
  },
});
/** The same, with a source that does not tell what waits. */
function untold(taken: number): JobSpec {
  const { vertices } = chain(STEADY, taken);
  return { vertices: { ...vertices, src: { parallelism: 1, busy: 0.01, out: 100 } } };
}
const scaleOf = (spec: JobSpec, vertexId: string): number => {
  const { topology, load, lag } = read(spec);
  return must(demandScales(topology, load, lag).get(vertexId));
};

describe('how much more a vertex would take at full demand', () => {
  it.each([
    ['while the buffers before it fill', chain(STEADY, 50)],
    ['when its source hands out in gulps', chain(GULPS, 50)],
  ])('is twice what it takes, %s', (_claim, spec) => {
    expect(scaleOf(spec, 'work')).toBeCloseTo(2, 1);
    // Behind it everything comes by what it would hand out.
    expect(scaleOf(spec, 'sink')).toBeCloseTo(2, 1);
    const { topology, load, lag } = read(spec);
    expect(must(passedScale('src', topology, load, lag))).toBeCloseTo(2, 1);
  });

  it('is one where it takes all, and more', () => {
    expect(scaleOf(chain(STEADY, 100), 'work')).toBeCloseTo(1, 2);
    expect(scaleOf(chain(STEADY, 150), 'work')).toBe(1);
  });

  it('goes by the growth of the inputs where one of them has another output', () => {
    const forked = vary(job.SLOW_LOOKUP, {
      vertices: { side: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.01, in: 1 } },
    });
    expect(scaleOf(forked, 'map')).toBeCloseTo(1.5, 1);
  });
});

describe('a vertex that takes more than arrives', () => {
  const isWorkingOff = (spec: JobSpec): boolean => {
    const { topology, load, lag } = read(spec);
    return workingOff(topology, load, lag).has('work');
  };
  it.each<[string, JobSpec, boolean]>([
    ['works off what waits in the buffers before it', chain(STEADY, 150), true],
    ['also while its source goes in gulps', chain(GULPS, 150), true],
    ['from 15 % more on', chain(STEADY, 116), true],
    ['not by less', chain(STEADY, 114), false],
    ['not where it takes less', chain(STEADY, 50), false],
    ['nor where nobody tells what arrives', untold(150), false],
  ])('%s', (_claim, spec, is) => {
    expect(isWorkingOff(spec)).toBe(is);
  });
});

describe('records between two vertices', () => {
  const between = (spec: JobSpec, vertexId: string): number | undefined => {
    const { history, topology } = read(spec);
    return inFlightRecords(vertexId, topology, history);
  };
  it('are what one handed out and the other has not taken', () => {
    const spec = chain(STEADY, 50);
    const seconds = 10 * (must(historyOf(spec).rounds.length) - 1);
    expect(between(spec, 'work')).toBeCloseTo(50 * seconds, -1);
    expect(between(spec, 'sink')).toBeCloseTo(0, -1);
  });
  it('nor where a record goes out once and comes in at every subtask', () => {
    const broadcast = vary(chain(STEADY, 150), { vertices: { work: { inputs: { src: 'BROADCAST' } } } });
    const { topology, load, lag } = read(broadcast);
    expect(between(broadcast, 'work')).toBeUndefined();
    // 300 taken of 100 sent to three subtasks is no backlog.
    expect(workingOff(topology, load, lag).has('work')).toBe(false);
    expect(inflowShare('work', topology, load)).toBeUndefined();
  });
  it('are not known before a source, nor behind a vertex with two outputs', () => {
    const forked = vary(chain(STEADY, 50), { vertices: { sink: { inputs: { work: 'HASH', src: 'REBALANCE' } } } });
    expect([between(forked, 'src'), between(forked, 'work')]).toEqual([undefined, undefined]);
  });
});
