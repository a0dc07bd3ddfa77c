import { describe, expect, it } from 'vitest';
import { FIXTURE_VERSIONS, fixtureText, type FixtureVersion } from '../../testing/fixtures.js';
import { hasAccumulatedTimes } from '../capabilities.js';
import { parseJson, type Decoded } from './body.decode.js';
import { decodeCheckpointConfig } from './checkpoint-config.decode.js';
import { decodeCheckpointDetails } from './checkpoint-details.decode.js';
import { decodeCheckpointSubtasks } from './checkpoint-subtasks.decode.js';
import { decodeCheckpoints } from './checkpoints.decode.js';
import { decodeClusterConfig } from './cluster-config.decode.js';
import { decodeConfiguration } from './configuration.decode.js';
import { decodeExceptions } from './exceptions.decode.js';
import { decodeJobConfig } from './job-config.decode.js';
import { decodeJob } from './job.decode.js';
import { decodeJobsOverview } from './jobs-overview.decode.js';
import { decodeMetricIds, decodeMetricValues } from './metrics.decode.js';
import { decodeOverview } from './overview.decode.js';
import { decodeRescales, decodeResourceRequirements } from './rescaling.decode.js';
import { decodeTaskManagerDetails, decodeTaskManagers } from './taskmanager.decode.js';
import { decodeVertex } from './vertex.decode.js';

const AT_MS = 1_795_252_000_000;

function read<T>(version: FixtureVersion, name: string, decode: (body: unknown, atMs: number) => Decoded<T>): T {
  const json = parseJson(fixtureText(version, name));
  const decoded = json.ok ? decode(json.value, AT_MS) : json;
  if (!decoded.ok) throw new Error(`${version}/${name}: ${decoded.problem}`);
  return decoded.value;
}

const from = (first: string): readonly FixtureVersion[] =>
  FIXTURE_VERSIONS.filter(
    (version) => Number(version.split('.')[1]) >= Number(first.split('.')[1]) || version[0] === '2',
  );

describe.each(FIXTURE_VERSIONS)('answers of Flink %s', (version) => {
  it('overview and config say the version and the size', () => {
    const overview = read(version, 'overview', decodeOverview);
    expect(overview.flinkVersion.text).toBe(version);
    expect(overview).toMatchObject({ taskManagers: 1, slotsTotal: 8, slotsAvailable: 8, jobsRunning: 0 });
    const config = read(version, 'config', decodeClusterConfig);
    expect(config).toMatchObject({ isHistoryServer: false, refreshIntervalMs: 3000 });
    expect(config.flinkVersion).toMatchObject({ major: Number(version[0]), text: version });
  });

  it('jobs/overview lists jobs with their states', () => {
    const jobs = read(version, 'jobs-overview', decodeJobsOverview);
    const running = jobs.find((job) => job.name === 'mix job');
    expect(running).toMatchObject({ state: 'RUNNING', tasks: { RUNNING: 10, FINISHED: 2 } });
    expect(running).not.toHaveProperty('endMs');
    expect(jobs.find((job) => job.name === 'slow init')?.state).toBe('CANCELED');
  });

  it('a running job has its vertices, edges and state times', () => {
    const job = read(version, 'job-mix', decodeJob);
    expect(job).toMatchObject({
      name: 'mix job',
      state: 'RUNNING',
      type: version === '1.13.6' ? 'UNKNOWN' : 'STREAMING',
    });
    expect(job).not.toHaveProperty('maxParallelism');
    expect(job.vertices.map((vertex) => vertex.parallelism)).toEqual([2, 2, 2]);
    expect(job.edges.map((edge) => edge.shipStrategy)).toEqual(['REBALANCE', 'REBALANCE', 'HASH', 'HASH', 'HASH']);
    expect(job.edges.every((edge) => !edge.blocking)).toBe(true);
    expect(job.stateSinceMs.RUNNING).toBeGreaterThan(job.startMs);
    expect(job.stateSinceMs).not.toHaveProperty('FAILED');
    const source = job.vertices.find((vertex) => vertex.name === 'Source: orders');
    expect(source?.recordsOut).toBeGreaterThan(0);
  });

  it('an initialising job has no vertices yet', () => {
    const job = read(version, 'job-INITIALIZING', decodeJob);
    expect(job).toMatchObject({ state: 'INITIALIZING', vertices: [], edges: [] });
  });

  it('a restarting job is RESTARTING with the dead attempt', () => {
    const job = read(version, 'job-crash-RESTARTING', decodeJob);
    expect(job.state).toBe('RESTARTING');
    const vertex = read(version, 'vertex-crash-RESTARTING', decodeVertex);
    for (const subtask of vertex.subtasks) expect(['FAILED', 'CANCELED', 'CANCELING']).toContain(subtask.state);
  });

  it('subtasks carry counts, and accumulated times where this Flink has them', () => {
    const vertex = read(version, 'vertex-keyed-agg-v-a-b', decodeVertex);
    expect(vertex).toMatchObject({ parallelism: 2, maxParallelism: 128 });
    expect(vertex.subtasks.map((subtask) => subtask.subtask)).toEqual([0, 1]);
    for (const subtask of vertex.subtasks) {
      expect(subtask).toMatchObject({ state: 'RUNNING', attempt: 0, atMs: AT_MS });
      expect(subtask.recordsIn).toBeGreaterThan(0);
      expect(subtask.taskManagerId).toMatch(/^localhost:/);
      expect(subtask.runningSinceMs).toBeGreaterThanOrEqual(subtask.startMs ?? Infinity);
      expect(subtask.busyMs === undefined).toBe(version === '1.13.6');
      expect(subtask).not.toHaveProperty('watermarkMs');
    }
    expect(hasAccumulatedTimes(vertex)).toBe(version !== '1.13.6');
  });

  it('a legacy source has no busy time, because Flink says "NaN"', () => {
    const vertex = read(version, 'vertex-source-legacy-time', decodeVertex);
    for (const subtask of vertex.subtasks) expect(subtask).not.toHaveProperty('busyMs');
    expect(hasAccumulatedTimes(vertex)).toBe(version !== '1.13.6');
  });

  it('checkpoints, newest first', () => {
    const stats = read(version, 'checkpoints', decodeCheckpoints);
    if (version === '1.13.6') {
      expect(stats).toEqual({ counts: { total: 0, completed: 0, failed: 0, inProgress: 0, restored: 0 }, history: [] });
      return;
    }
    const ids = stats.history.map((checkpoint) => checkpoint.id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    const done = stats.history.find((checkpoint) => checkpoint.status === 'COMPLETED');
    expect(done).toMatchObject({ isSavepoint: false, subtasks: 12, acknowledgedSubtasks: 12 });
    expect(done?.checkpointedSizeBytes).toBeGreaterThan(0);
    expect(done?.durationMs).toBeGreaterThan(0);
    const failed = stats.history.find((checkpoint) => checkpoint.status === 'FAILED');
    expect(failed === undefined || (failed.failureMs ?? 0) > failed.triggerMs).toBe(true);
  });

  it('checkpoint settings', () => {
    expect(read(version, 'checkpoints-config', decodeCheckpointConfig)).toMatchObject({
      mode: 'exactly_once',
      intervalMs: 5000,
      timeoutMs: 600_000,
      unaligned: false,
      stateBackend: 'HashMapStateBackend',
      externalized: false,
    });
  });

  it('the exception history keeps the cause below its wrapper', () => {
    const { exceptions, isHistory } = read(version, 'exceptions-history', decodeExceptions);
    expect(isHistory).toBe(true);
    expect(exceptions[0]).toMatchObject({ exceptionName: 'org.apache.flink.runtime.JobException', concurrent: false });
    expect(exceptions[0]).not.toHaveProperty('taskName');
    expect(exceptions[1]).toMatchObject({ exceptionName: 'java.lang.IllegalStateException', concurrent: true });
    expect(exceptions[1]?.taskName).toMatch(/^boom/);
    expect(read(version, 'exceptions-empty', decodeExceptions).exceptions).toEqual([]);
  });

  it('while restarting the cause is known, from the older fields where the history is still empty', () => {
    const { exceptions, isHistory } = read(version, 'exceptions-crash-RESTARTING', decodeExceptions);
    expect(isHistory).toBe(version === '1.20.3' || version === '2.3.0');
    expect(exceptions[0]).toMatchObject({ exceptionName: 'java.lang.IllegalStateException' });
    expect(exceptions[0]?.stacktrace).toContain('injected failure');
  });

  it('metric texts and ids', () => {
    expect(read(version, 'job-metrics-values', decodeMetricValues).get('numRestarts')).toBe('0');
    const indexed = read(version, 'vertex-metrics-indexed', decodeMetricValues);
    expect([...indexed.keys()]).toContain('1.numRecordsIn');
    expect(read(version, 'agg-metrics-list-source', decodeMetricIds)).toContain('Source__orders.numRecordsOut');
  });

  it('TaskManagers with their memory budget and readings', () => {
    const [manager] = read(version, 'taskmanagers', decodeTaskManagers);
    expect(manager).toMatchObject({ host: 'localhost', slots: 8, slotsFree: 6, cpuCores: 2 });
    expect(manager?.memory.totalProcessBytes).toBe(1_258_291_200);
    expect(manager?.memory.jvmMetaspaceBytes).toBe(268_435_456);
    const { sample } = read(version, 'taskmanager-details', decodeTaskManagerDetails);
    expect(sample?.heapMaxBytes).toBe(260_046_848);
    expect(sample?.networkSegmentsTotal).toBe(2406);
    expect(sample?.collectors.map((collector) => collector.name)).toEqual(['G1_Young_Generation', 'G1_Old_Generation']);
  });

  it('configuration of the cluster and of the job', () => {
    expect(read(version, 'jobmanager-config', decodeConfiguration)).toMatchObject({ 'parallelism.default': '2' });
    expect(read(version, 'job-config', decodeJobConfig)).toMatchObject({ parallelism: 2, objectReuse: false });
  });
});

describe('answers with placeholders', () => {
  it.each(['1.17.2', '1.20.3'] as const)('%s: figures are missing while they are not complete', (version) => {
    const job = read(version, 'job-RUNNING-vertices-initializing', decodeJob);
    for (const vertex of job.vertices) expect(vertex).not.toHaveProperty('recordsIn');
  });

  it('a vertex that never started has no start', () => {
    const job = read('1.20.3', 'job-RUNNING-vertices-initializing', decodeJob);
    expect(job.vertices[0]).not.toHaveProperty('startMs');
  });

  it.each(['1.13.6', '1.17.2', '1.20.3'] as const)('%s: a deploying subtask has a state and no figures', (version) => {
    const vertex = read(version, 'vertex-deploying', decodeVertex);
    const waiting = vertex.subtasks.filter((subtask) => subtask.state !== 'RUNNING');
    expect(waiting.length).toBeGreaterThan(0);
    for (const subtask of waiting) expect(subtask).not.toHaveProperty('runningSinceMs');
  });

  it.each(['1.20.3', '2.3.0'] as const)('%s: an adaptive job without slots has vertices and no subtasks', (version) => {
    expect(read(version, 'job-starve-CREATED-adaptive', decodeJob).state).toBe('CREATED');
    expect(read(version, 'vertex-starve-CREATED-adaptive', decodeVertex).subtasks).toEqual([]);
  });
});

describe('an adaptive scheduler', () => {
  it.each(['1.20.3', '2.3.0'] as const)('%s: says what each vertex may have', (version) => {
    const requirements = read(version, 'resource-requirements', decodeResourceRequirements);
    expect([...requirements.values()]).toEqual(Array(3).fill({ lower: 1, upper: 4 }));
    expect([...requirements.keys()][0]).toBe('0a448493b4782967b150582570326227');
  });

  it('a bound that was left to Flink is no number', () => {
    const body = { [`${'a'.repeat(32)}`]: { parallelism: { lowerBound: -1, upperBound: -1 } } };
    const decoded = decodeResourceRequirements(body);
    expect(decoded.ok && [...decoded.value.values()]).toEqual([{ lower: 1 }]);
  });

  it('2.3.0: tells its rescales, oldest first', () => {
    const rescales = read('2.3.0', 'rescales-history', decodeRescales);
    expect(rescales.map(({ cause, outcome }) => `${cause} ${outcome}`)).toEqual([
      'INITIAL_SCHEDULE COMPLETED',
      'UPDATE_REQUIREMENT IGNORED',
      'UPDATE_REQUIREMENT IGNORED',
      'UPDATE_REQUIREMENT IGNORED',
      'UPDATE_REQUIREMENT COMPLETED',
    ]);
    expect(rescales.at(-1)).toMatchObject({
      startMs: 1_795_250_807_594,
      endMs: 1_795_250_808_318,
      reason: 'SUCCEEDED',
    });
  });
});

describe('batch jobs', () => {
  it.each(['1.13.6', '1.17.2', '2.3.0'] as const)('%s: a blocking exchange is marked', (version) => {
    const job = read(version, 'job-batch-RUNNING', decodeJob);
    expect(job.edges).toMatchObject([{ shipStrategy: 'HASH', blocking: true }]);
  });

  it('1.17.2: a vertex whose parallelism is not decided yet has none', () => {
    const job = read('1.17.2', 'job-batch-RUNNING', decodeJob);
    expect(job.vertices.map((vertex) => vertex.parallelism)).toEqual([1, undefined]);
  });
});

describe('checkpoint details', () => {
  it.each(from('1.17'))('%s: phases per subtask and the vertices that took part', (version) => {
    const details = read(version, 'checkpoint-details', decodeCheckpointDetails);
    expect(details.checkpoint.status).toBe('COMPLETED');
    expect(details.vertexIds).toHaveLength(6);
    const subtasks = read(version, 'checkpoint-details-subtasks', (body) => decodeCheckpointSubtasks(body, 'v'));
    expect(subtasks).toHaveLength(2);
    for (const subtask of subtasks) {
      expect(subtask).toMatchObject({ acknowledged: true, vertexId: 'v' });
      expect(subtask.endToEndMs).toBeGreaterThanOrEqual(
        (subtask.startDelayMs ?? 0) + (subtask.syncMs ?? 0) + (subtask.asyncMs ?? 0),
      );
    }
  });

  it('a subtask that has not acknowledged has nothing else', () => {
    const body = { subtasks: [{ className: 'pending', index: 3, status: 'pending_or_failed' }] };
    const decoded = decodeCheckpointSubtasks(body, 'v');
    expect(decoded).toEqual({ ok: true, value: [{ vertexId: 'v', subtask: 3, acknowledged: false }] });
  });
});

describe('int64 and NaN', () => {
  it('an interval of 2^63−1 means that there is none', () => {
    const text = '{"mode":"exactly_once","interval":9223372036854775807,"timeout":600000}';
    const json = parseJson(text);
    if (!json.ok) throw new Error(json.problem);
    const decoded = decodeCheckpointConfig(json.value);
    expect(decoded.ok && decoded.value).not.toHaveProperty('intervalMs');
  });

  it.each([
    ['an integer beyond 2^53 keeps its digits', '{"a":9007199254740993}', { a: '9007199254740993' }],
    ['also negative and in a list', '[1,-9223372036854775808]', [1, '-9223372036854775808']],
    [
      'digits inside a string stay',
      '{"a":"x 12345678901234567890 \\" y","b":[1234567890123456]}',
      { a: 'x 12345678901234567890 " y', b: ['1234567890123456'] },
    ],
    ['a fraction stays a number', '{"a":0.1234567890123456789}', { a: 0.12345678901234568 }],
    ['an epoch time stays a number', '{"now":1795252240418}', { now: 1795252240418 }],
  ])('%s', (_claim, text, value) => {
    expect(parseJson(text)).toEqual({ ok: true, value });
  });

  it('an integer is found wherever it begins, also behind a shorter one', () => {
    for (let blanks = 0; blanks < 40; blanks += 1) {
      const text = `${' '.repeat(blanks)}[123456789012345,1234567890123456, -12345678901234567]`;
      const value = [123_456_789_012_345, '1234567890123456', '-12345678901234567'];
      expect(parseJson(text)).toEqual({ ok: true, value });
    }
  });
});

describe('bodies that are not Flink', () => {
  it.each([
    ['another service', '{"status":"up"}', 'flink-version'],
    ['a list instead of an object', '[]', 'the body'],
    ['null', 'null', 'the body'],
  ])('%s is refused with the place', (_what, text, place) => {
    const json = parseJson(text);
    const decoded = json.ok ? decodeOverview(json.value) : json;
    expect(decoded.ok ? '' : decoded.problem).toContain(place);
  });

  it('an id that is no id is refused, because it would become part of a path', () => {
    const decoded = decodeJobsOverview({ jobs: [{ jid: '../../jars', name: 'x' }] });
    expect(decoded.ok ? '' : decoded.problem).toContain('jobs.0.jid');
  });

  it.each([
    ['{"jobs":[{"jid":"a', 'cut off'],
    ['{"jobs":[', 'cut off'],
    ['', 'empty'],
    ['hello', 'not JSON'],
  ])('%j is said to be wrong', (text, problem) => {
    const json = parseJson(text);
    expect(json.ok ? '' : json.problem).toContain(problem);
  });
});
