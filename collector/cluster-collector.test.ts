import { describe, expect, it } from 'vitest';
import { createClusterCollector } from './cluster-collector.js';
import type { RoundResult } from './collector-types.js';
import { ROWS_PER_PART } from './limits.js';
import { shareOf } from './plan/offset.js';
import { COUNTED_SUBTASKS_MAX } from './plan/page-turns.js';
import { SUMMARY_IDS } from './plan/vertex-metrics.js';
import { fakeJob, FakeFlinkClient, type FakeJob, hex, REFUSED, work } from './testing/fake-flink-client.js';
import { createManualClock, type ManualClock } from './testing/manual-clock.js';
import { checkpointOf } from './testing/store-rows.js';
import { BEAT_MS, nextRound, only, samplesOf, START_MS, watch } from './testing/watched-cluster.js';

describe('event time', () => {
  it('of vertices too wide for their counters is asked for once a minute when it moves, in every beat when it stands', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    for (const vertex of job.vertices)
      vertex.subtasks = Array.from({ length: COUNTED_SUBTASKS_MAX + 1 }, () => ({
        ...vertex.subtasks[0],
        state: 'RUNNING',
        attempt: 0,
      }));
    all.flink.jobList = [job];
    const sink = job.vertices[1];
    if (sink === undefined) throw new Error('no sink');
    const asked = async (watermarkMs: (round: number) => number): Promise<number> => {
      const before = all.flink.calls.filter((call) => call === 'vertexMetrics').length;
      for (let round = 0; round < 24; round += 1) {
        sink.metrics = { '0.currentInputWatermark': String(watermarkMs(round)) };
        work(sink, 0, 10, 0.1, 10);
        await nextRound(all);
      }
      return all.flink.calls.filter((call) => call === 'vertexMetrics').length - before;
    };
    const moving = await asked((round) => START_MS + round * BEAT_MS);
    expect(moving).toBeGreaterThanOrEqual(4);
    expect(moving).toBeLessThanOrEqual(5);
    expect(await asked(() => START_MS + 900_000)).toBeGreaterThan(10);
  });
});

describe('metrics of operators and connectors', () => {
  it('come now and then, in summary, or from the subtasks where one of them has none', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    const sink = job.vertices[1];
    if (sink === undefined) throw new Error('no sink');
    sink.running = true;
    sink.metrics = {
      '0.mailboxQueueSize': '4',
      '0.sink.numRecordsSendErrors': '7',
      '0.sink.KafkaProducer.request-latency-avg': '12.5',
      '0.sink.other': '1',
    };
    sink.summaries = { mailboxQueueSize: { min: 1, max: 4, mean: 2, sum: 8 } };
    all.flink.jobList = [job];
    for (let round = 0; round < 12; round += 1) await nextRound(all);
    const { metrics } = only(all.collector.histories(all.clock.nowMs())).vertices[1] ?? {};
    expect([...(metrics ?? [])].map(([id, readings]) => [id, readings.length, readings[0]?.max]).sort()).toEqual([
      ['mailboxQueueSize', 1, 4],
      ['sink.KafkaProducer.request-latency-avg', 1, 12.5],
      ['sink.numRecordsSendErrors', 1, 7],
    ]);
  });
});

describe('a round', () => {
  it('brings the history of every job', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS - 60_000);
    all.flink.jobList = [job];
    await all.collector.readOnce();
    work(job.vertices[1], 0, 10, 0.25, 100);
    const round = await nextRound(all);
    const history = only(all.collector.histories(all.clock.nowMs()));
    expect(history).toMatchObject({
      cluster: 'prod',
      reachable: true,
      jobName: 'orders',
      jobsOnCluster: 1,
      configuration: { 'parallelism.default': '3' },
      checkpointConfig: { intervalMs: 10_000 },
      missing: [],
    });
    expect(history.states.map((change) => change.state)).toEqual(['CREATED', 'RUNNING']);
    expect(history.rounds).toMatchObject([{ ok: true }, { ok: true }]);
    expect(samplesOf(history)).toMatchObject([{ busyMs: 0 }, { busyMs: 2_500, recordsIn: 1_000 }]);
    const row = [...round.batch.subtasks].find((one) => one.vertexId === hex('b'));
    expect(row?.figures).toMatchObject({ busyRatio: 0.25, idleRatio: 0.75, recordsInPerSecond: 100 });
    expect(all.collector.status()).toMatchObject({ reachable: true, rounds: 2, flinkVersion: { text: '1.20.3' } });
  });

  it('keeps only readings that say something new', async () => {
    const all = watch();
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS)];
    await all.collector.readOnce();
    await nextRound(all);
    expect(samplesOf(only(all.collector.histories(all.clock.nowMs())))).toHaveLength(1);
  });

  it('keeps the state of a subtask and no figures while Flink has only placeholders', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [job];
    await all.collector.readOnce();
    job.vertices[1]?.subtasks.splice(0, 1, { state: 'INITIALIZING', attempt: 1, startMs: START_MS + 5_000 });
    await nextRound(all);
    await nextRound(all);
    const samples = samplesOf(only(all.collector.histories(all.clock.nowMs())));
    expect(samples.map((sample) => [sample.state, sample.attempt])).toEqual([
      ['RUNNING', 0],
      ['INITIALIZING', 1],
    ]);
    expect(samples[1]).not.toHaveProperty('busyMs');
  });

  it('leaves out the 0 that means "not counted", and takes what the source operator counted', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    const [source, sink] = job.vertices;
    if (source === undefined || sink === undefined) throw new Error('two vertices');
    source.metrics = {
      '0.Source__src.pendingRecords': '42',
      '0.Source__src.numRecordsOut': '700',
      '0.Source__src.currentOutputWatermark': '-9223372036854775808',
    };
    sink.metrics = { '0.currentInputWatermark': '1795000000000' };
    all.flink.jobList = [job];
    await all.collector.readOnce();
    const history = only(all.collector.histories(all.clock.nowMs()));
    const read = samplesOf(history, hex('a'))[0];
    expect(read).toMatchObject({ pendingRecords: 42, recordsIn: 700 });
    expect(read).not.toHaveProperty('watermarkMs');
    expect(read).not.toHaveProperty('bytesIn');
    const written = samplesOf(history, hex('b'))[0];
    expect(written).toMatchObject({ watermarkMs: 1_795_000_000_000, recordsIn: 0 });
    expect(written).not.toHaveProperty('recordsOut');
  });

  it('accumulates the gauges of a Flink that has no accumulated times', async () => {
    const all = watch();
    all.flink.version = '1.13.6';
    const job = fakeJob(hex('1'), 'orders', START_MS);
    const vertex = job.vertices[1];
    if (vertex === undefined) throw new Error('two vertices');
    const plain = { state: 'RUNNING' as const, attempt: 0, startMs: START_MS, recordsIn: 5, recordsOut: 5 };
    vertex.subtasks = [plain];
    vertex.metrics = {
      '0.busyTimeMsPerSecond': '700.0',
      '0.idleTimeMsPerSecond': '200',
      '0.backPressuredTimeMsPerSecond': '100',
    };
    all.flink.jobList = [job];
    await all.collector.readOnce();
    const round = await nextRound(all);
    const samples = samplesOf(only(all.collector.histories(all.clock.nowMs())));
    expect(samples).toMatchObject([{ busyMs: 0 }, { busyMs: 7_000, idleMs: 2_000, backPressuredMs: 1_000 }]);
    expect([...round.batch.subtasks][0]?.figures).toMatchObject({
      busyRatio: 0.7,
      idleRatio: 0.2,
      backPressuredRatio: 0.1,
    });
    vertex.subtasks = [{ ...plain, attempt: 1 }];
    await nextRound(all);
    expect(samplesOf(only(all.collector.histories(all.clock.nowMs()))).at(-1)).toMatchObject({ attempt: 1, busyMs: 0 });
  });

  it('says which page could not be read, since when, and forgets it when it can', async () => {
    const all = watch();
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS)];
    all.flink.failing.set('checkpoints', { kind: 'unavailable', message: 'why', status: 500 });
    await all.collector.readOnce();
    await nextRound(all);
    const { missing } = only(all.collector.histories(all.clock.nowMs()));
    expect(missing).toEqual([
      {
        endpoint: '/jobs/:jobid/checkpoints',
        sinceMs: START_MS,
        failure: { kind: 'unavailable', message: 'why', status: 500 },
      },
    ]);
    all.flink.failing.clear();
    await nextRound(all);
    expect(only(all.collector.histories(all.clock.nowMs())).missing).toEqual([]);
  });
});

describe('a wide job', () => {
  const WIDE = 128;
  /** `src → v1 → … → v5`, each of parallelism 128 and calm. */
  function wideJob(): FakeJob {
    const job = fakeJob(hex('1'), 'wide', START_MS - 600_000);
    const [first] = job.vertices;
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map(hex);
    job.vertices = ids.map((vertexId) => ({
      vertexId,
      name: vertexId === hex('a') ? 'Source: src' : `v-${vertexId.slice(0, 1)}`,
      subtasks: Array.from({ length: WIDE }, () => ({ ...must(first?.subtasks[0]) })),
      metrics: vertexId === hex('a') ? { '0.Source__src.pendingRecords': '3' } : {},
      summaries: {
        ...Object.fromEntries(SUMMARY_IDS.map((id) => [id, { min: 0, max: 50, mean: 40, sum: 5120 }])),
        currentInputWatermark: { min: 1_795_000_000_000 },
        'Source__src.pendingRecords': { sum: 7000 },
      },
    }));
    job.edges = ids.slice(1).map((toVertexId, i) => ({
      fromVertexId: must(ids[i]),
      toVertexId,
      shipStrategy: 'HASH',
      blocking: false,
    }));
    return job;
  }
  const must = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('is there');
    return value;
  };
  const workAll = (job: FakeJob, busy: (vertex: number) => number): void =>
    job.vertices.forEach((vertex, index) => {
      vertex.subtasks.forEach((_, subtask) => work(vertex, subtask, 10, busy(index), 10));
    });

  it('costs at most 15 requests a beat, and 2 for the cluster, in the mean of twenty minutes', async () => {
    const all = watch();
    const job = wideJob();
    all.flink.jobList = [job];
    const requests: number[] = [];
    for (let beat = 0; beat < 120; beat += 1) {
      workAll(job, () => 0.05);
      requests.push((await nextRound(all)).requests);
    }
    const mean = requests.reduce((sum, each) => sum + each, 0) / requests.length;
    expect(mean).toBeLessThanOrEqual(15);
    const { vertices } = only(all.collector.histories(all.clock.nowMs()));
    for (const { vertexId, subtasks, readings } of vertices) {
      expect(samplesOf(only(all.collector.histories(all.clock.nowMs())), vertexId).length).toBeGreaterThanOrEqual(10);
      expect(subtasks).toHaveLength(WIDE);
      expect(readings?.length).toBeGreaterThan(80);
    }
    expect(vertices[0]?.readings?.at(-1)).toMatchObject({ busyMaxRatio: 0.05, pendingRecords: 7000 });
  });

  it('tells its lag in every beat: of its subtasks where they were read, else of the summary', async () => {
    const all = watch();
    all.flink.jobList = [wideJob()];
    const lags: (number | undefined)[] = [];
    // The subtasks of all vertices are read at first, and then in the third beat, in which the job's minute begins.
    for (let beat = 0; beat < 5; beat += 1) lags.push((await nextRound(all)).batch.jobs[0]?.figures.lagRecords);
    expect(lags).toEqual([3, 7000, 3, 7000, 7000]);
  });

  it('has the subtasks of a vertex read in every beat from the one in which its load rises', async () => {
    const all = watch();
    const job = wideJob();
    all.flink.jobList = [job];
    const beats = async (count: number, busy: (vertex: number) => number): Promise<void> => {
      for (let beat = 0; beat < count; beat += 1) {
        workAll(job, busy);
        await nextRound(all);
      }
    };
    await beats(12, () => 0.05);
    const before = samplesOf(only(all.collector.histories(all.clock.nowMs())), hex('c')).length;
    must(must(job.vertices[2]).summaries)['busyTimeMsPerSecond'] = { max: 900, mean: 800 };
    await beats(6, (vertex) => (vertex === 2 ? 0.9 : 0.05));
    const after = samplesOf(only(all.collector.histories(all.clock.nowMs())), hex('c')).length;
    expect(after - before).toBeGreaterThanOrEqual(5);
  });

  it('and of a vertex that somebody looks at', async () => {
    const all = watch();
    const job = wideJob();
    all.flink.jobList = [job];
    for (let beat = 0; beat < 3; beat += 1) await nextRound(all);
    all.collector.focus(hex('1'), [hex('d')]);
    const before = samplesOf(only(all.collector.histories(all.clock.nowMs())), hex('d')).length;
    for (let beat = 0; beat < 4; beat += 1) {
      workAll(job, () => 0.05);
      await nextRound(all);
    }
    expect(samplesOf(only(all.collector.histories(all.clock.nowMs())), hex('d')).length - before).toBe(4);
  });
});

describe('TaskManagers', () => {
  const manager = (id: string) => ({
    taskManagerId: id,
    host: 'h',
    slots: 2,
    slotsFree: 0,
    lastHeartbeatMs: START_MS,
    cpuCores: 2,
    memory: {},
  });

  it('that vanish are marked with when, and those that stay are not', async () => {
    const all = watch();
    const sample = { atMs: START_MS, heapUsedBytes: 50, heapMaxBytes: 100, collectors: [] };
    all.flink.managers = [{ manager: manager('tm-1'), sample }, { manager: manager('tm-2') }];
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS)];
    const first = await all.collector.readOnce();
    expect(first.batch.taskManagers).toMatchObject([{ taskManagerId: 'tm-1', figures: { heapUsedRatio: 0.5 } }]);
    all.flink.managers = [{ manager: manager('tm-2') }];
    await nextRound(all);
    const { taskManagers } = only(all.collector.histories(all.clock.nowMs()));
    expect(taskManagers).toMatchObject([
      { taskManagerId: 'tm-1', goneMs: START_MS + BEAT_MS, samples: [{ heapUsedBytes: 50, cpuTimeSeconds: 2.5 }] },
      { taskManagerId: 'tm-2', samples: [] },
    ]);
    expect(taskManagers[1]).not.toHaveProperty('goneMs');
  });

  it('that vanish while nothing happens to a job are missed at once, and listed no more a beat later', async () => {
    const all = watch();
    all.flink.managers = [{ manager: manager('tm-1') }, { manager: manager('tm-2') }];
    await nextRound(all);
    all.flink.managers = [{ manager: manager('tm-2') }];
    for (let beat = 0; beat < 2; beat += 1) await nextRound(all);
    all.flink.jobList = [fakeJob(hex('1'), 'orders', START_MS)];
    await nextRound(all);
    const { taskManagers } = only(all.collector.histories(all.clock.nowMs()));
    expect(taskManagers.map(({ goneMs }) => goneMs)).toEqual([START_MS + 3 * BEAT_MS, undefined]);
  });
});

describe('checkpoints', () => {
  it('are kept longer than Flink does, with the phases of the slow ones', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [job];
    job.checkpoints = [checkpointOf(1, START_MS, { durationMs: 5_000, latestAckMs: START_MS + 5_000 })];
    const first = await all.collector.readOnce();
    job.checkpoints = [checkpointOf(2, START_MS + 9_000, { durationMs: 20 })];
    const second = await nextRound(all);
    const { checkpoints } = only(all.collector.histories(all.clock.nowMs()));
    expect(checkpoints.map((one) => [one.id, one.details?.length])).toEqual([
      [1, 2],
      [2, undefined],
    ]);
    expect(first.batch.checkpoints.map((row) => row.checkpoint.id)).toEqual([1, 1]);
    expect(second.batch.checkpoints.map((row) => row.checkpoint.id)).toEqual([2]);
    expect(first.batch.jobs[0]?.figures.checkpointDurationMs).toBe(5_000);
  });
});

describe('a cluster that vanishes and returns', () => {
  it('is not reachable, keeps what was known, and goes on', async () => {
    const all = watch();
    const job = fakeJob(hex('1'), 'orders', START_MS);
    all.flink.jobList = [job];
    await all.collector.readOnce();
    all.flink.down = REFUSED;
    all.flink.calls.length = 0;
    const lost = await nextRound(all);
    expect(lost).toMatchObject({ ok: false, failure: REFUSED, requests: 1 });
    expect(all.flink.calls).toEqual(['jobs']);
    expect(all.collector.status()).toMatchObject({ reachable: false, failure: REFUSED, lastReadMs: START_MS });
    const meanwhile = only(all.collector.histories(all.clock.nowMs()));
    expect(meanwhile).toMatchObject({ reachable: false, failure: REFUSED });
    expect(meanwhile.detail.state).toBe('RUNNING');
    expect(meanwhile.rounds.map((round) => round.ok)).toEqual([true, false]);
    all.flink.down = undefined;
    work(job.vertices[1], 0, 20, 0.5, 10);
    expect((await nextRound(all)).ok).toBe(true);
    const back = only(all.collector.histories(all.clock.nowMs()));
    expect(back.reachable).toBe(true);
    expect(back).not.toHaveProperty('failure');
    expect(samplesOf(back)).toHaveLength(2);
  });

  it('is asked ever more rarely, up to a limit, and at once in its old beat when it is back', async () => {
    const { clock, flink, collector } = watch();
    flink.down = REFUSED;
    const beats: number[] = [];
    collector.onRound(() => beats.push((clock.nowMs() - START_MS) / 1000));
    collector.start();
    await clock.advance(600_000);
    expect(beats).toEqual([0, 10, 30, 70, 150, 270, 390, 510]);
    flink.down = undefined;
    await clock.advance(50_000);
    expect(beats.slice(8)).toEqual([630, 640, 650]);
    await collector.stop();
    expect(flink.isClosed).toBe(true);
  });
});

describe('the rows of a large round', () => {
  const WIDE = ROWS_PER_PART / 4;
  /** Ten whose minutes begin in one beat: those of other jobs are read in other beats. */
  const ids = Array.from({ length: 100 }, (_, i) => i.toString(16).padStart(32, '0'))
    .filter((id) => shareOf(id) < 1 / 6)
    .slice(0, 10);

  /** Rounds until every subtask was read twice; rows that came in parts, and with the rounds. */
  async function rowsOfRounds(listens: boolean): Promise<{ readonly parts: number[]; readonly withRounds: number }> {
    const all = watch();
    all.flink.jobList = ids.map((id) => fakeJob(id, id, START_MS - 60_000));
    const sinks = all.flink.jobList.flatMap(({ vertices }) => vertices[1] ?? []);
    for (const sink of sinks) sink.subtasks = sink.subtasks.slice(0, 1).flatMap((one) => Array(WIDE).fill(one));
    const parts: number[] = [];
    if (listens) all.collector.onPart(({ subtasks }) => parts.push(subtasks.length));
    let withRounds = 0;
    for (let round = 0; round < 8; round += 1) {
      for (const sink of sinks) for (let subtask = 0; subtask < WIDE; subtask += 1) work(sink, subtask, 10, 0.1, 10);
      withRounds += (await nextRound(all)).batch.subtasks.length;
    }
    return { parts, withRounds };
  }

  it('come in parts to whoever listens, each row once, jobs whole', async () => {
    const listening = await rowsOfRounds(true);
    const other = await rowsOfRounds(false);
    const inParts = listening.parts.reduce((sum, rows) => sum + rows, 0);
    expect(listening.parts.length).toBeGreaterThan(1);
    expect(Math.min(...listening.parts)).toBeGreaterThanOrEqual(ROWS_PER_PART);
    expect(Math.max(...listening.parts)).toBeLessThan(2 * ROWS_PER_PART);
    expect(inParts + listening.withRounds).toBe(other.withRounds);
    expect(listening.withRounds).toBeLessThan(other.withRounds);
  });
});

describe('the loop', () => {
  it('keeps its beat and ends when told', async () => {
    const lags: number[] = [];
    const { clock, collector } = watch({ observer: { onLag: (_name, seconds) => lags.push(seconds) } });
    let rounds = 0;
    collector.onRound(() => (rounds += 1));
    collector.start();
    await clock.advance(35_000);
    expect(rounds).toBe(4);
    expect(lags).toEqual([0, 0, 0, 0]);
    await collector.stop();
    await clock.advance(60_000);
    expect(rounds).toBe(4);
    expect(clock.sleepers).toBe(0);
  });

  it('reads apart from others that start with it, by its share of a beat, and keeps its beat from then on', async () => {
    const { clock, collector } = watch();
    const atSeconds: number[] = [];
    collector.onRound(() => void atSeconds.push((clock.nowMs() - START_MS) / 1000));
    collector.start(0.4);
    await clock.advance(30_000);
    expect(atSeconds).toEqual([0, 6, 16, 26]);
    await collector.stop();
  });

  it('keeps its place in the beat after a first round that is longer than a beat', async () => {
    const { clock, flink, collector } = watch();
    const startSeconds: number[] = [];
    let open = (): void => undefined;
    flink.gate = new Promise((resolve) => (open = resolve));
    collector.onRound(({ atMs, durationMs }) => void startSeconds.push((atMs - durationMs - START_MS) / 1000));
    collector.start(0.4);
    await clock.advance(17_000);
    open();
    await clock.advance(30_000);
    expect(startSeconds).toEqual([0, 26, 36, 46]);
    await collector.stop();
  });

  it('outlives a listener that throws', async () => {
    const bugs: string[] = [];
    const { clock, collector } = watch({ onBug: (error) => bugs.push(error.message) });
    collector.onRound(() => {
      throw new Error('listener');
    });
    let rounds = 0;
    collector.onRound(() => (rounds += 1));
    collector.start();
    await clock.advance(15_000);
    expect(rounds).toBe(2);
    expect(bugs).toEqual(['listener', 'listener']);
    await collector.stop();
  });

  it('of one slow cluster delays no other', async () => {
    const clock: ManualClock = createManualClock(START_MS);
    const slow = new FakeFlinkClient(clock);
    slow.gate = new Promise(() => undefined);
    const quick = new FakeFlinkClient(clock);
    const collectors = [slow, quick].map((client, index) =>
      createClusterCollector({ name: String(index), client, clock, maxRequestsPerSecond: 1_000 }),
    );
    for (const collector of collectors) collector.start();
    await clock.advance(30_000);
    expect(collectors.map((collector) => collector.status().rounds)).toEqual([0, 4]);
  });

  it('stretches when the budget is short, and says so', async () => {
    const { clock, flink, collector } = watch({ maxRequestsPerSecond: 2 });
    flink.jobList = ['1', '2', '3', '4'].map((digit) => fakeJob(hex(digit), `job ${digit}`, START_MS));
    const rounds: RoundResult[] = [];
    collector.onRound((round) => rounds.push(round));
    collector.start();
    await clock.advance(120_000);
    const [, second] = rounds;
    if (second === undefined) throw new Error('two rounds');
    expect(second.requests).toBeGreaterThan(20);
    expect(second.durationMs).toBeGreaterThanOrEqual((second.requests / 2 - 2) * 1000);
    expect(collector.status().stretchedToMs).toBe((rounds.at(-1)?.requests ?? 0) * 500);
    expect(collector.status().requestsPerMinute).toBeLessThanOrEqual(150);
    await collector.stop();
  });
});
