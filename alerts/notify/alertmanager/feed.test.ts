import { describe, expect, it } from 'vitest';
import { routeOf, sightingOf, viewWith } from '../../testing/build.js';
import type { Outcome } from '../outcome.js';
import { UNKNOWN_MS, type Route } from '../settings.js';
import type { ClusterView, Sighting } from '../sighting.js';
import { HELD_MS, type Alert } from './alerts.js';
import { AlertmanagerFeed, MAX_BATCH } from './feed.js';

const T0 = Date.UTC(2026, 10, 30, 12);
const S = 1_000;
const A = sightingOf('orders/skew-hot-key', { firstSeenMs: T0 - 60 * S });
const B = sightingOf('payments/ckpt-async', { firstSeenMs: T0 - 30 * S });
const iso = (ms: number): string => new Date(ms).toISOString();

function feed(outcomes: readonly Outcome[] = [], routes: readonly Route[] = [routeOf({ channels: ['am'] })]) {
  const posts: (readonly Alert[])[] = [];
  const said: string[] = [];
  const counts: string[] = [];
  const made = new AlertmanagerFeed({
    channel: 'am',
    routes,
    publicUrl: 'https://weir.example',
    post: async (alerts) => {
      posts.push(alerts);
      return outcomes[posts.length - 1] ?? { kind: 'sent' };
    },
    count: (_channel, outcome) => counts.push(outcome),
    say: (level, _channel, what) => said.push(`${level}: ${what}`),
  });
  return {
    posts,
    said,
    counts,
    async at(
      seconds: number,
      sightings?: readonly Sighting[],
      more?: Partial<ClusterView>,
    ): Promise<readonly string[]> {
      const before = posts.length;
      if (sightings !== undefined) made.observe(viewWith(sightings, more), T0 + seconds * S);
      await made.tick(T0 + seconds * S);
      return posts
        .slice(before)
        .flat()
        .map(({ labels, endsAt }) => {
          const endsMs = Date.parse(endsAt) - T0;
          return `${labels['job_name'] ?? labels['cluster'] ?? ''} ${endsMs === seconds * S + HELD_MS ? 'stands' : `ended ${endsMs / S}`}`;
        });
    },
  };
}

describe('what Alertmanager is told', () => {
  it('has the labels of the exported rules, the cause, the action and the links', async () => {
    const { at, posts } = feed();
    await at(0, [A]);
    const page = 'https://weir.example/jobs/prod-a/id-of-orders?at=2000&v=v1&lang=en';
    expect(posts).toEqual([
      [
        {
          labels: {
            alertname: 'WeirSkewHotKey',
            cluster: 'prod-a',
            job_name: 'orders',
            rule: 'skew-hot-key',
            severity: 'warning',
            vertex: 'Keyed Aggregate',
            owner: 'payments',
          },
          annotations: {
            summary: 'orders (prod-a): Trouble of skew-hot-key',
            description: 'It is slow.\nbusy: 98 % (limit ≥ 80 %), over 60 s',
            action: 'Raise it',
            diff: '- a: 1\n+ a: 2',
            runbook_url: 'https://weir.example/rules/skew-hot-key?lang=en',
            link: page,
          },
          startsAt: iso(T0 - 60 * S),
          endsAt: iso(T0 + HELD_MS),
          generatorURL: page,
        },
      ],
    ]);
  });

  it('names criticals as the rules do', async () => {
    const { at, posts } = feed();
    await at(0, [{ ...A, severity: 'critical' }]);
    expect(posts[0]?.[0]?.labels).toMatchObject({ alertname: 'WeirSkewHotKeyCritical', severity: 'critical' });
  });
});

describe('what stands', () => {
  it('is sent again every minute, with an end that has moved on', async () => {
    const { at } = feed();
    expect(await at(0, [A])).toEqual(['orders stands']);
    expect(await at(10, [A])).toEqual([]);
    expect(await at(59, [A])).toEqual([]);
    expect(await at(60, [A])).toEqual(['orders stands']);
    // Nobody has to see it again for that.
    expect(await at(120)).toEqual(['orders stands']);
  });

  it('is sent soon after a change', async () => {
    const { at } = feed();
    await at(0, [A]);
    expect(await at(2, [A, B])).toEqual([]);
    expect(await at(6)).toEqual(['orders stands', 'payments stands']);
  });

  it('stands while its cluster cannot be read, and that is said too', async () => {
    const { at } = feed();
    await at(0, [A]);
    await at(10, [A], { state: 'unknown' });
    expect(await at(10 + UNKNOWN_MS / S, [A], { state: 'unknown' })).toEqual(['orders stands', 'prod-a stands']);
  });

  it('is cut into parts', async () => {
    const { at, posts } = feed();
    await at(
      0,
      Array.from({ length: MAX_BATCH + 1 }, (_, i) => sightingOf(`job-${i}/tm-lost`)),
    );
    expect(posts.map(({ length }) => length)).toEqual([MAX_BATCH, 1]);
  });
});

describe('what has ended', () => {
  it('is told for two minutes more, as clocks differ', async () => {
    const { at } = feed();
    await at(0, [A, B]);
    expect(await at(10, [B])).toEqual(['payments stands', 'orders ended 10']);
    expect(await at(70, [B])).toEqual(['payments stands', 'orders ended 10']);
    expect(await at(130, [B])).toEqual(['payments stands', 'orders ended 10']);
    expect(await at(190, [B])).toEqual(['payments stands']);
  });

  it('is told when it is put aside, and when nobody watches the cluster', async () => {
    const { at } = feed();
    await at(0, [A]);
    expect(await at(10, [{ ...A, isToTell: false }])).toEqual(['orders ended 10']);
    await at(20, [A]);
    expect(await at(30, [], { state: 'gone' })).toEqual(['orders ended 30']);
  });

  it('is told until it is taken', async () => {
    const { at } = feed([{ kind: 'sent' }, { kind: 'later', why: 'HTTP 503', maybeArrived: false }]);
    await at(0, [A]);
    expect(await at(10, [])).toEqual(['orders ended 10']);
    expect(await at(15)).toEqual(['orders ended 10']);
    expect(await at(150)).toEqual(['orders ended 10']);
    expect(await at(210)).toEqual([]);
  });
});

describe('an Alertmanager that does not answer', () => {
  it('is asked again, said once, and said when it is back', async () => {
    const refusal: Outcome = { kind: 'later', why: 'no answer in time', maybeArrived: true };
    const { at, said, counts } = feed([refusal, refusal]);
    for (const seconds of [0, 5, 10]) await at(seconds, [A]);
    expect(said).toEqual(['warn: no answer in time; sent again until it is taken', 'info: takes alerts again']);
    expect(counts).toEqual(['retried', 'retried', 'sent']);
  });

  it('is asked when it said', async () => {
    const { at, posts } = feed([{ kind: 'later', why: 'HTTP 429', maybeArrived: false, afterMs: 30 * S }]);
    await at(0, [A]);
    await at(29, [A]);
    expect(posts).toHaveLength(1);
    await at(30, [A]);
    expect(posts).toHaveLength(2);
  });
});

it('only what its routes take is told', async () => {
  const routes = [
    routeOf({ name: 'mail', channels: ['mail'], match: { severity: 'warning', jobs: ['orders'] } }),
    routeOf({ name: 'rest', channels: ['am'], language: 'zh-CN' }),
  ];
  const { at, posts } = feed([], routes);
  expect(await at(0, [A, B])).toEqual(['payments stands']);
  expect(posts[0]?.[0]?.annotations['summary']).toBe('payments (prod-a): ckpt-async 的问题');
});
