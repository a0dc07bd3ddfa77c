import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../clock.js';
import type { Discovery } from '../discovery.js';
import { createFileDiscovery, type ParseClusters } from './files.js';

/** A line is a name; "bad" is a mistake. The real form is tested with the configuration. */
const parse: ParseClusters = (text, source) =>
  text.includes('bad')
    ? { ok: false, problem: 'line 1 is bad' }
    : {
        ok: true,
        clusters: text.split('\n').flatMap((name) => (name === '' ? [] : [{ name, urls: [`http://${name}`], source }])),
      };

let dir: string;
let path: string;
let discovery: Discovery;
let reads: number;
let wake: () => void;
let asleep: () => void;

/** Sleeps until the test says so, and tells the test that a reading is over. */
const clock: Clock = {
  nowMs: () => reads,
  sleep: (_ms, signal) =>
    new Promise((resolve) => {
      wake = resolve;
      signal?.addEventListener('abort', () => resolve());
      reads += 1;
      asleep();
    }),
};

async function read(): Promise<readonly string[]> {
  const over = new Promise<void>((resolve) => (asleep = resolve));
  if (reads === 0) discovery.start();
  else wake();
  await over;
  return discovery.clusters().map(({ name }) => name);
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-files-'));
  path = join(dir, 'clusters.yaml');
  reads = 0;
  discovery = createFileDiscovery({ path, parse, clock });
});
afterEach(async () => {
  await discovery.stop();
  rmSync(dir, { recursive: true });
});

const failure = (): string | undefined => discovery.status().failure?.message;

describe('a file with clusters', () => {
  it('is read again when it has changed', async () => {
    writeFileSync(path, 'a');
    expect(await read()).toEqual(['a']);
    writeFileSync(path, 'a\nb');
    expect(await read()).toEqual(['a', 'b']);
    expect(discovery.clusters()[1]).toMatchObject({ source: `file ${path}` });
  });

  it('may be replaced by another one, as editors and deployments do', async () => {
    writeFileSync(path, 'a');
    await read();
    writeFileSync(join(dir, 'next'), 'b');
    renameSync(join(dir, 'next'), path);
    expect(await read()).toEqual(['b']);
  });

  it('may be a link that is switched, as a mounted ConfigMap is', async () => {
    writeFileSync(join(dir, 'v1'), 'a');
    writeFileSync(join(dir, 'v2'), 'b');
    symlinkSync('v1', path);
    expect(await read()).toEqual(['a']);
    symlinkSync('v2', join(dir, 'next'));
    renameSync(join(dir, 'next'), path);
    expect(await read()).toEqual(['b']);
  });

  it('that is bad leaves the last good list, and says once what is wrong', async () => {
    const said: (string | undefined)[] = [];
    discovery.onChange(() => said.push(failure()));
    writeFileSync(path, 'a');
    await read();
    writeFileSync(path, 'bad');
    expect(await read()).toEqual(['a']);
    expect(await read()).toEqual(['a']);
    writeFileSync(path, 'a');
    expect(await read()).toEqual(['a']);
    expect(said).toEqual([
      undefined,
      `${path}: line 1 is bad. The clusters of the last good file stay until it is put right.`,
      undefined,
    ]);
  });

  it('that vanishes leaves its list; one that was never there has none; both are said', async () => {
    expect(await read()).toEqual([]);
    expect(failure()).toMatch(/clusters\.yaml: cannot be read \(ENOENT/);
    writeFileSync(path, 'a');
    expect(await read()).toEqual(['a']);
    expect(failure()).toBeUndefined();
    rmSync(path);
    expect(await read()).toEqual(['a']);
    expect(failure()).toMatch(/cannot be read/);
  });

  it('that is empty has no clusters, which is no mistake', async () => {
    writeFileSync(path, 'a');
    await read();
    writeFileSync(path, '');
    expect(await read()).toEqual([]);
    expect(failure()).toBeUndefined();
  });
});
