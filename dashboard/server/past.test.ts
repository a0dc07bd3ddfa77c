import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobPage, JobsResponse } from '../contract.js';
import { BEAT_MS, serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { SHAPES } from '../../test/support/wire-shapes.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { PICTURE_STANDS_MS } from './watch/pictures.js';

const MINUTE_MS = 60_000;
const only = (...names: readonly string[]) => DEMO_JOBS.filter(({ name }) => names.includes(name));
let sim: ServedSim;
let beginMs: number;
let settledMs: number;
let pageThen: JobPage;
let path: string;

const firing = ({ findings }: JobPage): string[] =>
  findings
    .filter(({ state }) => state === 'firing')
    .map(({ rule }) => rule)
    .sort();

beforeAll(async () => {
  sim = await serveSimulated({ specs: only('orders-enrich', 'payments-ledger') });
  beginMs = sim.nowMs();
  const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
  path = `/api/v1/jobs/sim/${jobs.find(({ name }) => name === 'orders-enrich')?.jobId ?? ''}`;
  await sim.beats(SETTLED_BEATS);
  settledMs = sim.nowMs();
  pageThen = await sim.json<JobPage>(path);
  await sim.beats(2 * SETTLED_BEATS);
}, 60_000);
afterAll(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

describe('a job as it was', () => {
  it('shows what was firing then, with the recommendations of then, and says as of when', async () => {
    const page = await sim.json<JobPage>(`${path}?at=${settledMs}`);
    expect(SHAPES['JobPage']?.safeParse(page).error?.issues ?? []).toEqual([]);
    expect(page.asOfMs).toBeLessThanOrEqual(settledMs);
    expect(page.asOfMs).toBeGreaterThan(settledMs - PICTURE_STANDS_MS);
    expect(firing(page)).toEqual(firing(pageThen));
    expect(page.recommendations.map(({ id }) => id)).toEqual(pageThen.recommendations.map(({ id }) => id));
    expect(page.findings.every(({ lastSeenMs }) => lastSeenMs <= settledMs)).toBe(true);
  });

  it('has the figures of each vertex, but none of subtasks', async () => {
    const { vertices } = await sim.json<JobPage>(`${path}?at=${settledMs}`);
    expect(vertices.map(({ name }) => name)).toEqual(pageThen.vertices.map(({ name }) => name));
    const enrich = vertices.find(({ name }) => name === 'enrich');
    expect(enrich).toMatchObject({ mark: 'cause', subtasks: [] });
    expect(enrich?.busyRatioMax).toBeGreaterThan(0.9);
  });

  it('knows nothing yet of what was found later', async () => {
    const page = await sim.json<JobPage>(`${path}?at=${beginMs}`);
    expect(page).toMatchObject({ asOfMs: beginMs, findings: [], recommendations: [] });
  });

  it('speaks the language asked for, whenever it was kept', async () => {
    const { answer, findings } = await sim.json<JobPage>(`${path}?at=${settledMs}&lang=zh-CN`);
    expect(answer).toMatch(/\p{Script=Han}/u);
    expect(findings[0]?.title).toMatch(/\p{Script=Han}/u);
  });

  it('of just now is the page of now, subtasks and all', async () => {
    const page = await sim.json<JobPage>(`${path}?at=${sim.nowMs()}`);
    expect(page.asOfMs).toBe(sim.nowMs());
    expect(page.vertices.some(({ subtasks }) => subtasks.length > 0)).toBe(true);
  });

  it('a page of now does not say as of when', async () => {
    expect(await sim.json<JobPage>(path)).not.toHaveProperty('asOfMs');
  });

  it('is kept every five minutes of an ill job, seldom of a well one, and when a finding opens or ends', async () => {
    const records = await sim.store.loadReports({ kind: 'page', fromMs: beginMs, toMs: sim.nowMs() + 1 });
    const beats = Math.round((sim.nowMs() - beginMs) / BEAT_MS);
    const of = (name: string): number => records.filter(({ jobName }) => jobName === name).length;
    expect(of('orders-enrich')).toBeGreaterThanOrEqual(3);
    expect(of('orders-enrich')).toBeLessThan(beats / 5);
    expect(of('payments-ledger')).toBeGreaterThanOrEqual(1);
    expect(of('payments-ledger')).toBeLessThan(of('orders-enrich'));
    for (const { body } of records) expect(body.length).toBeLessThan(16 * 1024);
  });

  const refused: readonly {
    readonly name: string;
    readonly query: () => string;
    readonly status: number;
    readonly says: string;
  }[] = [
    { name: 'the future', query: () => `at=${sim.nowMs() + 1}`, status: 400, says: 'lies in the future' },
    { name: 'no number', query: () => 'at=yesterday', status: 400, says: '"at" must be a number' },
    { name: 'a time before it was watched', query: () => `at=${beginMs - 1}`, status: 404, says: 'Nothing is kept' },
    { name: 'the beginning of time', query: () => 'at=0', status: 404, says: '1970-01-01T00:00:00.000Z' },
  ];
  for (const { name, query, status, says } of refused) {
    it(`${name} is ${status}`, async () => {
      const response = await sim.get(`${path}?${query()}`);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining(says) as unknown });
    });
  }

  it('survives a restart and the end of the job', async () => {
    sim = await serveSimulated({ specs: only('payments-ledger'), after: sim });
    expect((await sim.get(path)).status).toBe(404);
    const page = await sim.json<JobPage>(`${path}?at=${settledMs}`);
    expect(firing(page)).toEqual(firing(pageThen));
  });

  it('a time in which Weir did not run has no page', async () => {
    await sim.beats(1);
    const later = sim.nowMs();
    expect((await sim.get(`${path}?at=${later}`)).status).toBe(200);
    await sim.beats((11 * MINUTE_MS) / BEAT_MS);
    expect((await sim.get(`${path}?at=${sim.nowMs()}`)).status).toBe(404);
  });
});
