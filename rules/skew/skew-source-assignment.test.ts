import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type Figure, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { skewSourceAssignment } from './skew-source-assignment.js';

const five = (busy: readonly number[], out: readonly number[] = [401, 200, 200, 200], bp: Figure = 0): JobSpec =>
  vary(job.FIVE_PARTITIONS, { vertices: { src: { out, bp }, map: { busy, in: out } } });
const NINE = five([0.9, 0.6, 0.6, 0.6], [300, 200, 200, 200]);

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the reader with two of five partitions (L11)', job.FIVE_PARTITIONS, 'warning src[0]'],
  ['is critical when the reader waits', five([1, 0.45, 0.45, 0.45], undefined, [0.6, 0, 0, 0]), 'critical src[0]'],
  ['is a warning from half busy', five([0.5, 0.25, 0.25, 0.25]), 'warning src[0]'],
  ['is only a word below half busy', five([0.49, 0.25, 0.25, 0.25]), 'info src[0]'],
  ['is quiet where the work is nearly nothing', five([0.19, 0.1, 0.1, 0.1]), 'clear'],
  ['is quiet when the others are as busy', five([1, 0.76, 0.76, 0.76]), 'clear'],
  ['finds three partitions beside two', NINE, 'warning src[0]'],
  [
    'is quiet about seven partitions on four readers: 1.14 times the mean',
    five([0.9, 0.9, 0.9, 0.45], [200, 200, 200, 100]),
    'clear',
  ],
  ['is quiet when the rates are no multiples', five([0.87, 0.43, 0.43, 0.43], [350, 200, 200, 200]), 'clear'],
  ['leaves a heavy partition to its own rule (L12)', job.HEAVY_PARTITION, 'clear'],
  ['is quiet about readers without a partition (L10)', job.TWO_PARTITIONS, 'clear'],
  [
    'is quiet when the records are dealt out anew behind the source',
    vary(job.FIVE_PARTITIONS, { vertices: { map: { inputs: { src: 'REBALANCE' } } } }),
    'clear',
  ],
  ['is quiet about a hot key behind an even source (L05)', job.HOT_KEY, 'clear'],
  ['is quiet about one dear subtask (L12b)', job.DEAR_SUBTASK, 'clear'],
  ['is quiet about a slow TaskManager (L22)', job.NOISY_TASKMANAGER, 'clear'],
  ['is quiet on a healthy job (L01)', job.HEALTHY, 'clear'],
  [
    'is quiet while a backlog is worked off',
    vary(job.FIVE_PARTITIONS, { vertices: { src: { lag: [300_000, -400] } } }),
    'clear',
  ],
  [
    'is skipped where nobody tells what arrives',
    vary(job.FIVE_PARTITIONS, { vertices: { src: { bp: [0.1, 0, 0, 0], noSplit: [0, 1, 2, 3] } } }),
    'skipped: a reader is held back and does not tell how many records wait for it: what arrives there is not known',
  ],
  ['is skipped for a batch job', { ...job.FIVE_PARTITIONS, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.FIVE_PARTITIONS, tasks: 'DEPLOYING' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.FIVE_PARTITIONS, samples: 2 }, WARMING_UP],
];

describe('skew-source-assignment', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, skewSourceAssignment);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [skewSourceAssignment])).toEqual([]);
  });

  it('counts the partitions, and is less sure the closer the ratio', () => {
    const found = only(judged(job.FIVE_PARTITIONS, skewSourceAssignment).findings);
    expect(found).toMatchObject({ title: { en: 'src: 5 partitions over 4 readers leave subtask 0 with one more' } });
    expect(found.confidence).toBe(0.8);
    expect(only(judged(NINE, skewSourceAssignment).findings).confidence).toBe(0.6);
  });

  it('advises a parallelism that divides them, for all that is connected FORWARD', () => {
    const advice = only(judged(job.FIVE_PARTITIONS, skewSourceAssignment).advice);
    expect(advice.changes).toMatchObject([
      { vertexId: 'src', from: 4, to: 5 },
      { vertexId: 'map', from: 4, to: 5 },
    ]);
    expect(advice.cost.slots).toBe(1);
    expect(must(advice.prerequisites[0]).en).toBe('the source has 5 partitions');
    expect(must(advice.expected[1])).toMatchObject({ from: 0.87, to: 0.435 });
  });

  it('follows the readings: seven partitions on five readers want seven', () => {
    const seven: JobSpec = {
      vertices: {
        src: { parallelism: 5, out: [400, 400, 200, 200, 200], lag: [4, 0] },
        map: {
          parallelism: 5,
          inputs: { src: 'FORWARD' },
          busy: [0.8, 0.8, 0.4, 0.4, 0.4],
          in: [400, 400, 200, 200, 200],
        },
      },
    };
    expect(must(only(judged(seven, skewSourceAssignment).advice).changes[0])).toMatchObject({ from: 5, to: 7 });
  });

  it('advises rebalance() where the next divisor is too far: nine partitions on four readers', () => {
    const advice = only(judged(NINE, skewSourceAssignment).advice);
    expect(only(advice.changes)).toMatchObject({ vertexId: 'src', to: 'source → rebalance()' });
    expect(only(advice.rejected).alternative.en).toBe('a parallelism that divides the partitions');
  });

  it('advises no parallelism above the max parallelism', () => {
    const limited = vary(job.FIVE_PARTITIONS, { vertices: { map: { maxParallelism: 4 } } });
    expect(only(judged(limited, skewSourceAssignment).advice).kind).toBe('code');
  });

  it('advises nothing while it is only a word', () => {
    expect(judged(five([0.4, 0.2, 0.2, 0.2]), skewSourceAssignment).advice).toEqual([]);
  });

  it('is the root where the job waits for that reader', () => {
    const { findings } = live(historyOf(five([1, 0.45, 0.45, 0.45], undefined, [0.9, 0, 0, 0])), RULES).last;
    const roleOf = (id: string): string | undefined => findings.find(({ rule }) => rule === id)?.role;
    expect([roleOf('skew-source-assignment'), roleOf('bp-bottleneck')]).toEqual(['root', 'symptom']);
  });
});
