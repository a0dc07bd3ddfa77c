import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSimulated, type ServedSim } from '../../../test/support/served-sim.js';
import type { JobsResponse } from '../../contract.js';

let sim: ServedSim;
let job: { readonly name: string; readonly jobId: string; readonly startMs: number };

beforeAll(async () => {
  sim = await serveSimulated({ basePath: '/flink/weir/' });
  await sim.beats(1);
  const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
  const [first] = jobs;
  if (first === undefined) throw new Error('the demo has no job');
  job = first;
}, 60_000);
afterAll(() => sim.close());

const open = async (query: string): Promise<{ status: number; to: string | null }> => {
  const response = await fetch(`${sim.url}/flink/weir/open?${query}`, { redirect: 'manual' });
  return { status: response.status, to: response.headers.get('location') };
};

describe('/open', () => {
  it('leads from the name of a job to its page, at the moment asked for', async () => {
    const atMs = job.startMs + 60_000;
    expect(await open(`cluster=sim&job=${encodeURIComponent(job.name)}&at=${atMs}`)).toEqual({
      status: 302,
      to: `/flink/weir/jobs/sim/${job.jobId}?at=${atMs}`,
    });
  });

  it('leads to the page of now without a moment', async () => {
    expect((await open(`cluster=sim&job=${encodeURIComponent(job.name)}`)).to).toBe(
      `/flink/weir/jobs/sim/${job.jobId}`,
    );
  });

  it('leads to the fleet, looked for by name, where no such job is known', async () => {
    expect((await open('cluster=sim&job=gone%2F1')).to).toBe('/flink/weir/?q=gone%2F1');
    expect((await open(`cluster=other&job=${encodeURIComponent(job.name)}`)).to).toContain('/flink/weir/?q=');
  });

  it('never leads away from Weir', async () => {
    expect((await open('cluster=sim&job=%2F%2Fevil.example')).to).toBe('/flink/weir/?q=%2F%2Fevil.example');
  });

  it.each(['', 'cluster=sim', 'job=a', 'cluster=sim&job=a&at=noon'])('says what "%s" lacks', async (query) => {
    expect((await open(query)).status).toBe(400);
  });
});
