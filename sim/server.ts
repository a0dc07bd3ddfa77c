import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterSim } from './model/cluster-sim.js';
import { createRouter } from './rest/router.js';

export interface SimServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a simulated cluster as Flink's REST on loopback. Before each answer the model lives up to `nowMs()`. */
export async function serveSim(cluster: ClusterSim, nowMs: () => number, port = 0): Promise<SimServer> {
  const route = createRouter(cluster);
  const server = createServer((request, response) => {
    cluster.advanceTo(nowMs());
    const { status, body } =
      request.method === 'GET' ? route(request.url ?? '/') : { status: 404, body: { errors: ['Not found'] } };
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo; // A TCP server that listens has an AddressInfo.
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
