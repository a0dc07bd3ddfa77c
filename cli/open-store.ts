import {
  createMemoryStore,
  openDuckDbStore,
  openInfluxStore,
  openVictoriaStore,
  StoreProbeError,
  type SeriesStore,
} from '../collector/index.js';
import { UsageError } from './config/load.js';
import type { Config } from './config/schema.js';

/** Opens the store that the configuration names. A shared server that is away does not hold up the start: rows wait for it. */
export async function openStore(config: Config['store'], log: (line: string) => void): Promise<SeriesStore> {
  const { kind, dir, url, database, username, passwordFile, maxBytes, minFreeBytes } = config;
  const retention = { rawMs: config.retention.raw, rollupMs: config.retention.rollup };
  if (kind === 'memory') return createMemoryStore();
  const embedded = (): Promise<SeriesStore> => openDuckDbStore({ dir, retention, maxBytes, minFreeBytes, log });
  if (kind === 'duckdb') return embedded();
  // The configuration was checked: a server's kind has a url.
  const server = {
    url: url ?? '',
    database,
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    log,
  };
  if (kind === 'victoriametrics')
    return openVictoriaStore({ ...server, rawKeptMs: retention.rawMs, records: await embedded() });
  try {
    return await openInfluxStore({ ...server, retention });
  } catch (error) {
    throw error instanceof StoreProbeError ? new UsageError([error.message]) : error;
  }
}
