import { describe, expect, it } from 'vitest';
import { createFixedDiscovery } from './fixed.js';
import { isOfShard, ofShard } from './shard.js';

const names = Array.from({ length: 300 }, (_, nth) => `prod-${nth}`);

describe('shards', () => {
  it.each([1, 2, 3, 7])('of %i: every cluster is of exactly one, and each has its share', (count) => {
    const shares = Array.from({ length: count }, (_, index) =>
      names.filter((name) => isOfShard(name, { index, count })),
    );
    expect(shares.flat().sort()).toEqual([...names].sort());
    for (const share of shares) expect(share.length).toBeGreaterThan((names.length / count) * 0.6);
  });

  it('keep a cluster where it is, release after release', () => {
    expect(['prod-a', 'prod-b', 'staging'].map((name) => isOfShard(name, { index: 0, count: 2 })))
      .toMatchInlineSnapshot(`
      [
        false,
        false,
        false,
      ]
    `);
  });

  it('see of a source only what is theirs', () => {
    const clusters = names.map((name) => ({ name, urls: ['http://x'], source: 'configuration' }));
    const source = createFixedDiscovery('configuration', clusters);
    const found = [0, 1].map((index) => ofShard(source, { index, count: 2 }).clusters().length);
    expect(found[0]).toBeGreaterThan(0);
    expect((found[0] ?? 0) + (found[1] ?? 0)).toBe(names.length);
  });
});
