import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { failure } from '../flink/failures.js';
import type { ReadFailure } from '../model/index.js';
import { ADDRESSES_MAX_AGE_MS, MAX_TARGETS } from './limits.js';

/** Where the reporters of a cluster answer: URLs, or a DNS name with one address for each process (a headless service). */
export type ReporterTargets =
  { readonly urls: readonly string[] } | { readonly dns: string; readonly port: number; readonly path: string };

/** What a DNS name stands for. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export interface KnownTargets {
  readonly urls: readonly string[];
  readonly problem?: ReadFailure;
}

export const resolveAll: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address).sort();

/** The targets now. A name that cannot be resolved keeps the addresses it had. */
export function createTargets(targets: ReporterTargets, resolve: Resolve): (nowMs: number) => Promise<KnownTargets> {
  if ('urls' in targets) {
    const known = limited(targets.urls);
    return () => Promise.resolve(known);
  }
  let known: KnownTargets = { urls: [] };
  let readMs = -Infinity;
  return async (nowMs) => {
    if (nowMs - readMs < ADDRESSES_MAX_AGE_MS) return known;
    readMs = nowMs;
    try {
      const addresses = await resolve(targets.dns);
      known = limited([...new Set(addresses)].map((address) => urlOf(address, targets.port, targets.path)));
    } catch (cause) {
      // `lookup` rejects with an error of Node's, which has a code.
      const { code = 'unknown' } = cause as NodeJS.ErrnoException;
      const message = `reporters: the DNS name ${targets.dns} has no addresses here (${code}): check its spelling.`;
      known = { urls: known.urls, problem: failure('unreachable', message) };
    }
    return known;
  };
}

const urlOf = (address: string, port: number, path: string): string =>
  `http://${isIPv6(address) ? `[${address}]` : address}:${port}${path}`;

function limited(urls: readonly string[]): KnownTargets {
  if (urls.length <= MAX_TARGETS) return { urls };
  const message = `reporters: ${urls.length} targets; ${urls.length - MAX_TARGETS} are left out, because Weir reads ${MAX_TARGETS} of one cluster.`;
  return { urls: urls.slice(0, MAX_TARGETS), problem: failure('too-large', message) };
}
