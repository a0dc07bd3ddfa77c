import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux gives to outgoing connections (from 32768 on): a JVM that connects while it starts took one of
 * those before its neighbour could listen on it, and Flink goes on without a reporter whose port is taken.
 */
const FIRST_PORT = 16_384;
const LAST_PORT = 32_767;
const MOST_TRIES = 100;

/**
 * Free ports on the loopback interface, all different. Another process may take one before Flink does; the cluster
 * then fails to start and says so.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held: Held[] = [];
  for (let i = 0; i < count; i++) held.push(await holdAnyPort());
  // Released together, after all are known, so that no port is handed out twice.
  return Promise.all(held.map(async ({ port, release }) => release().then(() => port)));
}

interface Held {
  readonly port: number;
  readonly release: () => Promise<void>;
}

async function holdAnyPort(): Promise<Held> {
  for (let i = 0; i < MOST_TRIES; i++) {
    const held = await holdPort(randomInt(FIRST_PORT, LAST_PORT + 1));
    if (held !== undefined) return held;
  }
  throw new Error(`no free port in ${MOST_TRIES} tries between ${FIRST_PORT} and ${LAST_PORT}`);
}

/** Undefined for one that is taken. */
function holdPort(port: number): Promise<Held | undefined> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    );
    server.listen(port, '127.0.0.1', () => {
      done({ port, release: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
