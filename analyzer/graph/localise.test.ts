import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec, type VertexSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { signalsOf } from '../signals/signals.js';
import { localise, type Bottleneck } from './localise.js';

type Vertices = JobSpec['vertices'];
const found = (vertices: Vertices): readonly Bottleneck[] => {
  const history = historyOf({ vertices });
  const signals = signalsOf(history, nowOf(history));
  const load = signals.get('load');
  if (!load.ok) throw new Error(load.reason.en);
  return localise(signals.job.topology, load.value);
};
const words = (vertices: Vertices): string[] => found(vertices).map(({ kind, vertexId }) => `${kind} ${vertexId}`);

const pressed: VertexSpec = { parallelism: 2, busy: 0.01, bp: 0.99, out: 200 };
const full = (...inputs: string[]): VertexSpec => ({ parallelism: 2, busy: 1, in: 200, ...from(inputs) });
const calm = (...inputs: string[]): VertexSpec => ({ parallelism: 2, busy: 0.1, in: 200, ...from(inputs) });
const waits = (...inputs: string[]): VertexSpec => ({ ...pressed, in: 200, ...from(inputs) });
function from(inputs: readonly string[]): Pick<VertexSpec, 'inputs'> {
  return { inputs: Object.fromEntries(inputs.map((id) => [id, 'REBALANCE' as const])) };
}

describe('localise', () => {
  const table: readonly (readonly [string, Vertices, readonly string[]])[] = [
    [
      'a line: the first that does not wait below one that does',
      { src: pressed, map: full('src'), sink: calm('map') },
      ['pressing map'],
    ],
    [
      'a long line: pressure reaches the source',
      { src: pressed, a: waits('src'), b: full('a'), sink: calm('b') },
      ['pressing b'],
    ],
    [
      'a diamond: only the slow branch (L15)',
      { src: pressed, a: calm('src'), b: full('src'), u: calm('a', 'b') },
      ['pressing b'],
    ],
    ['a join behind two sources: one place (L17)', { s1: pressed, s2: pressed, j: full('s1', 's2') }, ['pressing j']],
    [
      'a join of a fast and a slow path (L32)',
      { fast: calm(), slow: pressed, slowmap: full('slow'), j: calm('fast', 'slowmap') },
      ['pressing slowmap'],
    ],
    ['a fan-out: the branch that is full', { src: pressed, a: calm('src'), b: full('src') }, ['pressing b']],
    [
      'a fan-out: both, when both are full',
      { src: pressed, a: full('src'), b: full('src') },
      ['pressing b', 'pressing a'],
    ],
    [
      'two components are two findings (L16)',
      { s1: pressed, k1: full('s1'), s2: pressed, k2: full('s2') },
      ['pressing k2', 'pressing k1'],
    ],
    [
      'two in a row: the one downstream first, for it hides the true load of the other',
      {
        src: pressed,
        a: { parallelism: 2, busy: [1, 0.05], bp: [0, 0.9], in: 100, ...from(['src']) },
        b: full('a'),
      },
      ['pressing b', 'pressing a'],
    ],
    [
      'pressure of one subtask of the input is enough',
      { src: { ...pressed, bp: [0.55, 0] }, map: full('src') },
      ['pressing map'],
    ],
    ['so is a third of all, spread', { src: { ...pressed, bp: 0.35 }, map: full('src') }, ['pressing map']],
    ['less is none', { src: { ...pressed, bp: [0.45, 0.1] }, map: { ...full('src'), busy: 0.9 } }, []],
    [
      'a fan-out: a branch that is nearly full counts beside the full one',
      { src: pressed, a: { ...full('src'), busy: 0.85 }, b: full('src') },
      ['pressing b', 'pressing a'],
    ],
    ['a single full source', { src: { parallelism: 2, busy: 1, out: 100 } }, ['source src']],
    ['full, but nothing waits yet', { src: calm(), map: full('src') }, ['alone map']],
    ['full, but nothing waits: below 95 % it does not count', { src: calm(), map: { ...full('src'), busy: 0.94 } }, []],
    ['nothing, when all is calm', { src: calm(), map: calm('src'), sink: calm('map') }, []],
    ['nothing, when the busiest below is under 80 %', { src: pressed, map: { ...full('src'), busy: 0.79 } }, []],
    [
      'nothing across a blocking exchange: it carries no pressure',
      { src: pressed, map: { ...full('src'), busy: 0.9, blocking: true } },
      [],
    ],
  ];
  it.each(table)('%s', (_claim, vertices, bottlenecks) => {
    expect(words(vertices)).toEqual(bottlenecks);
  });

  it('lists who waits, nearest first', () => {
    expect(must(found({ src: pressed, a: waits('src'), b: full('a') })[0]).pressured).toEqual(['a', 'src']);
  });

  it('names the saturated subtasks of a mixed vertex: some wait, one is the reason', () => {
    const mixed: VertexSpec = {
      parallelism: 4,
      busy: [1, 0.05, 0.05, 0.05],
      bp: [0, 0.9, 0.9, 0.9],
      in: 50,
      ...from(['src']),
    };
    const [first] = found({ src: pressed, mixed, sink: { ...full('mixed'), busy: 0.3 } });
    expect(must(first)).toMatchObject({ vertexId: 'mixed', subtasks: [0] });
  });

  it('leaves out a waiting vertex without saturated subtasks', () => {
    const waiting: VertexSpec = { parallelism: 2, busy: 0.4, bp: 0.6, in: 50, ...from(['src']) };
    expect(words({ src: pressed, waiting, sink: full('waiting') })).toEqual(['pressing sink']);
  });

  it('measures how much the input waits', () => {
    expect(must(found({ src: { ...pressed, bp: [0.6, 0.9] }, map: full('src') })[0]).inputPressure).toBeCloseTo(0.9, 2);
  });
});

describe('topology', () => {
  const history = historyOf({
    vertices: { s1: calm(), s2: calm(), j: calm('s1', 's2'), k: calm('j'), s3: calm(), e: calm('s3') },
  });
  const { topology } = signalsOf(history, nowOf(history)).job;
  it('orders sources first, each vertex after what feeds it', () => {
    expect(topology.order).toEqual(['s1', 's2', 'j', 'k', 's3', 'e']);
  });
  it('knows ancestors and components', () => {
    expect([...topology.ancestorsOf('k')].sort()).toEqual(['j', 's1', 's2']);
    expect([...topology.componentOf('s2')].sort()).toEqual(['j', 'k', 's1', 's2']);
    expect([...topology.componentOf('e')].sort()).toEqual(['e', 's3']);
  });
  it('knows sources and sinks', () => {
    expect(topology.vertexIds.filter((id) => topology.isSource(id))).toEqual(['s1', 's2', 's3']);
    expect(topology.vertexIds.filter((id) => topology.isSink(id))).toEqual(['k', 'e']);
  });
});
