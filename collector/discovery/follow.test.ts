import { describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../testing/manual-clock.js';
import type { DiscoveredCluster } from './discovery.js';
import { createFixedDiscovery } from './fixed.js';
import { followClusters } from './follow.js';
import { GONE_KEPT_MS } from './limits.js';
import { createFakeDiscovery, type FakeDiscovery } from './testing/fake-discovery.js';

type Named = Omit<DiscoveredCluster, 'source'>;
const A: Named = { name: 'a', urls: ['http://a:8081'] };
const B: Named = { name: 'b', urls: ['http://b:8081'] };
const DOWN = { kind: 'unreachable', message: 'the source refused the connection' } as const;

interface Followed {
  readonly source: FakeDiscovery;
  readonly second: FakeDiscovery;
  readonly clock: ManualClock;
  /** What was put (`+a`) and removed (`-a`) since the last look. */
  news(): readonly string[];
  stop(): Promise<void>;
}

/** `earlyMs`: so much before their time sleepers wake, as Node's timers do now and then. */
function followed(fixed: readonly Named[] = [], earlyMs = 0): Followed {
  const clock = createManualClock(0);
  const sleep: ManualClock['sleep'] = (ms, signal) => clock.sleep(ms > earlyMs ? ms - earlyMs : ms, signal);
  const source = createFakeDiscovery('first');
  const second = createFakeDiscovery('second');
  const log: string[] = [];
  const following = followClusters({
    discoveries: [
      createFixedDiscovery(
        'configuration',
        fixed.map((cluster) => ({ ...cluster, source: 'configuration' })),
      ),
      source,
      second,
    ],
    put: ({ name, urls }) => log.push(`+${name} ${urls.join(' ')}`),
    remove: (name) => log.push(`-${name}`),
    onConflict: (name, kept, ignored) => log.push(`!${name} of ${kept}, not of ${ignored}`),
    clock: { nowMs: () => clock.nowMs(), sleep },
  });
  following.start();
  return { source, second, clock, news: () => log.splice(0), stop: () => following.stop() };
}

describe('what is watched follows what the sources say', () => {
  it('clusters of the configuration are there from the start', () => {
    expect(followed([A]).news()).toEqual(['+a http://a:8081']);
  });

  it('a new cluster is added once', () => {
    const { source, news } = followed();
    source.say(A);
    source.say(A, B);
    source.say(B, A);
    expect(news()).toEqual(['+a http://a:8081', '+b http://b:8081']);
  });

  it.each<[string, Partial<Named>]>([
    ['its reporters move', { reporters: { urls: ['http://tm:9249/metrics'] } }],
    ['another server scrapes them', { prometheus: { url: 'http://prometheus:9090', match: {} } }],
    ['its access changes', { access: { proxy: 'none' } }],
  ])('a cluster is watched anew when %s', (_what, change) => {
    const { source, news } = followed();
    source.say(A);
    source.say({ ...A, ...change });
    source.say({ ...A, ...change, owner: 'another label is nothing new' });
    expect(news()).toEqual(['+a http://a:8081', '+a http://a:8081']);
  });

  it('a cluster that is listed no more goes after a while', async () => {
    const { source, clock, news } = followed();
    source.say(A, B);
    news();
    source.say(A);
    await clock.advance(GONE_KEPT_MS - 1);
    expect(news()).toEqual([]);
    await clock.advance(1);
    expect(news()).toEqual(['-b']);
  });

  it('and when a timer ends a little early', async () => {
    const { source, clock, news } = followed([], 1);
    source.say(A);
    source.say();
    news();
    await clock.advance(GONE_KEPT_MS - 1);
    expect(news()).toEqual([]);
    await clock.advance(1);
    expect(news()).toEqual(['-a']);
  });

  it('one that is back in time has never gone, however often', async () => {
    const { source, clock, news } = followed();
    source.say(A);
    news();
    for (let n = 0; n < 5; n += 1) {
      source.say();
      await clock.advance(GONE_KEPT_MS / 2);
      source.say(A);
      await clock.advance(GONE_KEPT_MS / 3);
    }
    await clock.advance(GONE_KEPT_MS * 2);
    expect(news()).toEqual([]);
  });

  it('a source that is down keeps its clusters for as long as it takes', async () => {
    const { source, clock, news } = followed();
    source.say(A);
    source.fail(DOWN);
    await clock.advance(GONE_KEPT_MS * 100);
    expect(news()).toEqual(['+a http://a:8081']);
    expect(source.status()).toMatchObject({ clusters: 1, failure: DOWN });
    source.say(A);
    expect(source.status()).not.toHaveProperty('failure');
    expect(news()).toEqual([]);
  });

  it('another address is another connection; another label is not', () => {
    const { source, news } = followed();
    source.say(A);
    source.say({ ...A, labels: { team: 'x' }, owner: 'x' });
    source.say({ ...A, urls: ['http://elsewhere:8081'] });
    source.say({ ...A, urls: ['http://elsewhere:8081'], access: { tls: { caFile: 'ca.pem' } } });
    expect(news()).toEqual(['+a http://a:8081', '+a http://elsewhere:8081', '+a http://elsewhere:8081']);
  });

  it('the first source that names a cluster has it, and the conflict is told once', async () => {
    const { source, second, clock, news } = followed([A]);
    news();
    source.say({ ...A, urls: ['http://other:1'] });
    second.say(B);
    source.say({ ...A, urls: ['http://other:1'] }, { ...B, urls: ['http://b-2:1'] });
    expect(news()).toEqual([
      '!a of configuration, not of first',
      '+b http://b:8081',
      '!b of first, not of second',
      '+b http://b-2:1',
    ]);
    source.say();
    await clock.advance(GONE_KEPT_MS * 2);
    expect(news()).toEqual(['+b http://b:8081']);
  });

  it('after the end nothing is added', async () => {
    const { source, news, stop } = followed();
    await stop();
    source.say(A);
    expect(news()).toEqual([]);
  });
});
