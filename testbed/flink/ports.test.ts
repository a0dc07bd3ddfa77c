import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePorts } from './ports.js';

describe('free ports', () => {
  it('are all different, free, and none that an outgoing connection can be given', async () => {
    const ports = await freePorts(40);
    expect(new Set(ports).size).toBe(40);
    for (const port of ports) expect(port).toBeLessThan(32_768);
    const servers = await Promise.all(
      ports.map(
        (port) =>
          new Promise<ReturnType<typeof createServer>>((done, fail) => {
            const server = createServer();
            server.once('error', fail);
            server.listen(port, '127.0.0.1', () => done(server));
          }),
      ),
    );
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  });
});
