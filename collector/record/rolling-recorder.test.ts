import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Transport } from '../flink/transport.js';
import { answered, BEGIN_MS, bundleFolder, partsOf } from '../testing/recorded.js';
import { MAX_RECORDED_ROUND_CHARS, RECORDING_STRETCH_MS } from './limits.js';
import { readBundles, type BundlePart } from './read-bundle.js';
import { recordedStretches, RecordingsFolder } from './recordings-folder.js';
import { RollingRecorder, type RollingOptions } from './rolling-recorder.js';

const folder = bundleFolder();
afterAll(() => folder.remove());

const JOB = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const HOUR = RECORDING_STRETCH_MS;

const echo: Transport = {
  url: 'http://jm:8081',
  prefixBytes: 0,
  read: (_endpoint, path) => Promise.resolve(answered({ of: path })),
  setPace: () => undefined,
  close: () => Promise.resolve(),
};

let folders = 0;
function recorderWith(options: Partial<RollingOptions> = {}, maxBytes = 1e9) {
  const limits = { maxBytes, maxTasks: 100 };
  const dir = folder.path(`rolling-${(folders += 1)}`);
  const stops: string[] = [];
  const recorder = new RollingRecorder({
    transport: echo,
    folder: new RecordingsFolder(dir, limits),
    weir: '1.2.3',
    cluster: 'ns/orders',
    intervalMs: 10_000,
    maxRequestsPerSecond: 20,
    accessSecrets: () => [],
    onStop: (why) => stops.push(why),
    ...options,
  });
  const round = async (atMs: number, paths: readonly string[], more: { jobIds?: string[]; tasks?: number } = {}) => {
    // The recorder does not look at the endpoint.
    for (const path of paths) await recorder.transport.read('/overview', path);
    const startMs = BEGIN_MS + atMs;
    await recorder.endRound({ startMs, endMs: startMs + 100, ok: true, jobIds: [JOB], tasks: 10, ...more });
  };
  return { dir, recorder, round, stops };
}

const pathsOf = (parts: readonly BundlePart[]): readonly (readonly string[])[] =>
  parts.flatMap((part) => (part.kind === 'round' ? [part.round.answers.map(({ path }) => path)] : []));

const pathsIn = async (dir: string): Promise<readonly (readonly (readonly string[])[])[]> =>
  Promise.all((await recordedStretches(dir)).map(async ({ path }) => pathsOf(await partsOf(path))));

describe('a cluster that the service records', () => {
  it('has a bundle an hour, each with what was asked only before', async () => {
    const { dir, recorder, round, stops } = recorderWith();
    const [config, exceptions, figures] = [
      `/jobs/${JOB}/config`,
      `/jobs/${JOB}/exceptions`,
      `/jobs/${JOB}/metrics?get=x`,
    ];
    await round(0, ['/jobs/overview', '/jobmanager/config', config, exceptions, figures]);
    await round(10_000, ['/jobs/overview', figures]);
    await round(HOUR, ['/jobs/overview', exceptions]);
    await round(2 * HOUR + 1, ['/jobs/overview']);
    await recorder.close();
    expect(await pathsIn(dir)).toEqual([
      [
        ['/jobs/overview', '/jobmanager/config', config, exceptions, figures],
        ['/jobs/overview', figures],
      ],
      [['/jobmanager/config', config, '/jobs/overview', exceptions]],
      [['/jobmanager/config', config, exceptions, '/jobs/overview']],
    ]);
    expect(stops).toEqual([]);
  });

  it('carries nothing of jobs that are gone, nor of TaskManagers that nobody asks for any more', async () => {
    const { dir, recorder, round } = recorderWith();
    await round(0, [`/jobs/${OTHER}/config`, '/taskmanagers/tm-1', `/jobs/${JOB}/config`]);
    await round(2 * HOUR + 1, ['/jobs/overview'], { jobIds: [JOB] });
    await recorder.close();
    expect((await pathsIn(dir))[1]).toEqual([[`/jobs/${JOB}/config`, '/jobs/overview']]);
  });

  it('carries no checkpoint’s details, which are asked for once each', async () => {
    const { dir, recorder, round } = recorderWith();
    await round(0, [`/jobs/${JOB}/checkpoints/details/7/subtasks/x`]);
    await round(HOUR, ['/jobs/overview']);
    await recorder.close();
    expect((await pathsIn(dir))[1]).toEqual([['/jobs/overview']]);
  });

  it('is read past a bundle whose writer was killed in its first round', async () => {
    const { dir, recorder, round } = recorderWith();
    await round(0, ['/jobs/overview']);
    await round(HOUR, ['/jobs/overview']);
    await recorder.close();
    const paths = (await recordedStretches(dir)).map(({ path }) => path);
    const empty = join(dir, 'empty.weir.gz');
    writeFileSync(empty, '');
    const kinds = async (...of: readonly string[]): Promise<string> => {
      const parts: BundlePart[] = [];
      for await (const part of readBundles(of)) parts.push(part);
      return parts.map(({ kind }) => kind).join(' ');
    };
    expect(await kinds(empty, ...paths)).toBe('header round round end');
    expect(await kinds(...paths, empty)).toBe('header round round end');
    expect(await kinds(empty)).toBe('problem');
  });

  it('is read as one', async () => {
    const { dir, recorder, round } = recorderWith();
    await round(0, ['/jobs/overview']);
    await round(HOUR, ['/jobs/overview']);
    await round(HOUR + 10_000, ['/overview']);
    await recorder.close();
    const parts: BundlePart[] = [];
    for await (const part of readBundles((await recordedStretches(dir)).map(({ path }) => path))) parts.push(part);
    expect(parts.map((part) => (part.kind === 'round' ? part.round.startMs - BEGIN_MS : part.kind))).toEqual([
      'header',
      0,
      HOUR,
      HOUR + 10_000,
      'end',
    ]);
  });

  it('is masked by the secrets of its access as they are when a bundle begins', async () => {
    const secret = 'correct-horse-battery';
    const { dir, recorder, round } = recorderWith({ accessSecrets: () => [secret] });
    await round(0, [`/jobs/${secret}`]);
    await recorder.close();
    const [stretch] = await recordedStretches(dir);
    expect(JSON.stringify(await partsOf(stretch?.path ?? ''))).not.toContain(`of":"/jobs/${secret}`);
  });
});

describe('recording ends, and says why,', () => {
  it('where the cluster has more tasks than there is room for beside the others', async () => {
    const dir = folder.path('shared');
    const shared = new RecordingsFolder(dir, { maxBytes: 1e9, maxTasks: 100 });
    const [first, second] = [
      recorderWith({ folder: shared, cluster: 'a' }),
      recorderWith({ folder: shared, cluster: 'b' }),
    ];
    await first.round(0, ['/jobs/overview'], { tasks: 60 });
    await second.round(0, ['/jobs/overview'], { tasks: 41 });
    await second.round(10_000, ['/jobs/overview'], { tasks: 10 });
    await first.round(10_000, ['/jobs/overview'], { tasks: 100 });
    expect(first.stops).toEqual([]);
    expect(second.stops).toEqual([
      'it has 41 tasks, other recorded clusters have 60, and store.recordings.maxTasks is 100',
    ]);
    await first.recorder.close();
    await second.recorder.close();
    expect((await recordedStretches(dir)).map(({ cluster }) => cluster)).toEqual(['a']);
    const third = recorderWith({ folder: shared, cluster: 'c' });
    await third.round(20_000, ['/jobs/overview'], { tasks: 100 });
    await third.recorder.close();
    expect(third.stops).toEqual([]);
  });

  it('where one round has more than a round may', async () => {
    const large = { ...echo, read: () => Promise.resolve(answered('x'.repeat(MAX_RECORDED_ROUND_CHARS))) };
    const { round, recorder, stops } = recorderWith({ transport: large });
    await round(0, ['/a', '/b']);
    await round(10_000, ['/a']);
    await recorder.close();
    expect(stops).toEqual(['a round has more than 16 MB']);
  });

  it('where the folder cannot be written', async () => {
    const { dir, round, recorder, stops } = recorderWith();
    writeFileSync(dir, 'a file, where the folder should be');
    await round(0, ['/jobs/overview']);
    await round(10_000, ['/jobs/overview']);
    await recorder.close();
    expect(stops).toEqual([expect.stringMatching(/^cannot be written \(E\w+\)$/)]);
  });
});

describe('the folder of recordings', () => {
  it('is bounded: the oldest go, and never one that is being written', async () => {
    const noise = (path: string): unknown => ({ path, noise: Array.from({ length: 500 }, () => Math.random()) });
    const noisy = { ...echo, read: (_: unknown, path: string) => Promise.resolve(answered(noise(path))) };
    const { dir, recorder, round } = recorderWith({ transport: noisy }, 200_000);
    for (let hour = 0; hour < 60; hour += 1) await round(hour * HOUR, ['/a']);
    await recorder.close();
    const kept = await recordedStretches(dir);
    const hours = kept.map(({ startMs }) => (startMs - BEGIN_MS) / HOUR);
    expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(200_000);
    expect(hours.at(-1)).toBe(59);
    expect(hours[0]).toBeGreaterThan(0);
    expect(hours).toEqual([...hours].sort((a, b) => a - b));
  });

  it('keeps a cluster of any name below it', async () => {
    const { dir, recorder, round } = recorderWith({ cluster: '..' });
    await round(0, ['/a']);
    await recorder.close();
    expect(await recordedStretches(dir)).toMatchObject([{ cluster: '..', path: expect.stringContaining(dir) }]);
  });

  it('finds the stretches of all clusters by their time, whatever else lies there', async () => {
    const { dir, recorder, round } = recorderWith();
    await round(0, ['/a']);
    await recorder.close();
    mkdirSync(join(dir, 'other'));
    writeFileSync(join(dir, 'other', 'notes.txt'), '');
    writeFileSync(join(dir, 'stray'), '');
    mkdirSync(join(dir, '100%'));
    expect(await recordedStretches(dir)).toMatchObject([{ cluster: 'ns/orders', startMs: BEGIN_MS }]);
    expect(await recordedStretches(join(dir, 'nowhere'))).toEqual([]);
  });
});
