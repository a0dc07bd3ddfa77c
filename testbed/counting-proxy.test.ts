import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { countingProxy } from './counting-proxy.js';
import { threadCpu } from './flink/thread-cpu.js';

it('passes answers on and counts requests and bytes by kind', async () => {
  const server = createServer((asked, answer) => {
    answer.writeHead(asked.url === '/gone' ? 404 : 200).end('x'.repeat(1_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await countingProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const id = 'a'.repeat(32);
  try {
    expect((await fetch(`${proxy.url}/gone`)).status).toBe(404);
    for (const path of [
      `/jobs/${id}`,
      `/jobs/${id}`,
      `/jobs/${id}/vertices/${id}/metrics?get=0.x`,
      '/taskmanagers/tm-1',
    ])
      expect(await (await fetch(proxy.url + path)).text()).toHaveLength(1_000);
    expect(Object.fromEntries(proxy.take())).toEqual({
      '/gone': { requests: 1, bytes: 1_000 },
      '/jobs/:id': { requests: 2, bytes: 2_000 },
      '/jobs/:id/vertices/:id/metrics?get': { requests: 1, bytes: 1_000 },
      '/taskmanagers/:tm': { requests: 1, bytes: 1_000 },
    });
    expect(proxy.take().size).toBe(0);
  } finally {
    await proxy.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

it.runIf(process.platform === 'linux')('reads what the threads of a process have used', () => {
  const all = Object.values(threadCpu(process.pid)) as number[];
  expect(all.reduce((sum, ns) => sum + ns, 0)).toBeGreaterThan(0);
});
