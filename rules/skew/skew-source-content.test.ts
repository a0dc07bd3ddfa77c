import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type Figure, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { skewSourceContent } from './skew-source-content.js';

/** The first reader gets so much of 1148 records/s, and its subtask of the map is so busy; nothing waits. */
const calm = (busy: readonly number[], out: readonly number[] = [836, 104, 104, 104], bp: Figure = 0): JobSpec =>
  vary(job.HEAVY_PARTITION, { vertices: { src: { out, bp, waiting: 0 }, map: { busy, in: out } } });

/** The same work chained to its source. */
const chained: JobSpec = {
  vertices: {
    all: {
      name: 'Source: src -> map -> Sink: sink',
      parallelism: 4,
      busy: [1, 0.16, 0.16, 0.16],
      in: [686, 104, 104, 104],
      waiting: (seconds, subtask) => (subtask === 0 ? 21_000 + 150 * seconds : 0),
    },
  },
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the reader of the heavy partition (L12)', job.HEAVY_PARTITION, 'critical src[0]'],
  ['is a warning while nothing waits for it', calm([1, 0.16, 0.16, 0.16]), 'warning src[0]'],
  ['is a warning from half busy', calm([0.5, 0.08, 0.08, 0.08]), 'warning src[0]'],
  ['is only a word below half busy', calm([0.49, 0.08, 0.08, 0.08]), 'info src[0]'],
  ['is quiet where the work is nearly nothing', calm([0.19, 0.03, 0.03, 0.03]), 'clear'],
  ['is quiet when the others are as busy: too much, not too uneven', calm([1, 0.76, 0.76, 0.76]), 'clear'],
  ['fires when they rest a quarter of the time', calm([1, 0.75, 0.75, 0.75]), 'warning src[0]'],
  ['is quiet below twice the others', calm([1, 0.56, 0.56, 0.56], [350, 200, 200, 200]), 'clear'],
  ['fires just above', calm([1, 0.5, 0.5, 0.5], [440, 200, 200, 200]), 'warning src[0]'],
  ['finds the work in the source itself, where all is chained', chained, 'critical all[0]'],
  ['finds it two FORWARD edges below', below('FORWARD'), 'critical src[0]'],
  ['is quiet when the records are dealt out anew behind the source', below('REBALANCE'), 'clear'],
  ['leaves readers with one partition more to their own rule (L11)', job.FIVE_PARTITIONS, 'clear'],
  ['is quiet on equal partitions that are served unequally (L13)', servedUnequally(), 'clear'],
  ['is quiet about readers without a partition (L10)', job.TWO_PARTITIONS, 'clear'],
  ['is quiet about a hot key behind an even source (L05)', job.HOT_KEY, 'clear'],
  ['is quiet about one dear subtask (L12b)', job.DEAR_SUBTASK, 'clear'],
  ['is quiet about a slow TaskManager (L22)', job.NOISY_TASKMANAGER, 'clear'],
  ['is quiet on a healthy job (L01)', job.HEALTHY, 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(job.HEAVY_PARTITION, { vertices: { src: { waiting: (s, i) => (i === 0 ? 300_000 - 150 * s : 0) } } }),
    'clear',
  ],
  [
    'is skipped where nobody tells what arrives',
    vary(job.HEAVY_PARTITION, { vertices: { src: { noSplit: [0, 1, 2, 3] } } }),
    'skipped: a reader is held back and does not tell how many records wait for it: what arrives there is not known',
  ],
  ['is skipped for a batch job', { ...job.HEAVY_PARTITION, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.HEAVY_PARTITION, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.HEAVY_PARTITION, samples: 2 }, WARMING_UP],
];

describe('skew-source-content', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewSourceContent);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewSourceContent])).toEqual([]);
  });

  it('says how much more it is, and where the work is done', () => {
    const { title, summary } = only(judged(job.HEAVY_PARTITION, skewSourceContent).findings);
    expect(title.en).toContain('subtask 0 carry 8.04× as much');
    expect(summary.en).toContain('map is 100 % busy there and 16 % elsewhere');
  });

  it('advises rebalance(), never parallelism, and says what it brings', () => {
    const advice = only(judged(job.HEAVY_PARTITION, skewSourceContent).advice);
    expect(only(advice.changes)).toMatchObject({ vertexId: 'src', to: 'source → rebalance()' });
    // 1148 records/s at 1.48 ms over four subtasks.
    const [records, busy] = advice.expected.map(({ to }) => to);
    expect([Math.round(must(records)), must(busy).toFixed(2)]).toEqual([1148, '0.43']);
    expect(must(advice.rejected[0]).alternative.en).toBe('more parallelism');
  });

  it('follows the readings: at more work per record the four are busier', () => {
    const dear = vary(job.HEAVY_PARTITION, { vertices: { map: { busy: [1, 0.3, 0.3, 0.3] } } });
    expect(must(only(judged(dear, skewSourceContent).advice).expected[1]).to.toFixed(2)).toBe('0.55');
  });

  it('advises nothing while it is only a word', () => {
    expect(judged(calm([0.4, 0.1, 0.1, 0.1]), skewSourceContent).advice).toEqual([]);
  });

  it.each([
    ['the map behind a FORWARD edge', job.HEAVY_PARTITION],
    ['the chained source', chained],
  ])('is the root; what is wrong at %s is a symptom', (_where, spec) => {
    const { findings } = live(historyOf(spec), RULES).last;
    const measured = findings.filter(({ basis, severity }) => basis === 'measured' && severity !== 'info');
    expect(measured.filter(({ role }) => role === 'root').map(({ rule }) => rule)).toEqual(['skew-source-content']);
    expect(measured.find(({ rule }) => rule === 'bp-bottleneck' || rule === 'bp-source-chained')?.role).toBe('symptom');
  });
});

/** The heavy subtask is that of a sink behind the map. */
function below(edge: 'FORWARD' | 'REBALANCE'): JobSpec {
  const { src, map } = job.HEAVY_PARTITION.vertices;
  return {
    vertices: {
      src: must(src),
      map: { ...must(map), busy: 0.02, bp: [1, 0, 0, 0] },
      sink: { ...must(map), inputs: { map: edge } },
    },
  };
}

function servedUnequally(): JobSpec {
  const out = [368, 745, 362, 438];
  const waiting = (seconds: number, subtask: number): number => 30_000 + (781 - (out[subtask] ?? 0)) * seconds;
  return vary(job.WINDOW_ALL, { vertices: { src: { out, waiting } } });
}
