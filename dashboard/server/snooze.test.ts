import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventsResponse, Finding, FindingsResponse, JobPage, JobRow, JobsResponse } from '../contract.js';
import type { ReportResponse } from '../contract.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { SHAPES } from '../../test/support/wire-shapes.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';

const TOKEN = 'open-sesame-0123456789';
const SIGNED_IN = { Authorization: `Bearer ${TOKEN}` };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const specs = DEMO_JOBS.filter(({ name }) => name === 'orders-enrich' || name === 'payments-ledger');
/** A name that needs encoding in an address, and whose encoding needs it again. */
const NAME = 'orders/enrich 100% ~ü';
const rewrite = (json: string): string => json.replaceAll('orders-enrich', NAME);

let sim: ServedSim;
beforeAll(async () => {
  sim = await serveSimulated({ specs, token: TOKEN, rewrite });
  await sim.beats(SETTLED_BEATS);
}, 60_000);
afterAll(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

async function findings(): Promise<readonly Finding[]> {
  return (await sim.json<FindingsResponse>('/api/v1/findings?state=firing', SIGNED_IN)).findings;
}
async function hotKey(): Promise<Finding> {
  const found = (await findings()).find(({ rule }) => rule === 'skew-hot-key');
  if (found === undefined) throw new Error('the demo shows no hot key');
  return found;
}
async function row(): Promise<JobRow | undefined> {
  const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs', SIGNED_IN);
  return jobs.find(({ name }) => name === NAME);
}
const address = (id: string): string => `/api/v1/findings/${encodeURIComponent(id)}/snooze`;
const snooze = async (body: unknown, headers: Readonly<Record<string, string>> = SIGNED_IN): Promise<Response> =>
  sim.post(address((await hotKey()).id), body, headers);

describe('what is refused', () => {
  it('without the token', async () => {
    expect((await snooze({ untilMs: sim.nowMs() + HOUR_MS, reason: 'x' }, {})).status).toBe(401);
  });

  it('where no token is configured at all, and how to configure one', async () => {
    const open = await serveSimulated({ specs: [] });
    const response = await open.post(address('any'), { untilMs: 0 });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('WEIR_TOKEN') as unknown });
    await open.close();
  });

  it('a finding that is not there', async () => {
    expect((await sim.post(address('gone'), { untilMs: 0 }, SIGNED_IN)).status).toBe(404);
  });

  const bodies: readonly {
    readonly name: string;
    readonly body: () => unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly status?: number;
    readonly says: readonly string[];
  }[] = [
    { name: 'no reason', body: () => ({ untilMs: sim.nowMs() + HOUR_MS }), says: ['reason: say why'] },
    {
      name: 'a blank reason',
      body: () => ({ untilMs: sim.nowMs() + HOUR_MS, reason: '  ' }),
      says: ['reason: say why'],
    },
    {
      name: 'more than 30 days',
      body: () => ({ untilMs: sim.nowMs() + 30 * DAY_MS + 1, reason: 'x' }),
      says: ['untilMs: a snooze lasts 30 days at most'],
    },
    {
      name: 'everything wrong at once',
      body: () => ({ untilMs: 'tomorrow', reason: 7, forever: true }),
      says: ['untilMs: ', 'reason: ', 'forever'],
    },
    { name: 'a list', body: () => [], says: ['body: '] },
    { name: 'no JSON', body: () => '{"untilMs":', says: ['not valid JSON'] },
    { name: 'no body', body: () => '', says: ['untilMs: '] },
    {
      name: 'a form, as another site could send it',
      body: () => 'untilMs=0',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      status: 415,
      says: ['application/json'],
    },
    {
      name: 'too long a body',
      body: () => ({ untilMs: 0, reason: 'x'.repeat(9000) }),
      status: 413,
      says: ['8192 bytes'],
    },
  ];
  for (const { name, body, headers = {}, status = 400, says } of bodies) {
    it(name, async () => {
      const response = await snooze(body(), { ...SIGNED_IN, ...headers });
      expect(response.status).toBe(status);
      const problem: unknown = await response.json();
      expect(SHAPES['Problem']?.safeParse(problem).success).toBe(true);
      for (const words of says) expect(problem).toMatchObject({ detail: expect.stringContaining(words) as unknown });
    });
  }

  it('and nothing of that put the finding aside', async () => {
    expect((await hotKey()).snoozed).toBeUndefined();
  });
});

describe('a snoozed finding', () => {
  const until = (): { untilMs: number; reason: string } => ({
    untilMs: sim.nowMs() + 2 * DAY_MS,
    reason: 'new key in May',
  });

  it('is answered as it now is, at once', async () => {
    expect((await row())?.worst).not.toBe('ok');
    const response = await snooze(until());
    expect(response.status).toBe(200);
    const finding = (await response.json()) as Finding;
    expect(SHAPES['Finding']?.safeParse(finding).error?.issues ?? []).toEqual([]);
    expect(finding.snoozed).toEqual(until());
    expect(await row()).toMatchObject({ worst: 'ok', health: 100, findings: { critical: 0, warning: 0 } });
    expect((await row())?.headline).toBeUndefined();
  });

  it('stays listed and on the page, which does not say that all is well', async () => {
    const finding = await hotKey();
    expect(finding.snoozed?.reason).toBe('new key in May');
    const page = await sim.json<JobPage>(`/api/v1/jobs/${finding.cluster}/${finding.jobId}`, SIGNED_IN);
    expect(page.answer).toContain('Nothing but what is snoozed: One key');
    expect(page.findings.find(({ id }) => id === finding.id)?.snoozed).toEqual(finding.snoozed);
  });

  it('stays so in the rounds after', async () => {
    await sim.beats(2);
    expect((await row())?.worst).toBe('ok');
    expect((await hotKey()).snoozed?.reason).toBe('new key in May');
  });

  it('keeps its metric: an alert is silenced where alerts are', async () => {
    const metrics = await (await sim.get('/metrics', SIGNED_IN)).text();
    expect(metrics).toMatch(/weir_finding\{[^}]*rule="skew-hot-key"[^}]*\} 1/);
  });

  it('stands in the time line and in the weekly report', async () => {
    const { cluster, jobId } = await hotKey();
    const { events } = await sim.json<EventsResponse>(`/api/v1/jobs/${cluster}/${jobId}/events`, SIGNED_IN);
    expect(events.map(({ title }) => title)).toContainEqual(expect.stringMatching(/^Snoozed: One key/));
    const report = await sim.json<ReportResponse>('/api/v1/reports/2026-W02', SIGNED_IN);
    const line = report.sections.flatMap((section) => section.findings).find(({ rule }) => rule === 'skew-hot-key');
    expect(line?.snoozed?.reason).toBe('new key in May');
    const text = await (await sim.get('/api/v1/reports/2026-W02?format=text', SIGNED_IN)).text();
    expect(text).toMatch(/Snoozed \(1\):\n.*until 2026-01-07 \d\d:\d\d UTC: new key in May/);
  });

  it('is still put aside after a restart', async () => {
    sim = await serveSimulated({ specs, token: TOKEN, rewrite, after: sim });
    await sim.beats(SETTLED_BEATS);
    expect((await hotKey()).snoozed?.reason).toBe('new key in May');
    expect((await row())?.worst).toBe('ok');
  });

  it('counts again when a time in the past ends the snooze, and after a restart too', async () => {
    const response = await snooze({ untilMs: sim.nowMs() - 1 });
    expect((await response.json()) as Finding).not.toHaveProperty('snoozed');
    expect((await row())?.worst).not.toBe('ok');
    sim = await serveSimulated({ specs, token: TOKEN, rewrite, after: sim });
    await sim.beats(SETTLED_BEATS);
    expect((await hotKey()).snoozed).toBeUndefined();
  });

  it('counts again by itself when the time has come', async () => {
    await snooze({ untilMs: sim.nowMs() + 15_000, reason: 'for one beat' });
    await sim.beats(1);
    expect((await row())?.worst).toBe('ok');
    await sim.beats(1);
    expect((await row())?.worst).not.toBe('ok');
  });

  it('is found by an id that was not encoded a second time', async () => {
    const { id } = await hotKey();
    const response = await sim.post(`/api/v1/findings/${id}/snooze`, { untilMs: 0 }, SIGNED_IN);
    expect(response.status).toBe(200);
  });
});
