import { describe, expect, it } from 'vitest';
import { signalsOf } from '../../signals/signals.js';
import { must } from '../../testing/must.js';
import { historyOf, nowOf, type JobSpec } from '../../testing/job-builder.js';
import { HEALTHY, HOT_KEY, TOO_SLOW } from '../../testing/scenarios.js';
import { text } from '../../text.js';
import type { AutoscalerVersion } from './options.js';
import { whatTheAutoscalerWouldDo, type AutoscalerAnswer, type OwnAdvice } from './what-it-would-do.js';

const NOTHING: OwnAdvice = { parallelism: new Map(), causes: new Map() };

function answer(
  spec: JobSpec,
  own: OwnAdvice = NOTHING,
  configuration: Readonly<Record<string, string>> = {},
  version?: AutoscalerVersion,
): AutoscalerAnswer {
  const history = historyOf(spec);
  const signals = signalsOf(history, nowOf(history));
  const [load, lag] = [signals.get('load'), signals.get('lag')];
  if (!load.ok || !lag.ok) throw new Error('no load');
  return whatTheAutoscalerWouldDo({ history, load: load.value, lag: lag.value }, own, configuration, version);
}

function viewOf(...[spec, own, configuration, version]: Parameters<typeof answer>) {
  const got = answer(spec, own, configuration, version);
  if (got.kind !== 'decided') throw new Error(got.kind);
  const changes = Object.fromEntries(got.view.vertices.map(({ vertexId, from, to }) => [vertexId, [from, to]]));
  return {
    ...{ changes, slots: got.view.slots },
    vertex: (id: string) => must(got.view.vertices.find(({ vertexId }) => vertexId === id)),
    why: (id: string) => got.view.vertices.find(({ vertexId }) => vertexId === id)?.why,
  };
}

const because = (vertexId: string, en: string, zh: string): OwnAdvice => ({
  parallelism: new Map(),
  causes: new Map([[vertexId, text(en, zh)]]),
});

/** A sink that passes 50 records/s in all, whatever its parallelism; a tenth more comes. */
const CAPPED_SINK: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.6, out: 25, lag: [0, 4.6] },
    work: { parallelism: 4, inputs: { src: 'REBALANCE' }, busy: 0.3, bp: 0.6, in: 12.5, out: 12.5 },
    sink: { parallelism: 4, inputs: { work: 'REBALANCE' }, busy: 1, in: 12.5 },
  },
};

describe('on a hot key', () => {
  const own = because('agg', 'one key has 61 % of the records', '一个键占 61 % 的记录');
  const view = viewOf(HOT_KEY, own);
  it('the autoscaler multiplies the subtasks; Weir names the key', () => {
    expect(view.vertex('agg')).toMatchObject({ from: 4, own: 4 });
    expect(view.vertex('agg').to).toBeGreaterThanOrEqual(8);
    expect(view.slots.to).toBeGreaterThan(view.slots.from);
  });
  it('for it takes the hottest subtask for all', () => {
    const why = must(view.why('agg'));
    expect(why.en).toContain('the busiest subtask (100 %) for all of them (44 % on average)');
    expect(why.en).toContain('one key has 61 % of the records');
    expect(why['zh-CN']).toContain('一个键占 61 % 的记录');
  });
  it('with the average as its measure it asks for less', () => {
    const average = viewOf(HOT_KEY, own, { 'job.autoscaler.metrics.busy-time.aggregator': 'AVG' });
    expect(average.vertex('agg').to).toBeLessThan(view.vertex('agg').to);
    expect(average.why('agg')?.en ?? '').not.toContain('busiest');
  });
});

describe('on a capped sink', () => {
  const view = viewOf(CAPPED_SINK, because('sink', 'the outside system is at its limit', '外部系统已达上限'));
  it('the autoscaler enlarges the sink; Weir does not', () => {
    expect(view.vertex('sink')).toMatchObject({ from: 4, to: 8, own: 4 });
    expect(view.why('sink')?.en).toContain('the outside system is at its limit');
  });
  it('and it changes the idle source too, a scale-down after an hour', () => {
    expect(view.vertex('src')).toMatchObject({ from: 2, to: 1, own: 2, waitsMs: 3_600_000 });
    expect(view.why('src')?.en).toContain('1 % busy');
  });
});

describe('on a healthy job', () => {
  /** Beside a worker that is right: idle ends, as real jobs have them. */
  const CALM: JobSpec = {
    vertices: {
      src: { parallelism: 6, busy: 0.02, out: 100, lag: [0, 0] },
      work: { parallelism: 6, inputs: { src: 'REBALANCE' }, busy: 0.62, in: 100, out: 100 },
      sink: { parallelism: 6, inputs: { work: 'REBALANCE' }, busy: 0.03, in: 100 },
    },
  };
  it('the autoscaler shrinks the idle ends, which saves no slot', () => {
    const view = viewOf(CALM);
    expect(view.changes).toEqual({ src: [6, 3], work: [6, 6], sink: [6, 3] });
    expect(view.slots).toEqual({ from: 6, to: 6 });
    expect(view.why('src')?.en).toContain('Weir leaves it: vertices share slots');
    expect(view.why('work')).toBeUndefined();
  });
  it('where all of it is idle it saves slots, and Weir waits for the peak', () => {
    const view = viewOf(HEALTHY);
    expect(view.slots.to).toBeLessThan(view.slots.from);
    expect(view.why('map')?.en).toContain('the highest load that it saw');
  });
  it('within wide bounds it changes nothing, and says as little', () => {
    const wide = { 'job.autoscaler.utilization.min': '0' };
    const view = viewOf(CALM, NOTHING, wide);
    expect(Object.values(view.changes).every(([from, to]) => from === to)).toBe(true);
    expect(view.vertex('work').why).toBeUndefined();
  });
  it('also where Weir would shrink it: there is room within the bounds', () => {
    const own: OwnAdvice = { parallelism: new Map([['src', 1]]), causes: new Map() };
    const view = viewOf(CALM, own, { 'job.autoscaler.utilization.min': '0' });
    expect(view.why('src')?.en).toContain('between about 0 % and 100 % busy');
  });
});

describe('where both add subtasks', () => {
  const own: OwnAdvice = { parallelism: new Map([['agg', 5]]), causes: new Map() };
  it('says what makes it more: restarts, key groups', () => {
    const view = viewOf(TOO_SLOW, own);
    expect(view.vertex('agg')).toMatchObject({ from: 2, own: 5, to: 8 });
    expect(view.why('agg')?.en).toBe(
      'It goes from 6 up to 8 to share out 128 key groups evenly. It allows for restarts of 5 min, Weir for 60 s.',
    );
    expect(view.why('agg')?.['zh-CN']).toContain('128 个键组');
  });
  it('and a backlog that has grown for hours', () => {
    const long = { ...TOO_SLOW.vertices, src: { ...must(TOO_SLOW.vertices.src), lag: [2_000_000, 200] as const } };
    expect(viewOf({ ...TOO_SLOW, vertices: long }, own).why('agg')?.en).toContain(
      'the backlog to be gone within 30 min',
    );
  });
  it('as its version does', () => {
    const maximize = {
      'job.autoscaler.target.utilization': '0.35',
      'job.autoscaler.scaling.key-group.partitions.adjust.mode': 'MAXIMIZE_UTILISATION',
    };
    expect(viewOf(TOO_SLOW, NOTHING, maximize, '1.10.0').vertex('agg').to).toBe(16);
    expect(viewOf(TOO_SLOW, NOTHING, maximize, '1.15.0').vertex('agg').to).toBe(11);
  });
  it('stays below its limit', () => {
    const view = viewOf(TOO_SLOW, own, { 'job.autoscaler.vertex.max-parallelism': '2' });
    expect(view.why('agg')?.en).toContain('Its limit is 2 subtasks');
  });
  it('leaves out what it is told to', () => {
    const view = viewOf(TOO_SLOW, own, { 'job.autoscaler.vertex.exclude.ids': 'agg' });
    expect(view.why('agg')?.en).toContain('vertex.exclude.ids');
  });
});

describe('it does not guess', () => {
  it('a value that the operator refuses is told in its words', () => {
    expect(answer(HEALTHY, NOTHING, { 'job.autoscaler.catch-up.duration': 'soon' })).toEqual({
      kind: 'refused',
      message: "Could not parse value 'soon' for key 'job.autoscaler.catch-up.duration'.",
    });
  });
  it('a vertex without a load makes it unknown', () => {
    const history = historyOf(HEALTHY);
    const signals = signalsOf(history, nowOf(history));
    const lag = signals.get('lag');
    if (!lag.ok) throw new Error('no lag');
    expect(whatTheAutoscalerWouldDo({ history, load: new Map(), lag: lag.value }, NOTHING, {})).toEqual({
      kind: 'unknown',
    });
  });
});
