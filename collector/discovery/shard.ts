import type { Discovery } from './discovery.js';

/** One of several processes that share the clusters among them. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** Whose cluster it is: the same everywhere and always, whatever other clusters there are. */
export const isOfShard = (cluster: string, { index, count }: Shard): boolean => hashOf(cluster) % count === index;

/** A source of clusters, of which this process watches its share. */
export function ofShard(discovery: Discovery, shard: Shard): Discovery {
  if (shard.count === 1) return discovery;
  return {
    source: discovery.source,
    start: () => discovery.start(),
    stop: () => discovery.stop(),
    clusters: () => discovery.clusters().filter(({ name }) => isOfShard(name, shard)),
    status: () => discovery.status(),
    onChange: (listener) => discovery.onChange(listener),
  };
}

/** FNV-1a with a last mixing: names that differ in their last letter only spread too. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
