import { describe, expect, it } from 'vitest';
import { isPageDue, wantsCounters } from '../plan/page-turns.js';
import { TASK_COUNTERS } from '../plan/vertex-metrics.js';
import { fakeJob, hex, REFUSED, work, type FakeJob } from '../testing/fake-flink-client.js';
import { nextRound, only, START_MS, watch } from '../testing/watched-cluster.js';

type Watched = ReturnType<typeof watch>;

describe('a page', () => {
  it.each([
    ['never read', undefined, 0, 100_000, true],
    ['read as the change was seen: Flink may have answered from its copy of before', 50_000, 49_000, 60_000, true],
    ['read 10 s after the last change', 60_000, 50_000, 70_000, false],
    ['read 50 s ago', 60_000, 0, 110_000, false],
    ['read 60 s ago', 60_000, 0, 120_000, true],
    ['read before the last change', 60_000, 65_000, 70_000, true],
  ])('%s', (_name, readMs, changedMs, nowMs, isDue) => {
    expect(isPageDue({ jobId: '', readMs, changedMs, nowMs, beatMs: 10_000 })).toBe(isDue);
  });

  it.each([
    [undefined, true],
    [0, false],
    [-300_000, true],
  ])('counters that were not all there at %s are asked for now: %s', (missedMs, wanted) => {
    expect(wantsCounters(missedMs, 0)).toBe(wanted);
  });
});

/** A job whose two vertices work from beat to beat, and what was asked of it in each of the rounds. */
function watchedJob(): { all: Watched; job: FakeJob; rounds: (count: number) => Promise<string[][]> } {
  const all = watch();
  const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
  for (const vertex of job.vertices) vertex.running = true;
  all.flink.jobList = [job];
  const rounds = async (count: number): Promise<string[][]> => {
    const asked: string[][] = [];
    for (let round = 0; round < count; round += 1) {
      for (const vertex of job.vertices) work(vertex, 0, 10, 0.3, 20);
      const before = all.flink.calls.length;
      await nextRound(all);
      asked.push(all.flink.calls.slice(before));
    }
    return asked;
  };
  return { all, job, rounds };
}

const countOf = (calls: readonly string[], call: string): number => calls.filter((one) => one === call).length;
const pagesIn = (asked: readonly string[][]): string =>
  asked.map((calls) => `${countOf(calls, 'job')}+${countOf(calls, 'vertex')}`).join(' ');
const samplesIn = ({ collector, clock }: Watched) =>
  only(collector.histories(clock.nowMs())).vertices.map(({ subtasks }) => subtasks[0]?.samples ?? []);

describe('a job to which nothing happens', () => {
  it('has its pages read in two beats, and then in one beat of each of its minutes, its counters in all', async () => {
    const { all, rounds } = watchedJob();
    expect(pagesIn(await rounds(14))).toBe('1+2 1+2 1+2 0+0 0+0 0+0 0+0 0+0 1+2 0+0 0+0 0+0 0+0 0+0');
    for (const samples of samplesIn(all)) {
      expect(samples).toHaveLength(14);
      expect(samples.map(({ busyMs }) => busyMs)).toEqual(samples.map((_, i) => 3_000 * (i + 1)));
      expect(
        new Set(
          samples.map(({ attempt, startMs, taskManagerId, state }) => [attempt, startMs, taskManagerId, state].join()),
        ),
      ).toHaveLength(1);
    }
    const [[source], [sink]] = samplesIn(all) as [[object], [object]];
    expect(Object.keys(source)).not.toContain('bytesIn');
    expect(Object.keys(sink)).not.toContain('bytesOut');
  });

  it('has its own page read as seldom where it is wide, its vertices in summary', async () => {
    const { job, rounds } = watchedJob();
    for (const vertex of job.vertices)
      vertex.subtasks = Array.from({ length: 150 }, () => ({ ...vertex.subtasks[0], state: 'RUNNING', attempt: 0 }));
    const asked = await rounds(14);
    expect(asked.map((calls) => countOf(calls, 'job')).join(' ')).toBe('1 1 1 0 0 0 0 0 1 0 0 0 0 0');
    for (const calls of asked.slice(1))
      expect(countOf(calls, 'vertex') + countOf(calls, 'vertexSummaries')).toBeGreaterThanOrEqual(2);
  });

  it('is known to have been read in the beats between', async () => {
    const { all, rounds } = watchedJob();
    await rounds(6);
    const { rounds: read } = only(all.collector.histories(all.clock.nowMs()));
    expect(read.map(({ ok }) => ok)).toEqual(Array.from({ length: 6 }, () => true));
    expect(new Set(read.map(({ atMs }) => atMs)).size).toBe(6);
  });
});

describe('its pages are read at once', () => {
  const changes: readonly [string, (job: FakeJob) => void][] = [
    [
      'a task restarts',
      ({ vertices: [vertex] }) => Object.assign(vertex?.subtasks[0] ?? {}, { attempt: 1, busyMs: 0, idleMs: 0 }),
    ],
    [
      'a task moves to another TaskManager',
      ({ vertices: [vertex] }) => Object.assign(vertex?.subtasks[0] ?? {}, { taskManagerId: 'tm-2' }),
    ],
    ['the job fails', (job) => (job.state = 'FAILING')],
    [
      'a vertex is given another subtask',
      ({ vertices: [vertex] }) => vertex?.subtasks.push({ state: 'RUNNING', attempt: 0 }),
    ],
  ];
  it.each(changes)('where %s', async (_what, change) => {
    const { job, rounds } = watchedJob();
    await rounds(4);
    change(job);
    const [next = []] = await rounds(1);
    expect([countOf(next, 'job'), countOf(next, 'vertex')]).toEqual([1, 2]);
  });

  it('where a counter is not among the metrics, and these are left alone for five minutes', async () => {
    const { job, all, rounds } = watchedJob();
    const [vertex] = job.vertices;
    Object.assign(vertex?.metrics ?? {}, { [`0.${TASK_COUNTERS.bytesOut}`]: undefined });
    expect(pagesIn(await rounds(6))).toBe('1+2 1+2 1+2 0+1 0+1 0+1');
    expect(samplesIn(all).map(({ length }) => length)).toEqual([6, 6]);
  });

  it('where time goes back: these are not the counters of the page', async () => {
    const { job, all, rounds } = watchedJob();
    await rounds(4);
    const [vertex] = job.vertices;
    if (vertex === undefined) throw new Error('no vertex');
    vertex.metrics = { [`0.${TASK_COUNTERS.idleMs}`]: '1' };
    expect(pagesIn(await rounds(2))).toBe('0+1 0+1');
    expect(samplesIn(all)[0]?.at(-1)).toMatchObject({ idleMs: 6 * 7_000 });
  });

  it('where the metrics cannot be read, and nothing is said to be missing', async () => {
    const { all, rounds } = watchedJob();
    await rounds(4);
    all.flink.failing.set('vertexMetrics', REFUSED);
    expect(pagesIn(await rounds(1))).toBe('0+2');
    expect(only(all.collector.histories(all.clock.nowMs())).missing).toEqual([]);
  });
});
