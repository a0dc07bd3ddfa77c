import { describe, expect, it } from 'vitest';
import { createFlinkClientOver } from '../flink/client.js';
import { answered, BEGIN_MS } from '../testing/recorded.js';
import type { BundleHeader } from './format.js';
import type { BundleAnswer, BundleRound } from './read-bundle.js';
import { createReplay } from './replay.js';

const JOB = 'a'.repeat(32);
const VERTEX = 'b'.repeat(32);
const PAGE = `/jobs/${JOB}/vertices/${VERTEX}`;

const header: BundleHeader = {
  weirBundle: 1,
  weir: '1.2.3',
  cluster: 'c',
  url: 'http://jm:8081',
  prefixBytes: 7,
  startMs: BEGIN_MS,
  intervalMs: 10_000,
  maxRequestsPerSecond: 20,
  simulated: false,
};

function replayOf(...answers: readonly BundleAnswer[]) {
  const replay = createReplay(header);
  const round: BundleRound = { round: 1, startMs: BEGIN_MS + 100, endMs: BEGIN_MS + 900, ok: true, answers };
  replay.load(round);
  return { ...replay, load: (next: BundleRound) => replay.load(next), client: createFlinkClientOver(replay.transport) };
}

const at = (path: string, body: unknown, ms: number): BundleAnswer => ({
  path,
  reading: answered(body, BEGIN_MS + ms),
});

describe('a replay', () => {
  it('answers in the recorded order and moves the clock to each answer, whatever is asked first', async () => {
    const { clock, transport } = replayOf(at('/b', 1, 200), at('/a', 2, 300), at('/c', 3, 400));
    const seen: (readonly [string, number])[] = [];
    const ask = async (path: string): Promise<void> => {
      await transport.read('/overview', path);
      seen.push([path, clock.nowMs() - BEGIN_MS]);
    };
    expect(clock.nowMs()).toBe(BEGIN_MS + 100);
    await Promise.all([ask('/a').then(() => ask('/c')), ask('/b')]);
    // With its last answer a round is over.
    expect(seen).toEqual([
      ['/b', 200],
      ['/a', 300],
      ['/c', 900],
    ]);
  });

  it('never turns the clock back', async () => {
    const { clock, transport } = replayOf(at('/a', 1, 700), at('/b', 2, 200), at('/c', 3, 800));
    await transport.read('/overview', '/a');
    await transport.read('/overview', '/b');
    expect(clock.nowMs()).toBe(BEGIN_MS + 700);
  });

  it('gives a path asked twice its two answers, and the last one to a third', async () => {
    const { transport } = replayOf(at('/a', 1, 200), at('/a', 2, 300));
    const read = async () => {
      const reading = await transport.read('/overview', '/a');
      return reading.ok ? reading.value : undefined;
    };
    expect([await read(), await read(), await read()]).toEqual(['1', '2', '2']);
  });

  it('gives the last answer before, with its time, for a page that was asked in an earlier round only', async () => {
    const replay = replayOf(at('/config', 1, 200), at('/a', 2, 300));
    replay.load({
      round: 2,
      startMs: BEGIN_MS + 10_000,
      endMs: BEGIN_MS + 10_100,
      ok: true,
      answers: [at('/a', 3, 10_050)],
    });
    expect(await replay.transport.read('/overview', '/config')).toEqual(answered(1, BEGIN_MS + 200));
    expect(await replay.transport.read('/overview', '/never')).toMatchObject({ failure: { kind: 'unavailable' } });
  });

  it('gives failures as they were', async () => {
    const failed = { kind: 'timeout', message: 'too slow' } as const;
    const { client } = replayOf({ path: '/overview', reading: { ok: false, failure: failed, atMs: BEGIN_MS } });
    expect(await client.overview()).toEqual({ ok: false, failure: failed, atMs: BEGIN_MS });
  });

  it('says of a page that was not asked that it was not, and never that it is gone', async () => {
    const { client } = replayOf(at('/overview', {}, 200));
    expect(await client.checkpoints(JOB)).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable', message: expect.stringContaining('not asked') as string },
    });
  });
});

describe('metrics asked in another way than they were recorded', () => {
  const values = at(`${PAGE}/metrics?get=0.a,1.a,0.b%20c`, [
    { id: '0.a', value: '1' },
    { id: '1.a', value: '2' },
    { id: '0.b c', value: '3' },
  ], 200); // prettier-ignore
  const summaries = at(`${PAGE}/subtasks/metrics?get=a,b`, [
    { id: 'a', min: 1, max: 3 },
    { id: 'b', min: 2, max: 4 },
  ], 300); // prettier-ignore

  it('are put together from what there is', async () => {
    const { client } = replayOf(values, summaries);
    const reading = await client.vertexMetrics(JOB, VERTEX, ['0.b c', '1.a', '9.z']);
    expect(reading.ok && [...reading.value]).toEqual([
      ['0.b c', '3'],
      ['1.a', '2'],
    ]);
  });

  it('with other statistics, as before Weir named those it wants, and after', async () => {
    const before = await replayOf(summaries).client.vertexSummaries(JOB, VERTEX, ['a', 'b']);
    const named = { ...summaries, path: `${summaries.path}&agg=min,max,avg,sum` };
    const after = await replayOf(named).client.vertexSummaries(JOB, VERTEX, ['a', 'b']);
    expect(before.ok && before.value.size).toBe(2);
    expect(after.atMs).toBe(before.atMs);
    expect(after.ok && after.value).toEqual(before.ok && before.value);
  });

  it('over all subtasks are empty when one is not there, as Flink has it', async () => {
    const { client } = replayOf(values, summaries);
    const one = await client.vertexSummaries(JOB, VERTEX, ['b']);
    const more = await client.vertexSummaries(JOB, VERTEX, ['b', 'z']);
    expect(one.ok && one.value.get('b')).toEqual({ min: 2, max: 4 });
    expect(more.ok && more.value.size).toBe(0);
  });

  it('of a page that was never asked are a failure', async () => {
    const { client } = replayOf(values);
    expect(await client.jobMetrics(JOB, ['numRestarts'])).toMatchObject({ ok: false });
  });
});
