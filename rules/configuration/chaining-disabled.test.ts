import { describe, expect, it } from 'vitest';
import { judged, NOT_RUNNING, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec, VertexSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { chainingDisabled } from './chaining-disabled.js';

type Change = (vertex: VertexSpec, place: number) => Partial<VertexSpec>;
/** L60: a source and so many light vertices after it, joined by forward exchanges, each at 10 000 records/s. */
const forward = (exchanges: number, change: Change = () => ({}), more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: Object.fromEntries(
    Array.from({ length: exchanges + 1 }, (_, place) => {
      const rate = place === 0 ? { out: 5000, lag: [20, 0] as const } : { in: 5000 };
      const inputs = place === 0 ? {} : { inputs: { [`v${place - 1}`]: 'FORWARD' as const } };
      const vertex: VertexSpec = { parallelism: 2, busy: 0.01, ...rate, ...inputs };
      return [`v${place}`, { ...vertex, ...change(vertex, place) }];
    }),
  ),
  ...more,
});
const OFF = { configuration: { 'pipeline.operator-chaining.enabled': 'false' } };
const chained: Change = (_vertex, place) => ({ name: place === 0 ? 'Source: a -> b' : `m${place}` });
/** The fifth computes at its limit, on a machine with room. */
const computing = forward(9, (_vertex, place) => (place < 5 ? { bp: 0.97 } : place === 5 ? { busy: 1 } : {}), {
  taskManagers: [{ slots: 4, hostCores: 8, cores: 1.98 }],
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['says it of a job in which nothing is chained (L60)', forward(9), 'info job'],
  ['says it where the option is off, whatever single chains there are', forward(9, chained, OFF), 'info job'],
  [
    'knows the older name',
    forward(9, chained, { configuration: { 'pipeline.operator-chaining': 'false' } }),
    'info job',
  ],
  ['is quiet about single operators that asked for it', forward(9, chained), 'clear'],
  ['is a warning where computing is the limit', computing, 'warning job'],
  ['fires from four exchanges on', forward(4), 'info job'],
  ['is quiet just below', forward(3), 'clear'],
  ['is quiet just below where the option is off', forward(3, undefined, OFF), 'clear'],
  ['is quiet where the parallelism differs', forward(9, (_v, place) => ({ parallelism: 1 + (place % 2) })), 'clear'],
  ['is quiet where slots are apart', forward(9, (_v, place) => ({ slotSharingGroup: `g${place}` })), 'clear'],
  [
    'is quiet about shuffles',
    forward(9, (_v, place) => (place === 0 ? {} : { inputs: { [`v${place - 1}`]: 'HASH' } })),
    'clear',
  ],
  [
    'is quiet about several inputs: they make no chain',
    forward(9, (_v, place) => (place < 2 ? {} : { inputs: { [`v${place - 1}`]: 'FORWARD', v0: 'FORWARD' } })),
    'clear',
  ],
  ['is quiet about blocking exchanges', forward(9, () => ({ blocking: true })), 'clear'],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a chained job', job.CHAINED, 'clear'],
  ['is skipped while tasks are deployed', forward(9, undefined, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is skipped in the first half minute', forward(9, undefined, { samples: 3 }), WARMING_UP],
];

describe('chaining-disabled', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, chainingDisabled);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [chainingDisabled])).toEqual([]);
  });

  it('says what is handed over', () => {
    const { title, evidence } = only(judged(forward(9), chainingDisabled).findings);
    expect(title.en).toBe('10 vertices could be fewer tasks: operators are not chained');
    expect(evidence.map(({ signal, value }) => [signal, Math.round(value)])).toEqual([
      ['brokenChains', 9],
      ['handedOverPerSecond', 90_000],
    ]);
  });

  it('advises the option that is off, else the code', () => {
    const advised = (spec: JobSpec): readonly unknown[] =>
      only(judged(spec, chainingDisabled).advice).changes.map(({ key, to }) => [key, to]);
    expect(advised(forward(9, undefined, OFF))).toEqual([['pipeline.operator-chaining.enabled', 'true']]);
    const old = { configuration: { 'pipeline.operator-chaining': 'false' } };
    expect(advised(forward(9, undefined, old))).toEqual([['pipeline.operator-chaining', 'true']]);
    expect(only(judged(forward(9), chainingDisabled).advice)).toMatchObject({
      kind: 'code',
      changes: [{ from: 'env.disableOperatorChaining()' }],
    });
  });
});
