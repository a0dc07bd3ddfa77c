import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, redeployed, START_MS, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { bpExternalWait } from './bp-external-wait.js';

const starved: JobSpec = {
  ...job.SLOW_LOOKUP,
  taskManagers: [{ cores: 0.13, gcRatio: 0.02, youngPerSecond: 0.2 }],
  checkpoints: Array.from({ length: 5 }, () => ({ phases: { src: { sync: 300 }, map: { start: 40 } } })),
};
const cores = (used: number): JobSpec => ({ ...job.SLOW_LOOKUP, taskManagers: [{ cores: used, hostCores: 8 }] });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a lookup that waits (L03)', job.SLOW_LOOKUP, 'warning map'],
  ['fires on an aggregation that waits (L54)', job.TOO_SLOW, 'warning agg'],
  [
    'is critical when the source is minutes behind',
    vary(job.SLOW_LOOKUP, { vertices: { src: { lag: [200_000, 200] } } }),
    'critical map',
  ],
  [
    'fires without a lag that is told: pressure is enough',
    vary(job.SLOW_LOOKUP, { vertices: { src: { lag: () => 0 } } }),
    'warning map',
  ],
  ['fires from 60 % of the busy time without CPU', cores(0.8), 'warning map'],
  ['is quiet just below: 55 %', cores(0.92), 'clear'],
  ['is quiet on plain computing', job.CPU_BOUND, 'clear'],
  ['is quiet on a starved machine, where waiting for a core looks the same (fact 17)', starved, 'clear'],
  ['is quiet when CPU time is not told', { ...job.SLOW_LOOKUP, taskManagers: [{ cores: 'unknown' }] }, 'clear'],
  ['leaves garbage collection to its own rule', job.GC_PRESSURE, 'clear'],
  ['leaves a hot key to its own rule', job.HOT_KEY, 'clear'],
  ['leaves a non-parallel operator to its own rule', job.WINDOW_ALL, 'clear'],
  ['is quiet while a backlog is worked off (L55)', job.CATCHING_UP, 'clear'],
  [
    'is quiet when nothing waits for it and the lag stands',
    vary(job.SLOW_LOOKUP, { vertices: { map: { busy: 0.97 }, src: { bp: 0, lag: [4, 0] } } }),
    'clear',
  ],
  [
    'is quiet when async work has room (L21)',
    vary(job.SLOW_LOOKUP, { vertices: { map: { busy: 0.01 }, src: { bp: 0, lag: [1, 0] } } }),
    'clear',
  ],
  ['is skipped for a batch job', { ...job.SLOW_LOOKUP, batch: true }, BATCH],
  ['is skipped while tasks wait for slots', { ...job.SLOW_LOOKUP, tasks: 'SCHEDULED' }, NOT_RUNNING],
  ['is skipped in the first half minute', { ...job.SLOW_LOOKUP, samples: 3 }, WARMING_UP],
];

describe('bp-external-wait', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, bpExternalWait);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [bpExternalWait])).toEqual([]);
  });

  it('tells the wait per record', () => {
    expect(only(judged(job.SLOW_LOOKUP, bpExternalWait).findings).title.en).toBe(
      'map waits for something outside: 5 ms per record',
    );
    const quick = vary(job.SLOW_LOOKUP, { vertices: { map: { in: 2000 }, src: { out: 2000 } } });
    expect(only(judged(quick, bpExternalWait).findings).title.en).toBe(
      'map waits for something outside: 0.5 ms per record',
    );
  });

  it('sizes the vertex for what arrives at 70 %, under the condition that the outside has room', () => {
    const advice = only(judged(job.SLOW_LOOKUP, bpExternalWait).advice);
    expect(advice.changes).toMatchObject([{ vertexId: 'map', from: 2, to: 5, unit: 'subtasks' }]);
    expect(advice.diffs.cli).toBe('-D pipeline.jobvertex-parallelism-overrides=map:5');
    expect(must(advice.prerequisites[0]).en).toContain('takes 600 requests/s (now 400)');
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toContain('asynchronous I/O or batched requests');
  });

  it('follows the readings: half the waiting time, fewer subtasks', () => {
    const faster = vary(job.SLOW_LOOKUP, { vertices: { src: { out: 250, lag: [1000, 0] }, map: { in: 250 } } });
    expect(only(judged(faster, bpExternalWait).advice).changes).toMatchObject([{ from: 2, to: 3 }]);
  });

  it('goes one step at most where no source tells how much waits', () => {
    const { src: _told, ...rest } = job.SLOW_LOOKUP.vertices;
    const blind: JobSpec = { vertices: { src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 200 }, ...rest } };
    const advice = only(judged(blind, bpExternalWait).advice);
    expect(advice.changes).toMatchObject([{ from: 2, to: 4 }]);
    expect(advice.prerequisites.map(({ en }) => en).join()).toContain('one step (at most double)');
    expect(advice.expected.map(({ metric }) => metric)).toEqual(['recordsInPerSecond']);
  });

  it('never sizes beyond the key groups, and asks for async I/O when they are used up', () => {
    const full = vary(job.TOO_SLOW, { vertices: { agg: { maxParallelism: 2 } } });
    const advice = only(judged(full, bpExternalWait).advice);
    expect(advice).toMatchObject({ kind: 'code', diffs: {} });
    expect(only(advice.changes).to).toContain('AsyncDataStream.unorderedWait');
  });

  it('after a scale-out without gain advises no parallelism (Z05)', () => {
    const advice = only(judge(scaledOutInVain(278), [bpExternalWait]).advice);
    expect(advice.kind).toBe('code');
    expect(advice.title.en).toContain('it is at its own limit');
    expect(advice.rejected.map(({ why }) => why.en)).toEqual([
      'it was tried: a scale-out within the kept history served no more records',
      'more requests at once meet the same limit',
    ]);
  });

  it('advises a vertex that only writes to write together first, and names the size as the second choice', () => {
    const { map: slow, sink: _sink, ...rest } = job.SLOW_LOOKUP.vertices;
    const spec: JobSpec = { ...job.SLOW_LOOKUP, vertices: { ...rest, 'orders: Writer': { ...must(slow) } } };
    const advice = only(judged(spec, bpExternalWait).advice);
    expect(advice.kind).toBe('sink');
    expect(advice.title.en).toBe('Let orders: Writer write 3 or more records per request');
    expect(advice.changes.filter(({ unit }) => unit === 'subtasks')).toEqual([]);
    expect(only(advice.rejected).alternative.en).toBe('parallelism 5');
  });

  it('after a scale-out that helped advises the next step', () => {
    expect(only(judge(scaledOutInVain(600), [bpExternalWait]).advice).kind).toBe('parallelism');
  });
});

/** Z05: two sink subtasks served 320/s; then four of them serve `perSecond`. */
function scaledOutInVain(perSecond: number): ReturnType<typeof historyOf> {
  const era = (parallelism: number, served: number, startMs: number): JobSpec => ({
    startMs,
    samples: 18,
    vertices: {
      src: { parallelism: 2, busy: 0.02, bp: 0.97, out: served / 2, lag: [27_000, 900 - served] },
      sink: { parallelism, inputs: { src: 'REBALANCE' }, busy: 1, in: served / parallelism },
    },
  });
  return redeployed(historyOf(era(2, 320, START_MS)), historyOf(era(4, perSecond, START_MS + 200_000)));
}
