import { createServer } from 'node:net';

/**
 * Free ports on the loopback interface, all different. Another process may take one before Flink does; the cluster
 * then fails to start and says so.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => holdPort()));
  // Released together, after all are known, so that no port is handed out twice.
  return Promise.all(held.map(async ({ port, release }) => release().then(() => port)));
}

function holdPort(): Promise<{ port: number; release: () => Promise<void> }> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        fail(new Error('no port from the operating system'));
        return;
      }
      done({ port: address.port, release: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
