import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { FAN_OUT } from '../testing/scenarios.js';
import { signalsOf } from '../signals/signals.js';
import { fill, growthAt, originsOf, type Origins } from './flow.js';

function origins(spec: JobSpec): Origins {
  const history = historyOf(spec);
  const signals = signalsOf(history, nowOf(history));
  const load = signals.get('load');
  if (!load.ok) throw new Error('no load');
  return originsOf(signals.job.topology, load.value);
}

/** `a` brings three quarters of what the join gets, `b` the rest; `own` hangs on `b` alone. */
const JOIN: JobSpec = {
  vertices: {
    a: { parallelism: 1, out: 300 },
    b: { parallelism: 1, out: 100 },
    join: { parallelism: 2, inputs: { a: 'HASH', b: 'HASH' }, in: 200, out: 200 },
    sink: { parallelism: 1, inputs: { join: 'FORWARD' }, in: 400 },
    own: { parallelism: 1, inputs: { b: 'FORWARD' }, in: 100 },
  },
};

describe('where the records of a vertex come from', () => {
  it('is all one source in a line, a fan-out changes nothing', () => {
    expect([...(origins(FAN_OUT).get('agg') ?? [])]).toEqual([['src', 1]]);
  });
  it('is by flow below a join, and below that', () => {
    for (const vertexId of ['join', 'sink']) {
      const parts = origins(JOIN).get(vertexId);
      expect(parts?.get('a')).toBeCloseTo(0.75, 2);
      expect(parts?.get('b')).toBeCloseTo(0.25, 2);
    }
    expect([...(origins(JOIN).get('own') ?? [])]).toEqual([['b', 1]]);
  });
  it('is not known where nothing flows', () => {
    const dry: JobSpec = {
      vertices: { src: { parallelism: 1, out: 0 }, sink: { parallelism: 1, inputs: { src: 'FORWARD' } } },
    };
    expect(origins(dry).get('sink')).toBeUndefined();
  });
});

describe('how far the sources come', () => {
  const table: readonly (readonly [
    claim: string,
    wanted: Readonly<Record<string, number>>,
    limits: Readonly<Record<string, number>>,
    growth: Readonly<Record<string, number>>,
  ])[] = [
    ['as far as they want while nothing is full', { a: 2, b: 1 }, { join: 9, own: 9 }, { a: 2, b: 1 }],
    ['together until the join is full', { a: 5, b: 5 }, { join: 2 }, { a: 2, b: 2 }],
    ['one that is content leaves the rest of the join to the other', { a: 5, b: 1 }, { join: 1.75 }, { a: 2, b: 1 }],
    ['a full vertex of its own holds back its source only', { a: 2, b: 2 }, { join: 9, own: 0.5 }, { a: 2, b: 0.5 }],
    ['a vertex that was cut down lets through less than today', { a: 1, b: 1 }, { sink: 0.25 }, { a: 0.25, b: 0.25 }],
    ['a backlog is read as fast as the join takes it', { a: Infinity, b: 1 }, { join: 4 }, { a: 5, b: 1 }],
    ['without a limit that is known there is none', { a: Infinity, b: 1 }, {}, { a: Infinity, b: 1 }],
  ];
  it.each(table)('%s', (_claim, wanted, limits, growth) => {
    const reached = fill(new Map(Object.entries(wanted)), new Map(Object.entries(limits)), origins(JOIN));
    for (const [source, to] of Object.entries(growth)) {
      if (Number.isFinite(to)) expect(reached.get(source)).toBeCloseTo(to, 1);
      else expect(reached.get(source)).toBe(to);
    }
  });

  it('no source gets more than it wants and no vertex more than it takes: a property', () => {
    const of = origins(JOIN);
    const multiple = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ a: multiple, b: multiple }),
        fc.record({ join: multiple, sink: multiple, own: multiple }),
        (wanted, limits) => {
          const growth = fill(new Map(Object.entries(wanted)), new Map(Object.entries(limits)), of);
          for (const [source, most] of Object.entries(wanted))
            expect(growth.get(source)).toBeLessThanOrEqual(most + 1e-6);
          for (const [vertexId, most] of Object.entries(limits))
            expect(growthAt(vertexId, of, growth)).toBeLessThanOrEqual(most + 1e-6);
        },
      ),
    );
  });
});
