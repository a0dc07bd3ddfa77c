import { describe, expect, it } from 'vitest';
import { keyShares } from '../sim/model/keys.js';
import { DEMO_JOBS } from '../sim/demo/jobs.js';
import type { JobSpec, VertexSpec } from '../sim/model/spec.js';
import { rootsOf, watchSimulated } from './support/simulated.js';

/** A demo job by name, with each vertex changed. */
function job(name: string, change: (vertex: VertexSpec) => Partial<VertexSpec> = () => ({}), rename = name): JobSpec {
  const found = DEMO_JOBS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no demo job ${name}`);
  return { ...found, name: rename, vertices: found.vertices.map((vertex) => ({ ...vertex, ...change(vertex) })) };
}

function hotSubtask(spec: JobSpec): number {
  const vertex = spec.vertices.find(({ keys }) => keys?.kind === 'hot');
  if (vertex?.keys === undefined) throw new Error('no hot key');
  const shares = keyShares(vertex.keys, vertex.parallelism, vertex.maxParallelism);
  return shares.indexOf(Math.max(...shares));
}

/** Rates, service times and keys times a factor. */
const scaled =
  (rate: number, service: number) =>
  (vertex: VertexSpec): Partial<VertexSpec> => ({
    serviceMs: vertex.source === undefined ? vertex.serviceMs * service : vertex.serviceMs,
    ...(vertex.source === undefined
      ? {}
      : { source: { ...vertex.source, recordsPerSecond: vertex.source.recordsPerSecond * rate } }),
    ...(vertex.keys?.kind === 'hot'
      ? { keys: { ...vertex.keys, share: Math.min(0.6, vertex.keys.share * rate) } }
      : {}),
  });

describe('the demo cluster', () => {
  it('shows each fault as the only measured root of its job, on the right vertex, and none on the healthy job', async () => {
    const reports = await watchSimulated(DEMO_JOBS);
    expect(Object.fromEntries([...reports].map(([name, report]) => [name, rootsOf(report)]))).toEqual({
      'payments-ledger': [],
      'orders-enrich': [`skew-hot-key @ enrich @ ${hotSubtask(job('orders-enrich'))}`],
      'billing-sink': ['bp-external-wait @ price -> Sink: billing-db'],
      'clickstream-sessions': ['gc-pressure @ sessionize -> Sink: sessions'],
      'inventory-state': ['ckpt-async @ stock-levels -> Sink: stock'],
      'audit-log-archive': ['par-over @ archive -> Sink: cold-storage'],
    });
    expect(reports.get('audit-log-archive')?.worst).toBe('info');
  }, 60_000);
});

describe('verdicts follow the simulated facts, not the job’s name', () => {
  it('keeps its verdicts when every rate, service time and key share is 30 % higher', async () => {
    const names = ['orders-enrich', 'billing-sink'];
    const reports = await watchSimulated(names.map((name) => job(name, scaled(1.3, 1.3), `x-${name}`)));
    expect(rootsOf(reports.get('x-orders-enrich'))).toEqual([
      `skew-hot-key @ enrich @ ${hotSubtask(job('orders-enrich'))}`,
    ]);
    expect(rootsOf(reports.get('x-billing-sink'))).toEqual(['bp-external-wait @ price -> Sink: billing-db']);
  }, 60_000);

  it('finds nothing wrong with "billing-sink" once its sink is fast enough for 30 % less input', async () => {
    const reports = await watchSimulated([job('billing-sink', scaled(0.7, 0.7))]);
    expect(rootsOf(reports.get('billing-sink'))).toEqual([]);
  }, 60_000);

  it('finds the sink slow in the healthy job once its service time is doubled', async () => {
    const slow = job('payments-ledger', ({ name, serviceMs }) =>
      name.startsWith('ledger') ? { serviceMs: serviceMs * 2.2, cpuShare: 0.03 } : {},
    );
    const reports = await watchSimulated([slow]);
    expect(rootsOf(reports.get('payments-ledger'))).toEqual(['bp-external-wait @ ledger -> Sink: ledger-db']);
  }, 60_000);

  it('finds no hot key once the keys of "orders-enrich" are even', async () => {
    const even = job('orders-enrich', ({ keys }) =>
      keys === undefined ? {} : { keys: { kind: 'uniform', count: keys.count } },
    );
    const reports = await watchSimulated([even]);
    expect(rootsOf(reports.get('orders-enrich'))).toEqual([]);
  }, 60_000);

  it('finds storage fast enough once it takes 30 times more', async () => {
    const spec = job('inventory-state');
    const fast = {
      ...spec,
      checkpoints: { ...spec.checkpoints, uploadBytesPerSecond: spec.checkpoints.uploadBytesPerSecond * 30 },
    };
    const reports = await watchSimulated([fast]);
    expect(rootsOf(reports.get('inventory-state'))).toEqual([]);
  }, 60_000);

  it('halves the expected rate when the job’s own rate is halved', async () => {
    const whole = await watchSimulated([job('billing-sink')]);
    const half = await watchSimulated([job('billing-sink', scaled(0.5, 2))]);
    const expectedRate = (reports: typeof whole): number => {
      const effect = reports
        .get('billing-sink')
        ?.recommendations[0]?.expected.find(({ metric }) => metric === 'recordsInPerSecond');
      if (effect === undefined) throw new Error('no expected rate');
      return effect.to;
    };
    expect(expectedRate(half) / expectedRate(whole)).toBeCloseTo(0.5, 1);
  }, 60_000);
});
