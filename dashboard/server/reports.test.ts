import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportResponse } from '../contract.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';

/** The simulated clock stands on Monday 5 January 2026. */
const WEEK = '2026-W02';
let sim: ServedSim;

beforeAll(async () => {
  sim = await serveSimulated({
    specs: DEMO_JOBS.filter(({ name }) => name === 'orders-enrich' || name === 'payments-ledger'),
  });
  await sim.beats(SETTLED_BEATS);
}, 60_000);
afterAll(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

describe('the weekly report over HTTP', () => {
  it('counts what was watched, and for how long each finding was there', async () => {
    const report = await sim.json<ReportResponse>(`/api/v1/reports/${WEEK}`);
    expect(report).toMatchObject({ week: WEEK, fromMs: Date.UTC(2026, 0, 5), jobsWatched: 2 });
    const worst = report.sections[0];
    expect(worst?.jobName).toBe('orders-enrich');
    expect(worst?.findings.find(({ rule }) => rule === 'skew-hot-key')).toMatchObject({
      title: expect.stringContaining('One key') as unknown,
      openNow: true,
    });
  });

  const kinds: readonly { readonly query: string; readonly type: string; readonly begins: string }[] = [
    { query: '', type: 'application/json', begins: '{' },
    { query: '?format=json', type: 'application/json', begins: '{' },
    { query: '?format=html', type: 'text/html', begins: '<!doctype html>' },
    { query: '?format=markdown', type: 'text/markdown', begins: '# Flink tuning report 2026-W02' },
    { query: '?format=text', type: 'text/plain', begins: 'Flink tuning report 2026-W02' },
    { query: '?format=text&lang=zh-CN', type: 'text/plain', begins: 'Flink 调优周报 2026-W02' },
  ];
  for (const { query, type, begins } of kinds) {
    it(`${query === '' ? 'without a format' : query} is ${type}`, async () => {
      const response = await sim.get(`/api/v1/reports/${WEEK}${query}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
      expect((await response.text()).startsWith(begins)).toBe(true);
    });
  }

  it('is a page too', async () => {
    const response = await sim.get(`/reports/${WEEK}`);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('orders-enrich');
  });

  it('of a week before the history is empty, which is no error', async () => {
    expect(await sim.json<ReportResponse>('/api/v1/reports/2025-W40')).toMatchObject({ jobsWatched: 0, sections: [] });
  });

  const refused: readonly { readonly path: string; readonly status: number; readonly says: string }[] = [
    { path: 'reports/last', status: 400, says: 'write it as 2026-W47' },
    { path: 'reports/2026-47', status: 400, says: 'write it as 2026-W47' },
    { path: 'reports/2026-W00', status: 400, says: 'not an ISO week' },
    { path: 'reports/2026-W54', status: 400, says: 'not an ISO week' },
    { path: 'reports/2025-W53', status: 400, says: 'not an ISO week' },
    { path: 'reports/2026-W03', status: 404, says: 'has not begun' },
    { path: `reports/${WEEK}?format=pdf`, status: 400, says: 'json, html, markdown, text' },
  ];
  for (const { path, status, says } of refused) {
    it(`${path} is ${status}`, async () => {
      const response = await sim.get(`/api/v1/${path}`);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining(says) as unknown });
    });
  }
});
