import { readFileSync } from 'node:fs';
import { InfluxDB, type IPoint } from 'influx';
import { POINTS_PER_WRITE, SERVER_TIMEOUT_MS } from '../limits.js';
import { RefusedError } from '../server-writer.js';

export interface ServerAddress {
  /** `http://host:8086`, with a path prefix if there is one. */
  readonly url: string;
  readonly database: string;
  readonly username?: string;
  /** A file whose first line is the password. */
  readonly passwordFile?: string;
}

export function influxClient({ url, database, username, passwordFile }: ServerAddress): InfluxDB {
  const { protocol, hostname, port, pathname } = new URL(url);
  const isTls = protocol === 'https:';
  return new InfluxDB({
    hosts: [
      {
        protocol: isTls ? 'https' : 'http',
        host: hostname,
        port: port === '' ? (isTls ? 443 : 80) : Number(port),
        path: pathname === '/' ? '' : pathname.replace(/\/$/, ''),
      },
    ],
    database,
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { password: readFileSync(passwordFile, 'utf8').split('\n', 1)[0] ?? '' }),
    // Batches wait in our own queue, and a server that is back is to be used at once.
    pool: { requestTimeout: SERVER_TIMEOUT_MS, maxRetries: 0, backoff: NO_BACK_OFF },
  });
}

const NO_BACK_OFF = { getDelay: () => 0, next: () => NO_BACK_OFF, reset: () => NO_BACK_OFF };

export interface WriteOptions {
  /** What the points' times are in. Without it the client takes milliseconds for nanoseconds, silently. */
  readonly precision: 'ms' | 'n';
  readonly retentionPolicy?: string;
}

/** Rejects with `RefusedError` when the server says that the points are bad, and with the client's error when it is away. */
export async function writeInPortions(
  client: InfluxDB,
  points: readonly IPoint[],
  options: WriteOptions,
): Promise<void> {
  for (let from = 0; from < points.length; from += POINTS_PER_WRITE) {
    try {
      await client.writePoints(points.slice(from, from + POINTS_PER_WRITE), options);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // The server has kept the others: a point just too old is no loss.
      if (message.includes('points beyond retention policy')) continue;
      const status = statusOf(error);
      if (status !== undefined && REFUSALS.has(status)) throw new RefusedError(message);
      throw error;
    }
  }
}

/** Not 401, 403, 404 or 429: those an operator mends, and what waits is written then. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('res' in error)) return undefined;
  const { res } = error;
  if (typeof res !== 'object' || res === null || !('statusCode' in res)) return undefined;
  return typeof res.statusCode === 'number' ? res.statusCode : undefined;
}
