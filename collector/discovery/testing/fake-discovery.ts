import type { ReadFailure } from '../../model/index.js';
import type { DiscoveredCluster, Discovery } from '../discovery.js';
import { KnownClusters } from '../known-clusters.js';

/** A source of clusters in the hands of a test. */
export interface FakeDiscovery extends Discovery {
  say(...clusters: readonly Omit<DiscoveredCluster, 'source'>[]): void;
  fail(failure: ReadFailure): void;
}

export function createFakeDiscovery(source: string): FakeDiscovery {
  const known = new KnownClusters(source);
  return {
    source,
    start: () => undefined,
    stop: () => Promise.resolve(),
    clusters: () => known.all,
    status: () => known.status(),
    onChange: (listener) => known.onChange(listener),
    say: (...clusters) =>
      known.set(
        clusters.map((cluster) => ({ ...cluster, source })),
        0,
      ),
    fail: (failure) => known.fail(failure),
  };
}

/** Resolves when `condition` holds, looking again at every change of the discovery. */
export function untilHolds(discovery: Discovery, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      if (!condition()) return false;
      end();
      resolve();
      return true;
    };
    const end = discovery.onChange(look);
    look();
  });
}
