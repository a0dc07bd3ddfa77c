import { readFile, stat } from 'node:fs/promises';
import { systemClock, type Clock } from '../../clock.js';
import { failure, quote } from '../../flink/failures.js';
import type { ReadFailure } from '../../model/index.js';
import type { DiscoveredCluster, Discovery } from '../discovery.js';
import { FILE_INTERVAL_MS, MAX_FILE_BYTES } from '../limits.js';
import { createPolledDiscovery } from '../polled.js';

/** A file's text as clusters, or all that is wrong with it. */
export type ParseClusters = (
  text: string,
  source: string,
) =>
  | { readonly ok: true; readonly clusters: readonly DiscoveredCluster[] }
  | { readonly ok: false; readonly problem: string };

export interface FileDiscoveryOptions {
  readonly path: string;
  readonly parse: ParseClusters;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * A list of clusters in a file, read every few seconds: that sees a file written in place, one moved over another and the
 * switched links of a mounted ConfigMap alike. A bad file leaves the last good list in force.
 */
export function createFileDiscovery({ path, parse, clock = systemClock, random }: FileDiscoveryOptions): Discovery {
  const source = `file ${path}`;
  let last: { readonly text: string; readonly parsed: ReturnType<ParseClusters> } | undefined;

  async function read(): Promise<ReturnType<ParseClusters>> {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return { ok: false, problem: `more than ${MAX_FILE_BYTES} bytes` };
    const text = await readFile(path, 'utf8');
    if (last?.text !== text) last = { text, parsed: parse(text, source) };
    return last.parsed;
  }

  const bad = (problem: string): ReadFailure =>
    failure('malformed', `${path}: ${problem}. The clusters of the last good file stay until it is put right.`);

  return createPolledDiscovery({
    source,
    intervalMs: FILE_INTERVAL_MS,
    clock,
    ...(random === undefined ? {} : { random }),
    async read() {
      const atMs = clock.nowMs();
      try {
        const parsed = await read();
        return parsed.ok
          ? { ok: true, value: parsed.clusters, atMs }
          : { ok: false, failure: bad(parsed.problem), atMs };
      } catch (error) {
        // node:fs rejects with Errors.
        return { ok: false, failure: bad(`cannot be read (${quote((error as Error).message)})`), atMs };
      }
    },
  });
}
