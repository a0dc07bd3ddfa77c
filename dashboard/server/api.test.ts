import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  EventsResponse,
  FindingsResponse,
  JobPage,
  JobRow,
  JobsResponse,
  RecommendationsResponse,
  RulePage,
  RulesResponse,
  SeriesResponse,
} from '../contract.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { readEvents } from '../../test/support/events.js';
import { SHAPES } from '../../test/support/wire-shapes.js';
import { OPERATIONS } from './openapi.js';

const HAN = /\p{Script=Han}/u;
let sim: ServedSim;
let job: JobRow;

beforeAll(async () => {
  sim = await serveSimulated();
  await sim.beats(SETTLED_BEATS);
  const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
  const found = jobs.find(({ name }) => name === 'orders-enrich');
  if (found === undefined) throw new Error('the demo has no job orders-enrich');
  job = found;
}, 60_000);
afterAll(async () => {
  // No test of this file may have met a bug.
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

const pathOf = (path: string): string =>
  `/api/v1${path.replace('{cluster}', job.cluster).replace('{jobId}', job.jobId).replace('{id}', 'skew-hot-key').replace('{isoWeek}', '2026-W02')}`;

describe('every operation of the OpenAPI document answers as the contract says', () => {
  const plain = OPERATIONS.filter(({ path, method }) => path !== '/stream' && method === undefined);
  for (const { path, answer } of plain) {
    it(`GET ${path} is a ${answer}`, async () => {
      const response = await sim.get(pathOf(path));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(SHAPES[answer]?.safeParse(await response.json()).error?.issues ?? []).toEqual([]);
    });
  }

  it('GET /openapi.json lists them all, with their parameters', async () => {
    type Described = { parameters: object[]; requestBody?: object };
    const document = await sim.json<{ openapi: string; paths: Record<string, Record<string, Described>> }>(
      '/api/v1/openapi.json',
    );
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual(OPERATIONS.map(({ path }) => path));
    for (const { path, method = 'get', query = {}, body } of OPERATIONS) {
      const inPath = path.match(/\{/g)?.length ?? 0;
      const described = document.paths[path]?.[method];
      expect(described?.parameters).toHaveLength(inPath + Object.keys(query).length);
      expect(described?.requestBody !== undefined).toBe(body !== undefined);
    }
  });

  it('the table names every route there is', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const folder = new URL('./routes/', import.meta.url);
    // `/open` leads from alerts to a page: it is a place for people, and no part of the API.
    const files = readdirSync(folder).filter((file) => file !== 'open.ts');
    const routes = files.flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/router\.(?:get|post|put|delete)\('([^']+)'/g)].map(
        ([, path = '']) => path.replace(/:(\w+)/g, '{$1}'),
      ),
    );
    expect(routes.sort()).toEqual(OPERATIONS.map(({ path }) => path).sort());
  });
});

describe('what the simulated faults look like on the wire', () => {
  it('five jobs have findings, worst first, and one is well', async () => {
    const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
    expect(jobs.map(({ worst }) => worst)).toEqual([...jobs.map(({ worst }) => worst)].sort(byUrgency));
    expect(jobs.filter(({ headline }) => headline !== undefined)).toHaveLength(5);
    expect(jobs.filter(({ worst }) => worst === 'ok').map(({ name }) => name)).toEqual(['payments-ledger']);
    expect(jobs.filter(({ unjudged }) => unjudged !== undefined)).toEqual([]);
  });

  it('before there are readings enough to judge load, each job says so: none is well yet', async () => {
    const young = await serveSimulated();
    const first = await young.json<JobsResponse>('/api/v1/jobs');
    const inChinese = await young.json<JobsResponse>('/api/v1/jobs?lang=zh-CN');
    await young.close();
    expect(SHAPES['JobsResponse']?.safeParse(first).error?.issues ?? []).toEqual([]);
    expect(first.jobs).toHaveLength(6);
    for (const { unjudged } of first.jobs) expect(unjudged).toContain('about a minute');
    for (const { unjudged } of inChinese.jobs) expect(unjudged).toContain('约一分钟');
  });

  it('a job page says the verdict, marks the cause only where a root names it, and shows the change', async () => {
    const page = await sim.json<JobPage>(pathOf('/jobs/{cluster}/{jobId}'));
    expect(page.answer).toContain('enrich');
    expect(page.vertices.map(({ name, mark }) => `${name}: ${mark}`)).toEqual([
      'Source: orders: pressured',
      'parse: pressured',
      'enrich: cause',
      expect.stringMatching(/^Sink: enriched-orders: (working|idle)$/),
    ]);
    expect(page.findings[0]).toMatchObject({ rank: 1, role: 'root', rule: 'skew-hot-key', state: 'firing' });
    expect(page.recommendations[0]?.findings).toContain(page.findings[0]?.id);
  });

  it('symptoms name a root of the same job as their cause', async () => {
    const { findings } = await sim.json<FindingsResponse>('/api/v1/findings?state=firing');
    const symptoms = findings.filter(({ role }) => role === 'symptom');
    expect(symptoms.length).toBeGreaterThan(0);
    for (const { causedBy, jobId } of symptoms) {
      const causes = findings.filter(({ id }) => causedBy.includes(id));
      expect(causes.length).toBe(causedBy.length);
      expect(causes.every((cause) => cause.jobId === jobId)).toBe(true);
    }
  });

  it('events tell a finding that opened from one that is over', async () => {
    const { events } = await sim.json<EventsResponse>(pathOf('/jobs/{cluster}/{jobId}/events'));
    const opened = events.filter(({ kind }) => kind === 'finding');
    expect(opened.map(({ title }) => title)).toContainEqual(expect.stringContaining('One key carries'));
    expect(opened.some(({ title }) => title.startsWith('Over: '))).toBe(false);
    const chinese = await sim.json<EventsResponse>(`${pathOf('/jobs/{cluster}/{jobId}/events')}?lang=zh-CN`);
    expect(chinese.events.find(({ kind }) => kind === 'finding')?.title).toMatch(HAN);
  });

  it('evidence that names a series can be drawn', async () => {
    const { findings } = await sim.json<FindingsResponse>('/api/v1/findings');
    const named = findings.flatMap(({ cluster, jobId, evidence }) =>
      evidence.flatMap(({ series }) => (series === undefined ? [] : [{ cluster, jobId, series }])),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const { cluster, jobId, series } of named) {
      const query = new URLSearchParams({ metric: series.metric });
      if (series.vertexId !== undefined) query.set('vertex', series.vertexId);
      if (series.subtask !== undefined) query.set('subtask', String(series.subtask));
      const response = await sim.get(`/api/v1/jobs/${cluster}/${jobId}/series?${query}`);
      expect(`${series.metric}: ${response.status}`).toBe(`${series.metric}: 200`);
    }
  });

  const series: readonly { readonly query: string; readonly lines: number }[] = [
    { query: '', lines: 4 },
    { query: '?metric=busyRatio&vertex=VERTEX', lines: 4 },
    { query: '?metric=busyRatio&vertex=VERTEX&subtask=3', lines: 1 },
    { query: '?metric=lagRecords', lines: 1 },
    { query: '?metric=heapUsedRatio', lines: 9 },
  ];
  for (const { query, lines } of series) {
    it(`series${query} has ${lines} line(s) with figures`, async () => {
      const page = await sim.json<JobPage>(pathOf('/jobs/{cluster}/{jobId}'));
      const vertexId = page.vertices.find(({ name }) => name === 'enrich')?.vertexId ?? '';
      const path = `${pathOf('/jobs/{cluster}/{jobId}/series')}${query.replace('VERTEX', vertexId)}`;
      const answer = await sim.json<SeriesResponse>(path);
      expect(answer.lines).toHaveLength(lines);
      for (const line of answer.lines) expect(line.points.some(([, value]) => value !== null)).toBe(true);
    });
  }
});

const ORDER = ['critical', 'warning', 'unknown', 'info', 'ok'];
const byUrgency = (a: string, b: string): number => ORDER.indexOf(a) - ORDER.indexOf(b);

describe('filters', () => {
  const jobs: readonly { readonly query: string; readonly keeps: (row: JobRow) => boolean }[] = [
    { query: 'cluster=sim', keeps: () => true },
    { query: 'cluster=other', keeps: () => false },
    { query: 'state=running', keeps: () => true },
    { query: 'state=FAILED', keeps: () => false },
    { query: 'severity=critical', keeps: ({ worst }) => worst === 'critical' },
    { query: 'severity=ok', keeps: ({ worst }) => worst === 'ok' },
    { query: 'q=ORDERS', keeps: ({ name }) => name === 'orders-enrich' },
    { query: 'q=one%20key', keeps: ({ name }) => name === 'orders-enrich' },
    { query: 'severity=critical&q=payments', keeps: () => false },
    { query: 'q=', keeps: () => true },
  ];
  for (const { query, keeps } of jobs) {
    it(`/jobs?${query}`, async () => {
      const all = await sim.json<JobsResponse>('/api/v1/jobs');
      const filtered = await sim.json<JobsResponse>(`/api/v1/jobs?${query}`);
      expect(filtered.jobs.map(({ name }) => name)).toEqual(all.jobs.filter(keeps).map(({ name }) => name));
    });
  }

  type Found = FindingsResponse['findings'][number];
  const findings: readonly { readonly query: string; readonly keeps: (finding: Found) => boolean }[] = [
    { query: 'state=firing', keeps: ({ state }) => state === 'firing' },
    { query: 'role=root', keeps: ({ role }) => role === 'root' },
    { query: 'job=orders-enrich', keeps: ({ jobName }) => jobName === 'orders-enrich' },
    { query: 'job=JOBID', keeps: ({ jobName }) => jobName === 'orders-enrich' },
    { query: 'cluster=other', keeps: () => false },
    {
      query: 'state=firing&role=symptom&job=orders-enrich',
      keeps: ({ state, role, jobName }) => state === 'firing' && role === 'symptom' && jobName === 'orders-enrich',
    },
  ];
  for (const { query, keeps } of findings) {
    it(`/findings?${query}`, async () => {
      const all = await sim.json<FindingsResponse>('/api/v1/findings');
      const filtered = await sim.json<FindingsResponse>(`/api/v1/findings?${query.replace('JOBID', job.jobId)}`);
      expect(filtered.findings.map(({ id }) => id)).toEqual(all.findings.filter(keeps).map(({ id }) => id));
    });
  }

  it('/recommendations?job=', async () => {
    const all = await sim.json<RecommendationsResponse>('/api/v1/recommendations');
    const own = await sim.json<RecommendationsResponse>('/api/v1/recommendations?job=billing-sink');
    expect(own.recommendations.length).toBeGreaterThan(0);
    expect(own.recommendations).toEqual(all.recommendations.filter(({ jobName }) => jobName === 'billing-sink'));
  });
});

describe('language', () => {
  const cases: readonly {
    readonly name: string;
    readonly path: string;
    readonly header?: string;
    readonly chinese: boolean;
  }[] = [
    { name: 'nothing asked for', path: '/api/v1/rules', chinese: false },
    { name: '?lang=zh-CN', path: '/api/v1/rules?lang=zh-CN', chinese: true },
    { name: '?lang=zh', path: '/api/v1/rules?lang=zh', chinese: true },
    { name: 'Accept-Language: zh-CN', path: '/api/v1/rules', header: 'zh-CN', chinese: true },
    { name: 'a Chinese browser', path: '/api/v1/rules', header: 'zh-CN,zh;q=0.9,en;q=0.8', chinese: true },
    { name: 'an English browser', path: '/api/v1/rules', header: 'en-GB,en;q=0.9,zh-CN;q=0.5', chinese: false },
    { name: 'a language Weir has not', path: '/api/v1/rules', header: 'de', chinese: false },
    { name: '?lang wins', path: '/api/v1/rules?lang=en', header: 'zh-CN', chinese: false },
  ];
  for (const { name, path, header, chinese } of cases) {
    it(`${name}: ${chinese ? 'Chinese' : 'English'}`, async () => {
      const { rules } = await sim.json<RulesResponse>(path, header === undefined ? {} : { 'Accept-Language': header });
      for (const { title } of rules) expect(HAN.test(title)).toBe(chinese);
      const page = await sim.json<RulePage>(
        path.replace('/rules', '/rules/skew-hot-key'),
        header === undefined ? {} : { 'Accept-Language': header },
      );
      expect(HAN.test(page.markdown)).toBe(chinese);
    });
  }

  it('findings, advice, verdict and headline follow it', async () => {
    const page = await sim.json<JobPage>(`${pathOf('/jobs/{cluster}/{jobId}')}?lang=zh-CN`);
    const texts = [
      page.answer,
      page.job.headline?.title,
      ...page.findings.flatMap(({ title, summary, evidence }) => [title, summary, ...evidence.map((one) => one.label)]),
      ...page.recommendations.flatMap(({ title, prerequisites }) => [title, ...prerequisites]),
    ];
    for (const text of texts) expect(text).toMatch(HAN);
  });
});

describe('problems are RFC 9457', () => {
  const cases: readonly { readonly path: string; readonly status: number; readonly says: string }[] = [
    { path: '/api/v1/jobs/sim/ffffffffffffffffffffffffffffffff', status: 404, says: 'No job' },
    { path: '/api/v1/jobs/nowhere/JOBID', status: 404, says: 'nowhere' },
    { path: '/api/v1/jobs/sim/nope/series', status: 404, says: 'No job' },
    { path: '/api/v1/jobs/sim/JOBID/series?metric=nonsense', status: 400, says: '"metric" must be one of' },
    { path: '/api/v1/jobs/sim/JOBID/series?vertex=nope', status: 404, says: 'no vertex "nope"' },
    { path: '/api/v1/jobs/sim/JOBID/series?points=1', status: 400, says: '"points" must be a number from 2' },
    { path: '/api/v1/jobs/sim/JOBID/series?points=many', status: 400, says: 'not "many"' },
    { path: '/api/v1/jobs/sim/JOBID/series?from=2&to=1', status: 400, says: '"from" (2) must be before "to" (1)' },
    { path: '/api/v1/jobs/sim/JOBID/series?from=0', status: 400, says: '90 days' },
    { path: '/api/v1/jobs/sim/JOBID/checkpoints?from=yesterday', status: 400, says: 'yesterday' },
    { path: '/api/v1/jobs?severity=bad', status: 400, says: 'critical, warning' },
    { path: '/api/v1/jobs?q=a&q=b', status: 400, says: 'once' },
    { path: '/api/v1/findings?state=open', status: 400, says: 'pending, firing, resolved' },
    { path: '/api/v1/findings?role=boss', status: 400, says: 'root, symptom' },
    { path: '/api/v1/rules/no-such-rule', status: 404, says: 'no rule "no-such-rule"' },
    { path: '/api/v1/rules/..%2F..%2Fpackage', status: 404, says: 'no rule' },
    { path: '/api/v1/nonsense', status: 404, says: '/api/v1/openapi.json' },
    { path: '/api/v1/jobs/%E0/x', status: 400, says: 'percent-encoding' },
    { path: '/assets/missing.js', status: 404, says: 'missing.js' },
  ];
  for (const { path, status, says } of cases) {
    it(`GET ${path} is ${status}`, async () => {
      const response = await sim.get(path.replace('JOBID', job.jobId));
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      const body: unknown = await response.json();
      expect(SHAPES['Problem']?.safeParse(body).success).toBe(true);
      expect(body).toMatchObject({ status, detail: expect.stringContaining(says) as unknown });
    });
  }

  for (const method of ['POST', 'PUT', 'DELETE']) {
    it(`${method} /api/v1/jobs is not part of the API`, async () => {
      const response = await fetch(`${sim.url}/api/v1/jobs`, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    });
  }
});

describe('the event stream', () => {
  it('begins with the fleet, and after a round sends the fleet and each job that was judged', async () => {
    const events = await readEvents(`${sim.url}/api/v1/stream?lang=zh-CN`);
    expect(events.response.headers.get('content-type')).toContain('text/event-stream');
    expect(events.response.headers.get('content-encoding')).toBeNull();
    const first = await events.next();
    expect(first.type).toBe('fleet');
    expect(first.type === 'fleet' ? first.jobs.find(({ name }) => name === job.name)?.headline?.title : '').toMatch(
      HAN,
    );

    await sim.beats(1);
    const second = await events.next();
    const rest = [await events.next(), await events.next(), await events.next(), await events.next()];
    expect(second).toMatchObject({ type: 'fleet', atMs: sim.nowMs() });
    expect(rest.map(({ type }) => type)).toEqual(['job', 'job', 'job', 'job']);
    for (const event of [first, second, ...rest]) expect(SHAPES['StreamEvent']?.safeParse(event).error).toBeUndefined();
    events.close();
  });

  it('takes 200 listeners and tells the next one why not', async () => {
    const open = await Promise.all(Array.from({ length: 200 }, () => readEvents(`${sim.url}/api/v1/stream`)));
    const refused = await sim.get('/api/v1/stream');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ title: 'Too many listeners' });
    for (const events of open) events.close();
  });
});

describe('answers are compressed where it pays', () => {
  it('a long one, for a client that takes gzip', async () => {
    const response = await sim.get('/api/v1/jobs', { 'Accept-Encoding': 'gzip' });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(SHAPES['JobsResponse']?.safeParse(await response.json()).success).toBe(true);
  });
  it.each([
    ['a client that takes none', '/api/v1/jobs', 'identity'],
    ['a short one', '/api/v1/jobs?q=nothing-like-this', 'gzip'],
  ])('not for %s', async (_, path, encoding) => {
    const response = await sim.get(path, { 'Accept-Encoding': encoding });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(SHAPES['JobsResponse']?.safeParse(await response.json()).success).toBe(true);
  });
});
