import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobPage, JobsResponse, RecommendationsResponse, WhatIfResponse } from '../dashboard/contract.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../test/support/served-sim.js';
import { SHAPES } from '../test/support/wire-shapes.js';

const HOURS = 168;
const PRICES = { currency: 'EUR', perCoreHour: 0.04, clusters: {} };

let sim: ServedSim;
beforeAll(async () => {
  sim = await serveSimulated({ prices: PRICES });
  await sim.beats(SETTLED_BEATS);
}, 60_000);
afterAll(() => sim.close());

/** On the mean of the cluster: which of its TaskManagers would go nobody knows. */
function coresPerSlot(): number {
  const [report] = sim.watch.reports();
  const managers = report?.signals.get('taskManagers');
  const all = managers?.ok === true ? managers.value : [];
  const total = (key: 'cpuCores' | 'slots'): number => all.reduce((sum, one) => sum + one[key], 0);
  return total('cpuCores') / total('slots');
}

describe('with prices', () => {
  it('each change of slots says what it adds or frees in a week', async () => {
    const body = await sim.json<RecommendationsResponse>('/api/v1/recommendations');
    expect(SHAPES['RecommendationsResponse']?.safeParse(body).error?.issues ?? []).toEqual([]);
    const sized = body.recommendations.filter(({ cost }) => cost.slots !== 0);
    expect(sized.length).toBeGreaterThan(0);
    for (const { cost } of sized) {
      expect(cost.currency).toBe('EUR');
      expect(cost.money).toBeCloseTo(cost.slots * coresPerSlot() * HOURS * PRICES.perCoreHour, 6);
    }
  });

  it('what costs nothing has no price', async () => {
    const { recommendations } = await sim.json<RecommendationsResponse>('/api/v1/recommendations');
    const free = recommendations.filter(({ cost }) => cost.slots === 0 && cost.memoryBytes === 0);
    expect(free.length).toBeGreaterThan(0);
    for (const { cost } of free) expect(cost.money).toBeUndefined();
  });

  it('“what if” says it as well', async () => {
    const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
    const { jobId = '' } = jobs.find(({ name }) => name === 'orders-enrich') ?? {};
    const { vertices } = await sim.json<JobPage>(`/api/v1/jobs/sim/${jobId}`);
    const widest = Math.max(...vertices.map(({ parallelism = 0 }) => parallelism));
    const changes = [{ scope: 'vertex', vertexId: vertices[1]?.vertexId, to: widest + 3, unit: 'subtasks' }];
    const answer = await sim.post('/api/v1/whatif', { cluster: 'sim', jobId, changes });
    const { cost } = (await answer.json()) as WhatIfResponse; // The API's own answer.
    expect(cost.slots).toBe(3);
    expect(cost.money).toBeCloseTo(3 * coresPerSlot() * HOURS * PRICES.perCoreHour, 6);
  });
});

it('without prices nothing has one', async () => {
  const plain = await serveSimulated();
  await plain.beats(SETTLED_BEATS);
  const { recommendations } = await plain.json<RecommendationsResponse>('/api/v1/recommendations');
  expect(recommendations.some(({ cost }) => cost.money !== undefined)).toBe(false);
  await plain.close();
});
