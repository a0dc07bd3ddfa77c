import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobHistory } from '../../collector/model/index.js';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import type { LagSignal } from '../signals/lag.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { signalsOf } from '../signals/signals.js';
import {
  busyAt,
  capacityOf,
  parallelismFor,
  planParallelism,
  rateAt,
  requiredPerSecond,
  TARGET_UTILISATION,
  type ParallelismPlan,
  type VertexCapacity,
} from './parallelism.js';

function read(spec: JobSpec): {
  history: JobHistory;
  capacities: ReturnType<typeof capacityOf>;
  plan: (id: string) => ParallelismPlan | undefined;
} {
  const history = historyOf(spec);
  const signals = signalsOf(history, nowOf(history));
  const load = signals.get('load');
  const lag = signals.get('lag');
  if (!load.ok || !lag.ok) throw new Error('no load');
  const capacities = capacityOf(signals.job, load.value, lag.value);
  const busyMax = (id: string): number => must(load.value.get(id)).busyMax ?? 0;
  return {
    history,
    capacities,
    plan: (vertexId) =>
      planParallelism({ vertexId, busyMax: busyMax(vertexId) }, capacities, lag.value, { job: signals.job, history }),
  };
}
const capacity = (spec: JobSpec, vertexId: string): VertexCapacity => must(read(spec).capacities.get(vertexId));

describe('demand', () => {
  it('is what arrives at the source, below a bottleneck too', () => {
    expect(capacity(job.SLOW_LOOKUP, 'map').demandPerSecond).toBeCloseTo(600, 0);
    expect(capacity(job.SLOW_LOOKUP, 'sink').demandPerSecond).toBeCloseTo(600, 0);
  });

  it('follows a fan-out of three (Z02)', () => {
    expect(capacity(job.FAN_OUT, 'split').demandPerSecond).toBeCloseTo(400, -1);
    expect(capacity(job.FAN_OUT, 'agg').demandPerSecond).toBeCloseTo(1200, -1);
  });

  it('shows the second bottleneck that hides behind the first (Z03)', () => {
    const agg = capacity(job.HIDDEN_SECOND, 'agg');
    expect(busyAt(agg, 2, agg.servedPerSecond)).toBeCloseTo(0.5, 2);
    expect(busyAt(agg, 2, agg.demandPerSecond)).toBeCloseTo(0.75, 2);
  });

  it('is served where no source tells its lag, and known to be a guess', () => {
    const { lag: _untold, ...src } = must(job.SLOW_LOOKUP.vertices.src);
    const map = capacity({ vertices: { ...job.SLOW_LOOKUP.vertices, src } }, 'map');
    expect(map).toMatchObject({ demandKnown: false });
    expect(map.demandPerSecond).toBe(map.servedPerSecond);
  });

  it('never falls below what is served while a backlog is worked off', () => {
    const agg = capacity(job.CATCHING_UP, 'agg');
    expect(agg.demandPerSecond).toBe(agg.servedPerSecond);
  });

  it('of a join is the flow-weighted demand of its inputs', () => {
    const joined: JobSpec = {
      vertices: {
        a: { parallelism: 2, bp: 0.9, out: 100, lag: [10_000, 200] },
        b: { parallelism: 2, out: 100, lag: [0, 0] },
        j: { parallelism: 2, inputs: { a: 'HASH', b: 'HASH' }, busy: 1, in: 200 },
      },
    };
    expect(capacity(joined, 'j').demandPerSecond).toBeCloseTo(600, 0);
  });
});

describe('size at 70 % busy, against the truth of labelled jobs', () => {
  const table: readonly (readonly [string, JobSpec, string, number])[] = [
    ['L03: 5 ms, 600/s', job.SLOW_LOOKUP, 'map', 5],
    ['L54: 5 ms, 600/s', job.TOO_SLOW, 'agg', 5],
    ['Z03: 1.5 ms, 2000/s', job.HIDDEN_SECOND, 'parse', 5],
    ['Z03: 3 ms, 500/s', job.HIDDEN_SECOND, 'agg', 3],
    ['Z06: 3.3 ms, 600/s', job.RIGHT_SIZED, 'agg', 3],
    ['Z01: 2 ms, 200/s', job.OVER_PROVISIONED, 'agg', 1],
  ];
  it.each(table)('%s', (_claim, spec, vertexId, truth) => {
    const vertex = capacity(spec, vertexId);
    expect(parallelismFor(vertex, vertex.demandPerSecond / TARGET_UTILISATION)).toBe(truth);
  });

  it('Z02: 4 ms, 1200/s: seven by division, eight because of key groups', () => {
    const agg = capacity(job.FAN_OUT, 'agg');
    const required = agg.demandPerSecond / TARGET_UTILISATION;
    expect(Math.ceil(required * agg.secondsPerRecord)).toBe(7);
    expect(busyAt(agg, 7, agg.demandPerSecond)).toBeGreaterThan(TARGET_UTILISATION);
    expect(parallelismFor(agg, required)).toBe(8);
  });

  it('Z07: the plan for 600/s at 5 ms is five, backlog and a restart included', () => {
    expect(must(read(job.TOO_SLOW).plan('agg'))).toMatchObject({ from: 2, to: 5, demandKnown: true });
  });

  it('is the smallest whose busiest subtask can take it: a property', () => {
    const vertex = fc.record({
      seconds: fc.double({ min: 1e-5, max: 0.05, noNaN: true }),
      required: fc.double({ min: 1, max: 5000, noNaN: true }),
      groups: fc.constantFrom(120, 128, 360, 4096),
      keyed: fc.boolean(),
    });
    fc.assert(
      fc.property(vertex, ({ seconds, required, groups, keyed }) => {
        const one: VertexCapacity = {
          vertexId: 'v',
          parallelism: 1,
          maxParallelism: groups,
          parallelismLimit: groups,
          keyed,
          servedPerSecond: 1,
          demandPerSecond: 1,
          demandKnown: true,
          secondsPerRecord: seconds,
        };
        const to = parallelismFor(one, required);
        if (to === undefined) expect(busyAt(one, groups, required)).toBeGreaterThan(1);
        else {
          expect(busyAt(one, to, required)).toBeLessThanOrEqual(1 + 1e-6);
          if (to > 1) expect(busyAt(one, to - 1, required)).toBeGreaterThan(1 - 1e-6);
        }
      }),
    );
  });
});

describe('the plan', () => {
  const behind = (lagSeconds: number): LagSignal => ({
    sources: [],
    phase: 'growing',
    lagSeconds,
  });

  it('covers the backlog within half an hour and a restart of a minute', () => {
    const agg = capacity(job.TOO_SLOW, 'agg');
    expect(requiredPerSecond(agg, behind(900))).toBeCloseTo(agg.demandPerSecond * (1 + 0.5 + 1 / 30), 3);
  });

  it('works a small backlog off with what the target leaves free, and stays the same while it grows', () => {
    const agg = capacity(job.TOO_SLOW, 'agg');
    for (const lagSeconds of [0, 60, 300, 700])
      expect(requiredPerSecond(agg, behind(lagSeconds))).toBeCloseTo(agg.demandPerSecond / 0.7, 3);
  });

  it('asks for no more than the demand once more for a backlog of a day, and takes longer instead', () => {
    const agg = capacity(job.TOO_SLOW, 'agg');
    expect(requiredPerSecond(agg, behind(86_400))).toBeCloseTo(agg.demandPerSecond * (1 + 1 + 1 / 30), 3);
  });

  it('goes one step where the demand is not known: at most double', () => {
    const { lag: _untold, ...src } = must(job.SLOW_LOOKUP.vertices.src);
    expect(must(read({ vertices: { ...job.SLOW_LOOKUP.vertices, src } }).plan('map'))).toMatchObject({
      to: 4,
      demandKnown: false,
    });
  });

  it('stops at the key groups', () => {
    const spec = vary(job.TOO_SLOW, { vertices: { agg: { maxParallelism: 4 } } });
    expect(must(read(spec).plan('agg')).to).toBe(4);
    expect(read(vary(job.TOO_SLOW, { vertices: { agg: { maxParallelism: 2 } } })).plan('agg')).toBeUndefined();
  });

  it('promises no more than the next full vertex lets through', () => {
    const spec = vary(job.SLOW_LOOKUP, { vertices: { sink: { busy: 0.8, maxParallelism: 2 } } });
    const plan = must(read(spec).plan('map'));
    // The sink is .8 busy at 400/s: it is full at 500.
    expect(plan.throughput.to).toBeCloseTo(500, 0);
    expect(plan.nextBottleneck).toBe('sink');
  });

  it('predicts busy, lag and slots', () => {
    const plan = must(read(job.SLOW_LOOKUP).plan('map'));
    expect(plan.busy.to).toBeCloseTo(0.6, 2);
    expect(plan.slotsExtra).toBe(3);
    // 150 s behind, 1000 − 600 records/s to spare: 90 000 / 400 s, and what a standstill and the last checkpoint add.
    const { ms, lowMs, highMs } = must(plan.catchUp);
    const { checkpointConfig, checkpoints } = historyOf(job.SLOW_LOOKUP);
    // Done again are the 400/s that were served, since the barrier of the last checkpoint.
    const last = checkpoints.findLast(({ status }) => status === 'COMPLETED');
    const heldMs = (must(checkpointConfig?.intervalMs) as number) + (last?.durationMs ?? 0);
    const againSeconds = (heldMs / 1000) * (400 / 600);
    expect(lowMs / 1000).toBeCloseTo((152 * 600) / (1030 - 600), 0);
    expect(ms / 1000).toBeCloseTo(((166 + againSeconds / 2) * 600) / 400, 0);
    expect(highMs / 1000).toBeCloseTo(((180 + againSeconds) * 600) / (950 - 600), 0);
  });

  it('changes in the same step what the whole demand would fill next (Z03)', () => {
    const plan = must(read(job.HIDDEN_SECOND).plan('parse'));
    // 2,000/s at 1.5 ms need 4.3 subtasks at .7, and a quarter of them at 3 ms 2.1, of which the busiest has 43 of 128 key groups.
    expect([plan.to, plan.companions.map(({ vertexId, from, to }) => [vertexId, from, to])]).toEqual([
      5,
      [['agg', 2, 3]],
    ]);
    expect(plan.nextBottleneck).toBeUndefined();
  });

  it('leaves a vertex that has room as it is, and one that more subtasks would not relieve', () => {
    expect(must(read(job.SLOW_LOOKUP).plan('map')).companions).toEqual([]);
    const uneven = vary(job.HIDDEN_SECOND, { vertices: { agg: { busy: [0.9, 0.1] } } });
    expect(must(read(uneven).plan('parse')).companions).toEqual([]);
  });

  it('is none for a vertex that is large enough', () => {
    expect(read(job.RIGHT_SIZED).plan('agg')).toBeUndefined();
  });

  it('counts on the key groups of the busiest subtask', () => {
    const agg = capacity(job.TOO_SLOW, 'agg');
    expect(rateAt(agg, 5)).toBeCloseTo(128 / (26 * agg.secondsPerRecord), 6);
  });
});
