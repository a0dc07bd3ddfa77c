import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobPage, JobsResponse, VertexFigures, WhatIfResponse } from '../contract.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { SHAPES } from '../../test/support/wire-shapes.js';

let sim: ServedSim;
const pages = new Map<string, JobPage>();

beforeAll(async () => {
  sim = await serveSimulated();
  await sim.beats(SETTLED_BEATS);
  for (const { name, jobId } of (await sim.json<JobsResponse>('/api/v1/jobs')).jobs) {
    pages.set(name, await sim.json<JobPage>(`/api/v1/jobs/sim/${jobId}`));
  }
}, 60_000);
afterAll(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

function page(name: string): JobPage {
  const found = pages.get(name);
  if (found === undefined) throw new Error(`the demo has no job ${name}`);
  return found;
}
function vertex(job: string, name: string): VertexFigures {
  const found = page(job).vertices.find((candidate) => candidate.name.includes(name));
  if (found === undefined) throw new Error(`${job} has no vertex ${name}`);
  return found;
}
const ask = (job: string, changes: unknown, query = ''): Promise<Response> =>
  sim.post(`/api/v1/whatif${query}`, { cluster: 'sim', jobId: page(job).job.jobId, changes });
async function answer(job: string, changes: unknown, query = ''): Promise<WhatIfResponse> {
  const response = await ask(job, changes, query);
  const body: unknown = await response.json();
  expect(SHAPES['WhatIfResponse']?.safeParse(body).error?.issues ?? []).toEqual([]);
  return body as WhatIfResponse; // Checked by its shape.
}

describe('what the recommendations would bring', () => {
  it('agrees with each parallelism that Weir advises, when its changes are sent as they are', async () => {
    const advised = [...pages.values()].flatMap(({ job, recommendations }) =>
      recommendations.filter(({ kind }) => kind === 'parallelism').map((advice) => ({ job: job.name, advice })),
    );
    expect(advised.length).toBeGreaterThan(0);
    let compared = 0;
    for (const { job, advice } of advised) {
      const { notPredicted, vertices, slots } = await answer(job, advice.changes);
      const served = advice.expected.find(({ metric }) => metric === 'recordsInPerSecond');
      const [change] = advice.changes;
      expect(notPredicted.map(({ why }) => `${advice.title}: ${why}`)).toEqual([]);
      if (served === undefined) continue;
      compared += 1;
      const forecast = vertices.find(({ vertexId }) => vertexId === change?.vertexId);
      expect(forecast?.parallelism.to).toBe(change?.to);
      expect((forecast?.recordsInPerSecond.to ?? 0) / served.to).toBeCloseTo(1, 1);
      expect((slots.needed.to ?? 0) - (slots.needed.from ?? 0)).toBe(advice.cost.slots);
    }
    expect(compared).toBeGreaterThan(0);
  });

  it('a hot key gains nothing by subtasks', async () => {
    const { vertexId } = vertex('orders-enrich', 'enrich');
    const body = await answer('orders-enrich', [{ scope: 'vertex', vertexId, to: 32 }]);
    const forecast = body.vertices.find((candidate) => candidate.vertexId === vertexId);
    expect(forecast?.limit).toContain('one key carries');
    expect(forecast?.busyRatio.to).toBeGreaterThan(0.9);
  });

  it('speaks the language asked for, and tells back what it does not predict as it was asked', async () => {
    const change = { scope: 'job', key: 'state.backend.type', from: null, to: 'rocksdb', unit: '' };
    const body = await answer('payments-ledger', [change], '?lang=zh-CN');
    expect(body.notPredicted).toEqual([{ change, why: expect.stringMatching(/\p{Script=Han}/u) as string }]);
  });

  it('predicts memory', async () => {
    const change = { scope: 'taskmanager', key: 'taskmanager.memory.process.size', to: '8g' };
    const { memory, notPredicted } = await answer('payments-ledger', [change]);
    expect(notPredicted).toEqual([]);
    expect(memory?.to.processBytes).toBe(8 * 2 ** 30);
  });
});

describe('what is refused', () => {
  const table: readonly {
    readonly name: string;
    readonly body: () => unknown;
    readonly status?: number;
    readonly says: readonly string[];
  }[] = [
    { name: 'no changes', body: () => ({ cluster: 'sim', jobId: 'x', changes: [] }), says: ['changes: '] },
    {
      name: 'everything wrong at once, with paths',
      body: () => ({
        cluster: 7,
        changes: [
          { scope: 'vertex', to: 4 },
          { scope: 'job', to: 4 },
          { scope: 'moon', to: {}, extra: 1 },
        ],
      }),
      says: [
        'cluster: ',
        'jobId: ',
        'changes[0].vertexId: which vertex',
        'changes[1].key: ',
        'changes[2].scope: ',
        'changes[2].to: ',
      ],
    },
    {
      name: 'a job that is not known',
      body: () => ({ cluster: 'sim', jobId: 'gone', changes: [{ scope: 'job', key: 'a', to: 1 }] }),
      status: 404,
      says: ['No job gone'],
    },
    { name: 'too much', body: () => ({ cluster: 'x'.repeat(70_000) }), status: 413, says: ['65536 bytes'] },
    { name: 'no JSON', body: () => 'what if', says: ['not valid JSON'] },
  ];
  for (const { name, body, status = 400, says } of table) {
    it(name, async () => {
      const response = await sim.post('/api/v1/whatif', body());
      expect(response.status).toBe(status);
      const problem: unknown = await response.json();
      for (const words of says) expect(problem).toMatchObject({ detail: expect.stringContaining(words) as unknown });
    });
  }

  it('GET is not part of the API', async () => {
    expect((await sim.get('/api/v1/whatif')).status).toBe(404);
  });

  it('while the cluster cannot be read: what is old predicts nothing', async () => {
    sim.fail({ kind: 'unreachable', message: 'nobody listens' });
    await sim.beats(1);
    const response = await ask('orders-enrich', [{ scope: 'job', key: 'parallelism.default', to: 1 }]);
    expect(response.status).toBe(503);
    sim.fail();
    await sim.beats(1);
  });
});
