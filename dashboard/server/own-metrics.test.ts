import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"/g;
const unescape = (text: string): string => text.replace(/\\([\\n"])/g, (_, c: string) => (c === 'n' ? '\n' : c));

/** Reads a text exposition line by line; a line that is none fails. */
function parse(text: string): { readonly samples: readonly Sample[]; readonly types: ReadonlyMap<string, string> } {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, typed, type] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) types.set(typed, type);
    if (line === '' || line.startsWith('# ')) continue;
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    samples.push({
      name,
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, unescape(text)])),
      value: Number(value),
    });
  }
  return { samples, types };
}

const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
const documented = (): Set<string> =>
  new Set(
    [...readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8').matchAll(/^\| `(weir_[a-z_]+)`/gm)].map(
      ([, name = '']) => name,
    ),
  );

let sim: ServedSim;
let text = '';

async function scrape(): Promise<readonly Sample[]> {
  text = await (await sim.get('/metrics')).text();
  return parse(text).samples;
}

beforeAll(async () => {
  sim = await serveSimulated();
  await sim.beats(SETTLED_BEATS);
}, 60_000);
afterAll(() => sim.close());

describe('/metrics while the cluster answers', () => {
  let samples: readonly Sample[] = [];
  beforeAll(async () => {
    samples = await scrape();
  });
  const of = (name: string): readonly Sample[] => samples.filter((sample) => sample.name === name);

  it('is text of the exposition format, in UTF-8', async () => {
    const response = await sim.get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('has exactly the names of docs/metrics.md, and of the process', () => {
    const names = new Set([...parse(text).types.keys()].filter((name) => name.startsWith('weir_')));
    expect([...names].sort()).toEqual([...documented()].sort());
    const others = new Set(samples.map(({ name }) => familyOf(name)).filter((name) => !name.startsWith('weir_')));
    for (const name of others) expect(name).toMatch(/^(process|nodejs)_/);
  });

  it('has a value for each of them', () => {
    const named = new Set(samples.map(({ name }) => familyOf(name)));
    const silent = [...documented()].filter((name) => !named.has(name));
    // Nothing catches up in the demo, it is read without requests, nobody is told, and the store of this test writes no files.
    expect(silent.sort()).toEqual([
      'weir_collect_requests_total',
      'weir_job_time_to_catch_up_seconds',
      'weir_notifications_total',
      'weir_store_bytes',
      'weir_store_write_seconds',
    ]);
  });

  it('has no NaN and no infinite value', () => {
    expect(samples.filter(({ value }) => !Number.isFinite(value)).map(({ name }) => name)).toEqual([]);
  });

  it('says nothing twice', () => {
    const keys = samples.map(({ name, labels }) => `${name}${JSON.stringify(Object.entries(labels).sort())}`);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  it('weir_finding is 1 while a finding fires, with rule, severity, role, basis and vertex', () => {
    expect(of('weir_finding')).toContainEqual({
      name: 'weir_finding',
      labels: {
        cluster: 'sim',
        job_name: 'orders-enrich',
        rule: 'skew-hot-key',
        severity: 'critical',
        role: 'root',
        basis: 'measured',
        vertex: 'enrich',
      },
      value: 1,
    });
    expect(of('weir_finding').filter(({ labels }) => labels['job_name'] === 'payments-ledger')).toEqual([]);
  });

  it.each([
    ['weir_cluster_up', {}, 1, 1],
    ['weir_job_health_score', { job_name: 'payments-ledger' }, 100, 100],
    ['weir_job_health_score', { job_name: 'orders-enrich' }, 0, 60],
    ['weir_job_state', { job_name: 'orders-enrich', state: 'RUNNING' }, 1, 1],
    ['weir_job_state', { job_name: 'orders-enrich', state: 'UNKNOWN' }, 0, 0],
    ['weir_job_data_age_seconds', { job_name: 'orders-enrich' }, 0, 10],
    ['weir_vertex_busy_ratio', { job_name: 'orders-enrich', vertex: 'enrich', agg: 'max' }, 0.9, 1],
    ['weir_vertex_busy_ratio', { job_name: 'orders-enrich', vertex: 'enrich', agg: 'mean' }, 0.2, 0.7],
    [
      'weir_vertex_recommended_parallelism',
      { job_name: 'billing-sink', vertex: 'price -> Sink: billing-db' },
      3,
      10_000,
    ],
    ['weir_job_source_lag_seconds', { job_name: 'billing-sink' }, 60, 1_000_000],
    ['weir_checkpoint_age_seconds', { job_name: 'payments-ledger' }, 0, 60],
    ['weir_series', {}, 40, 100],
  ])('%s %j is %d to %d', (name, labels, low, high) => {
    const found = of(name).filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.value).toBeGreaterThanOrEqual(low);
    expect(found[0]?.value).toBeLessThanOrEqual(high);
  });

  it('each job is in exactly one state, and each rule said one thing of it', () => {
    const jobs = new Set(of('weir_job_state').map(({ labels }) => labels['job_name']));
    expect(jobs.size).toBe(6);
    for (const job of jobs) {
      const states = of('weir_job_state').filter(({ labels }) => labels['job_name'] === job);
      expect(states.reduce((sum, { value }) => sum + value, 0)).toBe(1);
      const outcomes = of('weir_rule_outcomes').filter(({ labels }) => labels['job_name'] === job);
      const reports = sim.watch.reports().find(({ jobName }) => jobName === job);
      expect(outcomes.reduce((sum, { value }) => sum + value, 0)).toBe(reports?.outcomes.length);
    }
  });

  it('is as many series as docs/metrics.md promises at most', () => {
    for (const report of sim.watch.reports()) {
      const own = samples.filter(
        ({ name, labels }) => labels['job_name'] === report.jobName && name !== 'weir_rule_outcomes',
      );
      const findings = report.findings.length;
      expect(own.length).toBeLessThanOrEqual(20 + findings + 3 * report.history.vertices.length);
    }
  });

  const promtool = spawnSync('promtool', ['--version']).error === undefined;
  it.skipIf(!promtool)('promtool check metrics has nothing to say (skipped where promtool is not on PATH)', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});

describe('/metrics while the cluster is away', () => {
  it('says down and UNKNOWN, never FAILED, and keeps what was known', async () => {
    const before = await scrape();
    sim.fail({ kind: 'unreachable', message: 'http://jobmanager:8081 refused the connection.' });
    await sim.beats(3);
    const samples = await scrape();
    const of = (name: string): readonly Sample[] => samples.filter((sample) => sample.name === name);
    expect(of('weir_cluster_up').map(({ value }) => value)).toEqual([0]);
    for (const { labels, value } of of('weir_job_state')) expect(value).toBe(labels['state'] === 'UNKNOWN' ? 1 : 0);
    expect(of('weir_job_health_score')).toEqual([]);
    for (const { value } of of('weir_job_data_age_seconds')) expect(value).toBeGreaterThanOrEqual(30);
    expect(of('weir_finding')).toEqual(before.filter(({ name }) => name === 'weir_finding'));
    sim.fail();
    await sim.beats(1);
    expect((await scrape()).find(({ name }) => name === 'weir_cluster_up')?.value).toBe(1);
  });
});
