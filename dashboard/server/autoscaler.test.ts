import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AutoscalerResponse, JobPage, JobsResponse } from '../contract.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { SHAPES } from '../../test/support/wire-shapes.js';

let sim: ServedSim;
const jobs = new Map<string, string>();

beforeAll(async () => {
  sim = await serveSimulated();
  await sim.beats(SETTLED_BEATS);
  for (const { name, jobId } of (await sim.json<JobsResponse>('/api/v1/jobs')).jobs) jobs.set(name, jobId);
}, 60_000);
afterAll(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

async function answer(job: string, query = ''): Promise<AutoscalerResponse> {
  const body = await sim.json<AutoscalerResponse>(`/api/v1/jobs/sim/${jobs.get(job) ?? ''}/autoscaler${query}`);
  expect(SHAPES['AutoscalerResponse']?.safeParse(body).error?.issues ?? []).toEqual([]);
  return body;
}

describe('what the autoscaler would do', () => {
  it('adds subtasks for a hot key, where Weir adds none and says why', async () => {
    const { outcome, vertices } = await answer('orders-enrich');
    expect(outcome).toBe('decided');
    const hot = vertices.find(({ vertexName }) => vertexName.includes('enrich'));
    expect(hot?.to).toBeGreaterThan(hot?.from ?? Infinity);
    expect(hot?.own).toBe(hot?.from);
    expect(hot?.why).toContain('more of them do not remove the cause');
  });

  it('stands beside the parallelism that Weir advises', async () => {
    const advised = await Promise.all(
      [...jobs].map(async ([name, jobId]) => {
        const { recommendations } = await sim.json<JobPage>(`/api/v1/jobs/sim/${jobId}`);
        const change = recommendations
          .filter(({ kind }) => kind === 'parallelism')
          .flatMap(({ changes }) => changes)
          .find(({ scope }) => scope === 'vertex');
        return change === undefined ? undefined : { name, change };
      }),
    );
    const some = advised.filter((item) => item !== undefined);
    expect(some.length).toBeGreaterThan(0);
    for (const { name, change } of some) {
      const { outcome, vertices } = await answer(name);
      if (outcome !== 'decided') continue;
      expect(vertices.find(({ vertexId }) => vertexId === change.vertexId)?.own).toBe(change.to);
    }
  });

  it('every difference has its reason, in the language asked for', async () => {
    for (const name of jobs.keys()) {
      const { vertices } = await answer(name, '?lang=zh-CN&version=1.10.0');
      for (const { to, own, why } of vertices) {
        expect(why === undefined).toBe(to === own);
        if (why !== undefined) expect(why).toMatch(/\p{Script=Han}/u);
      }
    }
  });

  it.each([
    [
      'a release that is not modelled',
      () => `/api/v1/jobs/sim/${jobs.get('orders-enrich') ?? ''}/autoscaler?version=9`,
      400,
    ],
    ['a job that is not known', () => '/api/v1/jobs/sim/gone/autoscaler', 404],
  ])('%s is refused', async (_name, path, status) => {
    expect((await sim.get(path())).status).toBe(status);
  });
});
