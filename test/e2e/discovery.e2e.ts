import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startFakeKubernetes } from '../../collector/discovery/testing/fake-kubernetes.js';
import type { ClustersResponse, JobsResponse, StatusResponse } from '../../dashboard/contract.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import { serveSim } from '../../sim/server.js';
import { startService, temporaryDir, until } from '../support/service.js';

/** A file is read every 5 s; a busy machine gets a few times that. */
const SEEN_MS = 40_000;
/** A cluster that is listed no more is watched for another minute. */
const GONE_MS = 120_000;
/** So that the address of a deployment leads to this machine. */
const DEPLOYMENT = '127.0.0.1';

describe('clusters that nobody has named', () => {
  const dir = temporaryDir();
  const ends: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    dir.remove();
  });

  it('come from a file and from Kubernetes while Weir runs, and go again', async () => {
    const sim = await serveSim(new ClusterSim(DEMO_JOBS.slice(0, 1), Date.now() - 600_000), () => Date.now());
    ends.push(() => sim.close());
    const kubernetes = await startFakeKubernetes();
    ends.push(() => kubernetes.close());
    const list = join(dir.path, 'clusters.yaml');
    const write = (text: string): void => {
      writeFileSync(`${list}.new`, text);
      renameSync(`${list}.new`, list);
    };
    write('');
    const discovery = {
      files: [list],
      kubernetes: { apiServer: kubernetes.url, urlTemplate: 'http://{name}:{port}' },
    };
    // JSON is YAML.
    writeFileSync(join(dir.path, 'weir.yaml'), JSON.stringify({ discovery, store: { kind: 'memory' } }));
    const service = await startService([], dir.path);
    ends.push(() => service.end());
    const reachable = async (): Promise<string> =>
      (await service.json<ClustersResponse>('/api/v1/clusters')).clusters
        .filter(({ state }) => state === 'reachable')
        .map(({ name }) => name)
        .sort()
        .join();
    expect(await reachable()).toBe('');

    write(`- { name: of-the-file, url: "${sim.url}" }`);
    kubernetes.put('flinkdeployments', {
      metadata: { namespace: 'prod', name: DEPLOYMENT },
      spec: { flinkConfiguration: { 'rest.port': new URL(sim.url).port } },
    });
    const both = `of-the-file,prod/${DEPLOYMENT}`;
    await until(async () => (await reachable()) === both, SEEN_MS, 'both clusters to be read');
    const { jobs } = await service.json<JobsResponse>(
      `/api/v1/jobs?cluster=${encodeURIComponent(`prod/${DEPLOYMENT}`)}`,
    );
    expect(jobs).toHaveLength(1);

    await kubernetes.goDown();
    write('- { name: of-the-file }');
    const failures = async (): Promise<string> =>
      (await service.json<StatusResponse>('/api/v1/status')).discoveries
        .flatMap(({ source, failure }) => (failure === undefined ? [] : source.split(' ', 1)))
        .join();
    await until(async () => (await failures()) === 'file,kubernetes', SEEN_MS, 'both sources to be told as failed');
    expect(await reachable()).toBe(both);

    await kubernetes.comeUp();
    kubernetes.delete('flinkdeployments', 'prod', DEPLOYMENT);
    write(`- { name: of-the-file, url: "${sim.url}" }`);
    await until(async () => (await reachable()) === 'of-the-file', GONE_MS, 'the deleted deployment to be gone');
    expect(await failures()).toBe('');
  });
});
