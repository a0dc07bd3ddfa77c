import { systemClock, type Clock } from '../clock.js';
import type { Reading } from '../model/index.js';
import { backOffMs } from '../plan/back-off.js';
import type { DiscoveredCluster, Discovery } from './discovery.js';
import { KnownClusters } from './known-clusters.js';

export interface PolledOptions {
  readonly source: string;
  readonly intervalMs: number;
  /** Never rejects for what the source does. */
  readonly read: (signal: AbortSignal) => Promise<Reading<readonly DiscoveredCluster[]>>;
  readonly close?: () => Promise<void>;
  readonly clock?: Clock;
  /** 0..1, for the jitter of the back-off. Default `Math.random`. */
  readonly random?: () => number;
}

/** A discovery that asks its source again and again; less and less often while that fails. */
export function createPolledDiscovery(options: PolledOptions): Discovery {
  const { source, intervalMs, read, clock = systemClock, random = Math.random } = options;
  const known = new KnownClusters(source);
  const stop = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      const reading = await read(stop.signal);
      if (stop.signal.aborted) return;
      failures = reading.ok ? 0 : failures + 1;
      if (reading.ok) known.set(reading.value, reading.atMs);
      else known.fail(reading.failure);
      await clock.sleep(failures === 0 ? intervalMs : backOffMs(failures, intervalMs, random()), stop.signal);
    }
  }

  return {
    source,
    start() {
      loop ??= run();
    },
    async stop() {
      stop.abort();
      await options.close?.();
      await loop;
    },
    clusters: () => known.all,
    status: () => known.status(),
    onChange: (listener) => known.onChange(listener),
  };
}
