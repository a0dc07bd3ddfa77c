import { describe, expect, it } from 'vitest';
import { historyOf, MIB, nowOf, redeployed, type JobSpec } from '../testing/job-builder.js';
import { vary } from '../testing/claims.js';
import { must } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import type { JobHistory } from '../../collector/model/index.js';
import { signalsOf } from '../signals/signals.js';
import { whatIf, type WhatIf } from './what-if.js';
import type { AskedChange } from './what-if-change.js';
import type { VertexForecast } from './what-if-load.js';

const vertex = (vertexId: string, to: string | number): AskedChange => ({ scope: 'vertex', vertexId, to });
const option = (key: string, to: string | number): AskedChange => ({ scope: 'taskmanager', key, to });
const parallelismDefault = (to: string | number): AskedChange => ({ scope: 'job', key: 'parallelism.default', to });

function askHistory(history: JobHistory, ...changes: readonly AskedChange[]): WhatIf<AskedChange> {
  return whatIf(changes, signalsOf(history, nowOf(history)), history);
}
const ask = (spec: JobSpec, ...changes: readonly AskedChange[]): WhatIf<AskedChange> =>
  askHistory(historyOf(spec), ...changes);
const of = (answer: WhatIf<AskedChange>, vertexId: string): VertexForecast =>
  must(answer.vertices.find((candidate) => candidate.vertexId === vertexId));
const whys = ({ notPredicted }: WhatIf<AskedChange>): string[] => notPredicted.map(({ why }) => why.en);

/** CPU_BOUND has eight cores: what holds it back is plain computing. */
describe('more subtasks where work is shared', () => {
  const table: readonly (readonly [
    claim: string,
    spec: JobSpec,
    changes: readonly AskedChange[],
    vertexId: string,
    busyTo: number,
    servedTo: number,
    slopeTo: number,
  ])[] = [
    // 1734/s by two; 2600/s are offered, four take 3468.
    ['all that arrives passes, and the backlog shrinks', job.CPU_BOUND, [vertex('agg', 4)], 'agg', 0.75, 2600, -868],
    ['too few: still full, the lag grows slower', job.CPU_BOUND, [vertex('src', 2)], 'agg', 1, 1734, 866],
    // Three own 43 of 128 key groups at most: 2581/s.
    ['by key groups', job.CPU_BOUND, [vertex('agg', 3)], 'agg', 1, 2581, 19],
    ['fewer: less passes, the lag grows faster', job.CPU_BOUND, [vertex('agg', 1)], 'agg', 1, 867, 1733],
    // 400/s by two; 600/s are offered: three take 600/s.
    ['what waits outside', job.SLOW_LOOKUP, [vertex('map', 5)], 'map', 0.6, 600, -400],
    // agg is full at 666/s out of 1333/s in: then 2666/s pass, more than the 2000/s offered.
    ['the second bottleneck behind the first', job.HIDDEN_SECOND, [vertex('parse', 4)], 'agg', 0.75, 500, -667],
  ];
  it.each(table)('%s', (_claim, spec, changes, vertexId, busyTo, servedTo, slopeTo) => {
    // Whether it computes or waits is told by the machine; these have cores to spare.
    const roomy = { ...spec, taskManagers: spec.taskManagers ?? [{ slots: 4, hostCores: 8, cores: 0.05 }] };
    const answer = ask(roomy, ...changes);
    expect(whys(answer)).toEqual([]);
    expect(must(of(answer, vertexId).busyRatio.to)).toBeCloseTo(busyTo, 1);
    expect(must(of(answer, vertexId).recordsInPerSecond.to) / servedTo).toBeCloseTo(1, 1);
    expect(Math.abs(must(answer.sources[0]?.lagSlopePerSecond.to) - slopeTo)).toBeLessThan(0.03 * 2600);
  });

  it('tells until when the backlog is gone', () => {
    const { sources } = ask(job.SLOW_LOOKUP, vertex('map', 5));
    // 30 000 and 200/s for five minutes are 90 000; five take 1000/s and 600/s arrive.
    expect(must(sources[0]?.catchUpMs.to) / 225_000).toBeCloseTo(1, 1);
    expect(sources[0]?.catchUpMs.from).toBeUndefined();
  });

  it('agrees with what the advice promises for the same change', () => {
    const answer = of(ask(job.SLOW_LOOKUP, vertex('map', 5)), 'map');
    expect(answer.capacityPerSecond.to).toBeCloseTo(1000, -1);
    expect(answer.busyRatio).toMatchObject({
      low: expect.closeTo(0.58, 2) as number,
      high: expect.closeTo(0.7, 2) as number,
    });
  });

  it('stops at the next vertex that is full', () => {
    const spec = vary(job.SLOW_LOOKUP, { vertices: { sink: { busy: 0.8 } } });
    const answer = ask(spec, vertex('map', 10));
    expect(must(of(answer, 'sink').busyRatio.to)).toBeCloseTo(1, 1);
    // The sink is .8 busy at 400/s: it is full at 500, and 600 arrive.
    expect(Math.abs(must(answer.sources[0]?.lagSlopePerSecond.to) - 100)).toBeLessThan(15);
    expect(answer.sources[0]?.catchUpMs.to).toBeUndefined();
  });
});

describe('a change that changes nothing', () => {
  const specs: Readonly<Record<string, JobSpec>> = {
    healthy: job.HEALTHY,
    right: job.RIGHT_SIZED,
    lookup: job.SLOW_LOOKUP,
    'hot key': job.HOT_KEY,
    'key groups': job.KEY_GROUPS,
    'few keys': job.FEW_KEYS,
    'fan-out': job.FAN_OUT,
  };
  for (const [name, spec] of Object.entries(specs)) {
    it(`predicts what is measured: ${name}`, () => {
      const vertexId = Object.keys(spec.vertices)[1] ?? '';
      const answer = ask(spec, vertex(vertexId, must(spec.vertices[vertexId]).parallelism));
      expect(whys(answer)).toEqual([]);
      for (const { busyRatio, recordsInPerSecond } of answer.vertices) {
        expect(Math.abs(must(busyRatio.to) - must(busyRatio.from))).toBeLessThan(0.06);
        expect(must(recordsInPerSecond.to) / must(recordsInPerSecond.from)).toBeCloseTo(1, 1);
      }
    });
  }
});

describe('where more subtasks do not help', () => {
  it('a hot key stays as busy, whatever the parallelism, and the reason is said', () => {
    for (const to of [5, 8, 64]) {
      const answer = ask(job.HOT_KEY, vertex('agg', to));
      const agg = of(answer, 'agg');
      expect(must(agg.busyRatio.to)).toBeCloseTo(1, 1);
      expect(must(agg.capacityPerSecond.to)).toBeCloseTo(must(agg.capacityPerSecond.from), 3);
      expect(agg.limit?.en).toContain('one key carries');
      expect(must(answer.sources[0]?.lagSlopePerSecond.to) / 686).toBeCloseTo(1, 1);
    }
  });

  it('with fewer subtasks a hot key gets more beside it', () => {
    const agg = of(ask(job.HOT_KEY, vertex('agg', 2)), 'agg');
    expect(must(agg.capacityPerSecond.to)).toBeLessThan(must(agg.capacityPerSecond.from));
  });

  it('what waits for an outside system at its limit: it was tried', () => {
    const lookup = (parallelism: number): JobSpec => ({
      vertices: {
        src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 200, lag: [30_000, 200] },
        map: { parallelism, inputs: { src: 'REBALANCE' }, busy: 1, in: 400 / parallelism },
      },
    });
    const history = redeployed(
      historyOf({ ...lookup(2), attempt: 0 }),
      historyOf({ ...lookup(4), attempt: 1, startMs: nowOf(historyOf(lookup(2))) + 10_000 }),
    );
    const map = of(askHistory(history, vertex('map', 8)), 'map');
    expect(map.limit?.en).toContain('given more subtasks before');
    expect(must(map.capacityPerSecond.to)).toBeCloseTo(must(map.capacityPerSecond.from), 3);
  });

  it('subtasks that held one another up before do so again: 4 and 8 served 300/s and 400/s', () => {
    const history = historyOf({
      ...vary(job.SLOW_LOOKUP, { vertices: { map: { parallelism: 8, in: 50 } } }),
      taskManagers: [{ slots: 8, hostCores: 8, cores: 0.05 }],
    });
    const atMs = nowOf(history);
    const eras = new Map([
      [
        'map',
        [
          { parallelism: 4, perSecond: 300, atMs },
          { parallelism: 8, perSecond: 400, atMs },
        ],
      ],
    ]);
    // A record costs 20 ms at 8 and 13.3 at 4, so 33.3 ms at 16: 480/s, and not 800.
    const answer = askHistory({ ...history, eras }, vertex('map', 16));
    expect(of(answer, 'map').recordsInPerSecond.to).toBeCloseTo(480, 0);
    expect(answer.assumptions.map(({ en }) => en).join()).toContain('when full 4 subtasks 300/s, 8 subtasks 400/s');
    expect(of(askHistory(history, vertex('map', 16)), 'map').recordsInPerSecond.to).toBeCloseTo(600, 0);
  });

  it('a source whose splits are fewer than its subtasks', () => {
    const spec: JobSpec = {
      vertices: {
        src: { parallelism: 4, busy: [0.9, 0.9, 0, 0], out: [500, 500, 0, 0], lag: [50_000, 100] },
        sink: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.05, in: 500 },
      },
    };
    const src = of(ask(spec, vertex('src', 8)), 'src');
    expect(src.limit?.en).toContain('only 2 of its subtasks read');
    expect(must(src.capacityPerSecond.to)).toBeCloseTo(must(src.capacityPerSecond.from), 3);
  });
});

describe('what is not predicted, and why', () => {
  const { lag: _untold, ...untoldSource } = must(job.CPU_BOUND.vertices.src);
  const table: readonly (readonly [claim: string, spec: JobSpec, change: AskedChange, why: string])[] = [
    ['beyond max parallelism', job.TOO_SLOW, vertex('agg', 129), 'max parallelism is 128'],
    ['a non-parallel operator', job.WINDOW_ALL, vertex('wall', 4), 'max parallelism is 1'],
    ['keys that fall anew', job.FEW_KEYS, vertex('agg', 8), 'spread unevenly'],
    ['fewer of those too', job.FEW_KEYS, vertex('agg', 2), 'spread unevenly'],
    ['garbage collection', job.GC_PRESSURE, vertex('map', 4), 'garbage collection'],
    ['no core left', job.CPU_SATURATED, vertex('agg', 4), 'no core'],
    [
      'no CPU time told',
      { ...job.CPU_BOUND, taskManagers: [{ cores: 'unknown' }] },
      vertex('agg', 4),
      'tells no CPU time',
    ],
    ['a vertex that is not there', job.HEALTHY, vertex('gone', 4), 'no vertex gone'],
    [
      'a vertex that serves nothing',
      vary(job.HEALTHY, { vertices: { map: { in: 0, busy: 0 } } }),
      vertex('map', 4),
      'serves nothing',
    ],
    ['no number', job.HEALTHY, vertex('map', 'AsyncDataStream'), 'whole number'],
    ['half a subtask', job.HEALTHY, vertex('map', 2.5), 'whole number'],
    ['none', job.HEALTHY, vertex('map', 0), 'whole number'],
    [
      'another option',
      job.HEALTHY,
      { scope: 'job', key: 'execution.checkpointing.interval', to: '1min' },
      'nothing else',
    ],
    ['the default where it is not known', job.HEALTHY, parallelismDefault(4), 'not known'],
    ['tasks that do not run', { ...job.HEALTHY, tasks: 'SCHEDULED' }, vertex('map', 4), 'not all tasks are running'],
    ['readings too few', { ...job.HEALTHY, samples: 1 }, vertex('map', 4), 'too few settled readings'],
    ['no memory size', job.HEALTHY, option('taskmanager.memory.process.size', 'large'), 'no memory size'],
    ['no fraction', job.HEALTHY, option('taskmanager.memory.managed.fraction', 1.5), 'no fraction'],
    ['memory that does not fit', job.HEALTHY, option('taskmanager.memory.process.size', '256m'), 'refuse to start'],
    ['an option beside the model', job.HEALTHY, option('taskmanager.memory.flink.size', '1g'), 'not part of that'],
    [
      'memory that follows another total',
      { ...job.HEALTHY, configuration: { 'taskmanager.memory.flink.size': '1280m' } },
      option('taskmanager.memory.managed.size', '0'),
      'taskmanager.memory.flink.size',
    ],
  ];
  it.each(table)('%s', (_claim, spec, change, why) => {
    const answer = ask(spec, change);
    expect(answer.notPredicted.map((item) => item.change)).toEqual([change]);
    expect(whys(answer)[0]).toContain(why);
    expect(answer.notPredicted[0]?.why['zh-CN']).toMatch(/\p{Script=Han}/u);
    // And it is in no figure.
    for (const { parallelism } of answer.vertices) expect(parallelism.to).toBe(parallelism.from);
    expect(answer.cost.slots).toBe(0);
    expect(answer.memory).toBeUndefined();
  });

  it('load after the change, where no source tells what waits; capacity is still known', () => {
    const answer = ask(
      { ...job.CPU_BOUND, vertices: { ...job.CPU_BOUND.vertices, src: untoldSource } },
      vertex('agg', 4),
    );
    expect(answer.demandKnown).toBe(false);
    expect(of(answer, 'agg').busyRatio).not.toHaveProperty('to');
    expect(must(of(answer, 'agg').capacityPerSecond.to)).toBeCloseTo(
      2 * must(of(answer, 'agg').capacityPerSecond.from),
      0,
    );
  });

  it('without lag but with nothing held back what flows is what is wanted', () => {
    const { lag: _lag, ...src } = must(job.RIGHT_SIZED.vertices.src);
    const answer = ask({ vertices: { ...job.RIGHT_SIZED.vertices, src } }, vertex('agg', 6));
    expect(answer.demandKnown).toBe(true);
    expect(must(of(answer, 'agg').busyRatio.to)).toBeCloseTo(0.33, 1);
  });

  it('the second of two that set the same, and the first counts', () => {
    const second = vertex('agg', 8);
    const answer = ask(job.TOO_SLOW, vertex('agg', 1), second);
    expect(answer.notPredicted.map(({ change }) => change)).toEqual([second]);
    expect(of(answer, 'agg').parallelism.to).toBe(1);
  });
});

describe('the default parallelism', () => {
  const spec: JobSpec = { ...job.RIGHT_SIZED, configuration: { 'parallelism.default': '3' } };
  it('takes those along that run with it, and says how many', () => {
    const answer = ask(spec, parallelismDefault(6));
    expect(answer.vertices.map(({ parallelism }) => parallelism.to)).toEqual([2, 6]);
    expect(answer.assumptions.map(({ en }) => en)).toContainEqual(
      expect.stringContaining('the 1 that now run with the default'),
    );
  });
  it('gives way to a vertex that is named', () => {
    const answer = ask(
      { ...spec, configuration: { 'parallelism.default': '2' } },
      parallelismDefault(4),
      vertex('agg', 5),
    );
    expect(answer.vertices.map(({ parallelism }) => parallelism.to)).toEqual([4, 5]);
  });
});

describe('slots and TaskManagers', () => {
  it('follow from the widest vertex of each sharing group', () => {
    const spec: JobSpec = { ...job.SLOW_LOOKUP, taskManagers: [{ slots: 2 }], slots: { total: 2, free: 0 } };
    expect(ask(spec, vertex('map', 5))).toMatchObject({
      slots: { needed: { from: 2, to: 5 }, perTaskManager: { from: 2, to: 2 }, free: 0 },
      taskManagers: { registered: 1, needed: { from: 1, to: 3 } },
      cost: { slots: 3, taskManagers: 2, memoryBytes: 2 * 1728 * MIB },
    });
  });

  it('leave other jobs their slots', () => {
    const spec: JobSpec = { ...job.RIGHT_SIZED, taskManagers: [{ slots: 8 }], slots: { total: 8, free: 1 } };
    // Three are ours and four others'; with six of ours it takes ten.
    expect(ask(spec, vertex('agg', 6)).taskManagers).toEqual({ registered: 1, needed: { from: 1, to: 2 } });
  });

  it('more slots on a TaskManager make it fewer TaskManagers', () => {
    const spec: JobSpec = {
      ...job.OVER_PROVISIONED,
      taskManagers: [{ slots: 1 }, { slots: 1 }, { slots: 1 }, { slots: 1 }],
    };
    expect(ask(spec, option('taskmanager.numberOfTaskSlots', 4))).toMatchObject({
      slots: { needed: { from: 4, to: 4 }, perTaskManager: { from: 1, to: 4 } },
      taskManagers: { registered: 4, needed: { from: 4, to: 1 } },
      cost: { slots: 0, taskManagers: 0 },
      notPredicted: [],
    });
  });
});

describe('memory, to the byte by Flink’s model', () => {
  it('a larger process: each part of it, and what all TaskManagers take more', () => {
    const answer = ask(job.HEALTHY, option('taskmanager.memory.process.size', '4096m'));
    expect(answer.memory?.processBytes).toEqual({ from: 1728 * MIB, to: 4096 * MIB });
    // `config/docker` of Flink: 1728m gives 384 MiB of task heap, 512 managed.
    expect(answer.memory?.from?.taskHeapBytes).toBe(402_653_174);
    expect(answer.memory?.to.managedBytes).toBeGreaterThan(answer.memory?.from?.managedBytes ?? Infinity);
    expect(answer.cost.memoryBytes).toBe(2368 * MIB);
  });

  it('options together, and with those that are set', () => {
    const spec: JobSpec = {
      ...job.HEALTHY,
      configuration: { 'taskmanager.memory.process.size': '1728m', 'taskmanager.memory.network.max': '64m' },
    };
    const answer = ask(
      spec,
      option('taskmanager.memory.managed.size', '0m'),
      option('taskmanager.memory.process.size', '2g'),
    );
    expect(answer.memory?.to).toMatchObject({ managedBytes: 0, networkBytes: 64 * MIB, processBytes: 2048 * MIB });
  });

  it('one that does not fit takes the others with it: they only make sense together', () => {
    const answer = ask(
      job.HEALTHY,
      option('taskmanager.memory.managed.size', '2g'),
      option('taskmanager.memory.network.min', '64m'),
    );
    expect(answer.notPredicted).toHaveLength(2);
    expect(answer.memory).toBeUndefined();
  });
});
