import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock.js';
import type { DiscoveredCluster, Discovery } from './discovery.js';
import { GONE_KEPT_MS } from './limits.js';

export interface FollowOptions {
  /** The first one that names a cluster has it. */
  readonly discoveries: readonly Discovery[];
  /** Begins to watch a cluster, or watches the one of this name at its new address. */
  readonly put: (cluster: DiscoveredCluster) => void;
  /** The cluster is gone. */
  readonly remove: (name: string) => void;
  /** Two sources name the same cluster; told once for each. */
  readonly onConflict?: (name: string, kept: string, ignored: string) => void;
  readonly clock?: Clock;
}

/** Keeps what is watched equal to what the sources say. */
export interface Following {
  /** Puts what is known at once, then follows. */
  start(): void;
  stop(): Promise<void>;
}

export function followClusters(options: FollowOptions): Following {
  const { discoveries, put, remove, clock = systemClock } = options;
  const watched = new Map<string, DiscoveredCluster>();
  const goneSinceMs = new Map<string, number>();
  /** Clusters that are gone and are looked at again when their time is over. */
  const waits = new Set<string>();
  const conflicts = new Set<string>();
  const stopped = new AbortController();
  // Each cluster that is gone waits on it.
  setMaxListeners(0, stopped.signal);
  let subscriptions: (() => void)[] = [];

  function wanted(): ReadonlyMap<string, DiscoveredCluster> {
    const byName = new Map<string, DiscoveredCluster>();
    for (const cluster of discoveries.flatMap((discovery) => discovery.clusters())) {
      const first = byName.get(cluster.name);
      if (first === undefined) byName.set(cluster.name, cluster);
      else tellConflict(first, cluster);
    }
    return byName;
  }

  function tellConflict(first: DiscoveredCluster, second: DiscoveredCluster): void {
    const key = JSON.stringify([first.name, first.source, second.source]);
    if (conflicts.has(key)) return;
    conflicts.add(key);
    options.onConflict?.(first.name, first.source, second.source);
  }

  function update(): void {
    if (stopped.signal.aborted) return;
    const now = wanted();
    for (const name of [...watched.keys()]) if (!now.has(name)) noteGone(name);
    for (const [name, cluster] of now) {
      goneSinceMs.delete(name);
      const before = watched.get(name);
      if (before !== undefined && address(before) === address(cluster)) continue;
      watched.set(name, cluster);
      put(cluster);
    }
  }

  function noteGone(name: string): void {
    const nowMs = clock.nowMs();
    const sinceMs = goneSinceMs.get(name) ?? nowMs;
    const leftMs = sinceMs + GONE_KEPT_MS - nowMs;
    if (leftMs > 0) {
      goneSinceMs.set(name, sinceMs);
      lookAgainIn(leftMs, name);
      return;
    }
    goneSinceMs.delete(name);
    watched.delete(name);
    remove(name);
  }

  /** A timer may end a millisecond before its time by the clock, or the clock be set back: then the rest is waited for as well. */
  function lookAgainIn(ms: number, name: string): void {
    if (waits.has(name)) return;
    waits.add(name);
    void clock.sleep(ms, stopped.signal).then(() => {
      waits.delete(name);
      update();
    });
  }

  return {
    start() {
      subscriptions = discoveries.map((discovery) => discovery.onChange(update));
      update();
      for (const discovery of discoveries) discovery.start();
    },
    async stop() {
      stopped.abort();
      for (const end of subscriptions) end();
      await Promise.all(discoveries.map((discovery) => discovery.stop()));
    },
  };
}

/** What makes another connection; a new label does not. */
const address = ({ urls, kind, access, reporters, prometheus }: DiscoveredCluster): string =>
  JSON.stringify([urls, kind, access, reporters, prometheus]);
