import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { asyncCapacity } from './async-capacity.js';

/** L20: capacity 10, 100 ms a call: 100 of 200 records/s and subtask. */
const FULL: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0, bp: 1, out: 100, lag: [18_000, 200] },
    async: { name: 'async wait operator', parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 100 },
    sink: { parallelism: 2, inputs: { async: 'HASH' }, busy: 0.01, in: 100 },
  },
  taskManagers: [{ cores: 0.03 }],
};
/** L21: the same calls, and room for 200 of them. */
const WITH_ROOM = vary(FULL, { vertices: { src: { bp: 0, out: 200, lag: [1, 0] }, async: { busy: 0.01, in: 200 } } });
const named = (name: string): JobSpec => vary(FULL, { vertices: { async: { name } } });
/** FLINK-39835: the wait for a free call counts as backpressure. */
const soft = (bp: number, sink: number): JobSpec =>
  vary(FULL, { vertices: { async: { busy: 0.02, bp }, sink: { busy: sink } } });
const LOOKUP = 'LookupJoin(table=[dim], joinType=[LeftOuterJoin], async=[true], lookup=[id=id])';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a full operator (L20)', FULL, 'warning async'],
  ['fires on one that people named', named('AsyncEnrich -> Filter'), 'warning async'],
  ['fires on a lookup join that says that it is one', named(LOOKUP), 'warning async'],
  [
    'is critical when the source is minutes behind',
    vary(FULL, { vertices: { src: { lag: [200_000, 200] } } }),
    'critical async',
  ],
  ['fires where the wait counts as backpressure', soft(0.97, 0.01), 'warning async'],
  ['is quiet just below: pressure .45', soft(0.45, 0.01), 'clear'],
  ['is quiet where a successor is busy: that is what it waits for', soft(0.97, 0.9), 'clear'],
  ['is quiet where a successor waits itself', vary(soft(0.97, 0.1), { vertices: { sink: { bp: 0.6 } } }), 'clear'],
  ['is quiet with enough room (L21)', WITH_ROOM, 'clear'],
  ['is quiet about a lookup that is not asynchronous (L03)', job.SLOW_LOOKUP, 'clear'],
  ['is quiet about a synchronous lookup join', named(LOOKUP.replace('true', 'false')), 'clear'],
  ['is quiet about an asynchronous operator that computes', { ...FULL, taskManagers: [{ cores: 1.9 }] }, 'clear'],
  ['is quiet while a backlog is worked off', vary(FULL, { vertices: { src: { lag: [200_000, -200] } } }), 'clear'],
  [
    'is quiet while a backlog is worked off under pressure of its own',
    vary(soft(0.97, 0.01), { vertices: { src: { lag: [200_000, -200] } } }),
    'clear',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...FULL, batch: true }, BATCH],
  ['is skipped while tasks wait for slots', { ...FULL, tasks: 'SCHEDULED' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...FULL, samples: 3 }, WARMING_UP],
];

describe('async-capacity', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, asyncCapacity);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [asyncCapacity])).toEqual([]);
  });

  it('is the one root, before the wait that it is', () => {
    const { findings } = live(historyOf(FULL), RULES).last;
    const measured = findings.filter(({ basis, severity }) => basis === 'measured' && severity !== 'info');
    expect(measured.filter(({ role }) => role === 'root').map(({ rule }) => rule)).toEqual(['async-capacity']);
    expect(findings.find(({ rule }) => rule === 'bp-external-wait')?.role).toBe('symptom');
  });

  it('is the root where the operator is chained to its source', () => {
    const chained: JobSpec = {
      vertices: {
        all: { name: 'Source: src -> async wait operator', parallelism: 2, busy: 1, in: 100, lag: [18_000, 200] },
      },
    };
    const roots = live(historyOf(chained), RULES).last.findings.filter(
      ({ role, severity, basis }) => role === 'root' && severity !== 'info' && basis === 'measured',
    );
    expect(roots.map(({ rule }) => rule)).toEqual(['async-capacity']);
  });

  it('asks for what arrives, with half again as reserve: 3 × 10 = 30, the truth of L20', () => {
    const advice = only(judged(FULL, asyncCapacity).advice);
    expect(advice).toMatchObject({ kind: 'code', diffs: {} });
    expect(only(advice.changes).to).toBe('3 × that capacity');
    expect(must(advice.prerequisites[0]).en).toContain('takes 400 requests/s (now 200)');
  });

  it('follows the readings: half the growth of the lag, less capacity', () => {
    const calmer = vary(FULL, { vertices: { src: { lag: [18_000, 100] } } });
    expect(only(only(judged(calmer, asyncCapacity).advice).changes).to).toBe('2.3 × that capacity');
  });

  it('keeps the reserve where nothing falls behind yet, and doubles where no source tells how much waits', () => {
    const even = vary(FULL, { vertices: { src: { lag: () => 0 } } });
    expect(only(only(judged(even, asyncCapacity).advice).changes).to).toBe('1.5 × that capacity');
    const { src: _told, ...rest } = FULL.vertices;
    const blind: JobSpec = { ...FULL, vertices: { src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 100 }, ...rest } };
    expect(only(only(judged(blind, asyncCapacity).advice).changes).to).toBe('2 × that capacity');
  });

  it('sets the option of a lookup join', () => {
    const advice = only(judged(named(LOOKUP), asyncCapacity).advice);
    expect(advice.changes).toMatchObject([{ key: 'table.exec.async-lookup.buffer-capacity', from: null, to: 300 }]);
    const set = { ...named(LOOKUP), configuration: { 'table.exec.async-lookup.buffer-capacity': '50' } };
    expect(only(judged(set, asyncCapacity).advice).changes).toMatchObject([{ from: '50', to: 150 }]);
  });
});
