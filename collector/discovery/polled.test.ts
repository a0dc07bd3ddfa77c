import { describe, expect, it } from 'vitest';
import type { ReadFailure } from '../model/index.js';
import { createManualClock } from '../testing/manual-clock.js';
import type { DiscoveredCluster } from './discovery.js';
import { MAX_CLUSTERS_PER_SOURCE } from './limits.js';
import { createPolledDiscovery } from './polled.js';

const SOURCE = 'test';
const A: DiscoveredCluster = { name: 'a', urls: ['http://a'], source: SOURCE };
const DOWN: ReadFailure = { kind: 'unreachable', message: 'refused' };

function polled(answers: readonly (readonly DiscoveredCluster[] | ReadFailure)[]) {
  const clock = createManualClock(0);
  const askedMs: number[] = [];
  const changes: string[] = [];
  const discovery = createPolledDiscovery({
    source: SOURCE,
    intervalMs: 1_000,
    clock,
    random: () => 0.5,
    read: () => {
      const atMs = clock.nowMs();
      const answer = answers[Math.min(askedMs.length, answers.length - 1)] ?? DOWN;
      askedMs.push(atMs);
      return Promise.resolve(
        'message' in answer ? { ok: false, failure: answer, atMs } : { ok: true, value: answer, atMs },
      );
    },
  });
  discovery.onChange(() => {
    const { clusters, failure } = discovery.status();
    changes.push(failure === undefined ? `${clusters}` : `${clusters}, ${failure.message.slice(0, 20)}`);
  });
  return { clock, discovery, askedMs, changes };
}

describe('a source that is asked again and again', () => {
  it('is told of only when something is another', async () => {
    const { clock, discovery, changes } = polled([[], [A], [A], [A], []]);
    discovery.start();
    await clock.advance(10_000);
    expect(changes).toEqual(['1', '0']);
    await discovery.stop();
  });

  it('is asked less and less while it fails, keeps its set, and is asked as before when it is back', async () => {
    const { clock, discovery, askedMs, changes } = polled([[A], DOWN, DOWN, DOWN, DOWN, [A]]);
    discovery.start();
    await clock.advance(20_000);
    expect(askedMs.slice(0, 8)).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 17_000, 18_000]);
    expect(changes).toEqual(['1', '1, refused', '1']);
    expect(discovery.clusters()).toEqual([A]);
    expect(discovery.status().lastReadMs).toBe(20_000);
    await discovery.stop();
  });

  it.each(['http://', 'ftp://a', '{apiServer}/a', ''])(
    'that gives a cluster the URL %j: it is left out, and said',
    async (url) => {
      const { clock, discovery } = polled([[A, { ...A, name: 'b', urls: [url] }, { ...A, name: 'c' }]]);
      discovery.start();
      await clock.advance(0);
      expect(discovery.clusters().map(({ name }) => name)).toEqual(['a', 'c']);
      expect(discovery.status().failure?.message).toMatch(/test: cluster b has no http URL .* left out/);
      await discovery.stop();
    },
  );

  it('that lists more than Weir takes: the rest is left out, and said', async () => {
    const many = Array.from({ length: MAX_CLUSTERS_PER_SOURCE + 5 }, (_, n) => ({ ...A, name: `c${n}` }));
    const { clock, discovery } = polled([many]);
    discovery.start();
    await clock.advance(0);
    expect(discovery.status()).toMatchObject({ clusters: MAX_CLUSTERS_PER_SOURCE, failure: { kind: 'too-large' } });
    expect(discovery.status().failure?.message).toContain('5 are left out');
    await discovery.stop();
  });
});
