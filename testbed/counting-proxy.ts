import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What passed through, by kind of request: ids and the list of asked metrics are taken out of the path. */
export type Traffic = ReadonlyMap<string, { readonly requests: number; readonly bytes: number }>;

export interface CountingProxy {
  readonly url: string;
  /** What passed since the last call. */
  take(): Traffic;
  stop(): Promise<void>;
}

/** Passes every request to `target` and counts the bytes of the bodies that come back, as they are on the wire. */
export async function countingProxy(target: string): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let traffic = new Map<string, { requests: number; bytes: number }>();

  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const kind = kindOf(asked.url ?? '');
    const counted = traffic.get(kind) ?? { requests: 0, bytes: 0 };
    traffic.set(kind, counted);
    counted.requests += 1;
    const { host: _host, connection: _connection, ...headers } = asked.headers;
    const passed = request(`${target}${asked.url}`, { method: asked.method, headers, agent }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.on('data', (chunk: Buffer) => (counted.bytes += chunk.length));
      answered.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = traffic;
      traffic = new Map();
      return taken;
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const kindOf = (url: string): string => {
  const path = url.split('?')[0] ?? '';
  const asks = url.includes('get=') ? '?get' : '';
  return (
    path
      .replaceAll(/[0-9a-f]{32}/g, ':id')
      .replaceAll(/\/\d+(?=\/|$)/g, '/:n')
      .replace(/\/tm-\d+/, '/:tm') + asks
  );
};
