import { describe, expect, it } from 'vitest';
import { MINUTE_MS, routeOf, sightingOf, viewWith } from '../testing/build.js';
import type { Entry } from './entries.js';
import { Ledger } from './ledger.js';
import type { Notice } from './notice.js';
import { ABSENT_MS, UNKNOWN_MS, type Route } from './settings.js';
import type { ClusterView, Sighting } from './sighting.js';

const A = sightingOf('orders/skew-hot-key');
const B = sightingOf('orders/gc-pressure');
const OTHER = sightingOf('payments/ckpt-async');
const CRITICAL: Sighting = { ...A, severity: 'critical' };
const jobs = (count: number): readonly Sighting[] =>
  Array.from({ length: count }, (_, i) => sightingOf(`job-${i}/tm-lost`));
const UNKNOWN: Partial<ClusterView> = { state: 'unknown' };
const resolved = (...ids: readonly Sighting[]): Partial<ClusterView> => ({
  resolved: new Map(ids.map(({ findingId }) => [findingId, 5_000])),
});

interface Story {
  readonly at: (minutes: number, sightings?: readonly Sighting[], more?: Partial<ClusterView>) => readonly string[];
  readonly entries: ReadonlyMap<string, Entry>;
  readonly notices: readonly Notice[];
}

/** A ledger that is shown views at times in minutes and says what it decided, as `kind: job/rule …`. */
function story(
  routes: readonly Route[] = [routeOf()],
  told: ReadonlyMap<string, Entry> = new Map(),
  fromMinutes = 0,
): Story {
  const context = { publicUrl: 'https://weir.example' };
  const ledger = new Ledger({ routes, context, told, startedMs: fromMinutes * MINUTE_MS });
  const entries = new Map(told);
  const notices: Notice[] = [];
  return {
    entries,
    notices,
    at(minutes, sightings, more) {
      const nowMs = minutes * MINUTE_MS;
      if (sightings !== undefined) ledger.observe(viewWith(sightings, more), nowMs);
      const decision = ledger.decide(nowMs);
      for (const [key, entry] of decision.entries) {
        if (entry === undefined) entries.delete(key);
        else entries.set(key, entry);
      }
      notices.push(...decision.notices);
      return decision.notices.map(
        ({ kind, route, items }) =>
          `${routes.length > 1 ? `${route} ` : ''}${kind}${items.length === 0 ? '' : `: ${items.map(({ findingId }) => findingId).join(' ')}`}`,
      );
    },
  };
}

describe('a cause', () => {
  it('is told once, however often it is seen', () => {
    const { at } = story();
    expect(at(0, [A])).toEqual(['opened: orders/skew-hot-key']);
    expect(at(1, [A])).toEqual([]);
    expect(at(2, [A])).toEqual([]);
  });

  const silent: readonly (readonly [string, Sighting])[] = [
    ['a symptom, an info, or one that somebody has put aside', { ...A, isToTell: false }],
  ];
  it.each(silent)('%s is not told', (_what, sighting) => {
    expect(story().at(0, [sighting])).toEqual([]);
  });

  it('is told again when it becomes critical, and refers to the first message', () => {
    const { at, notices } = story();
    at(0, [A]);
    expect(at(1, [CRITICAL])).toEqual(['opened: orders/skew-hot-key']);
    expect(notices[1]).toMatchObject({ severity: 'critical', follows: [notices[0]?.id] });
    expect(at(2, [A])).toEqual([]);
    expect(at(3, [CRITICAL])).toEqual([]);
  });

  it('is told when its snooze ends', () => {
    const { at } = story();
    at(0, [{ ...A, isToTell: false }]);
    expect(at(1, [A])).toEqual(['opened: orders/skew-hot-key']);
  });

  it('that passes before its group has waited is not told', () => {
    const { at } = story([routeOf({ groupWaitMs: MINUTE_MS })]);
    expect(at(0, [A])).toEqual([]);
    expect(at(0.5, [])).toEqual([]);
    expect(at(2, [])).toEqual([]);
  });

  it('names its owner, and links to the moment it was seen and to its rule', () => {
    const { at, notices } = story();
    at(0, [A]);
    expect(notices[0]).toMatchObject({ owner: 'payments', cluster: 'prod-a', jobName: 'orders' });
    expect(notices[0]?.items[0]).toMatchObject({
      link: 'https://weir.example/jobs/prod-a/id-of-orders?at=2000&v=v1&lang=en',
      runbook: 'https://weir.example/rules/skew-hot-key?lang=en',
      evidence: ['busy: 98 % (limit ≥ 80 %), over 60 s'],
      action: { title: 'Raise it', diff: '- a: 1\n+ a: 2' },
    });
  });
});

describe('grouping', () => {
  it('waits for more causes and puts those of a job into one message', () => {
    const { at } = story([routeOf({ groupWaitMs: MINUTE_MS })]);
    at(0, [A]);
    at(0.5, [A, B, OTHER]);
    expect(at(1, [A, B, OTHER])).toEqual([
      'opened: orders/gc-pressure orders/skew-hot-key',
      'opened: payments/ckpt-async',
    ]);
  });

  it('says it in one message when five jobs of a cluster are in trouble at once', () => {
    const { at, notices } = story();
    expect(at(0, jobs(4))).toHaveLength(4);
    const many = story();
    expect(many.at(0, jobs(12))).toHaveLength(1);
    expect(many.notices[0]).toMatchObject({
      kind: 'many-jobs',
      more: 2,
      link: 'https://weir.example/?cluster=prod-a&lang=en',
    });
    expect(many.notices[0]?.headline).toBe(
      '12 jobs of prod-a at once (12 causes, most often: Trouble of tm-lost). Look at the cluster first',
    );
    expect(many.at(1, jobs(12))).toEqual([]);
    expect(notices.every(({ kind }) => kind === 'opened')).toBe(true);
  });

  it('puts what follows within minutes into one message too, and is back to one per job after that', () => {
    const { at } = story();
    const [first, second] = [jobs(7), [...jobs(7), ...['x', 'y'].map((name) => sightingOf(`${name}/tm-lost`))]];
    at(0, jobs(6));
    expect(at(1, first)).toEqual([]);
    expect(at(2, second)).toEqual([]);
    expect(at(3, second)).toEqual(['many-jobs: job-6/tm-lost x/tm-lost y/tm-lost']);
    const third = [...second, sightingOf('z/tm-lost'), sightingOf('zz/tm-lost')];
    expect(at(14, third)).toEqual(['opened: z/tm-lost', 'opened: zz/tm-lost']);
  });

  it('says in one message that many of them have ended', () => {
    const { at } = story();
    at(0, jobs(6));
    expect(at(1, [], resolved(...jobs(6)))).toEqual([
      `resolved: ${jobs(6)
        .map(({ findingId }) => findingId)
        .join(' ')}`,
    ]);
  });
});

describe('an end', () => {
  it('is told of what was told, and only of that', () => {
    const { at, notices, entries } = story();
    at(0, [A]);
    expect(at(1, [], resolved(A, B))).toEqual(['resolved: orders/skew-hot-key']);
    expect(notices[1]).toMatchObject({ follows: [notices[0]?.id], items: [{ resolvedMs: 5_000 }] });
    expect(at(2, [], resolved(A, B))).toEqual([]);
    expect(entries.size).toBe(0);
  });

  it('that nobody saw is believed after a while', () => {
    const { at } = story();
    at(0, [A]);
    expect(at(1, [])).toEqual([]);
    expect(at(1 + ABSENT_MS / MINUTE_MS, [])).toEqual(['resolved: orders/skew-hot-key']);
  });

  it('is none while the cause is back within that while', () => {
    const { at } = story();
    at(0, [A]);
    at(1, []);
    at(2, [A]);
    expect(at(1 + ABSENT_MS / MINUTE_MS, [A])).toEqual([]);
    expect(at(30, [A])).toEqual([]);
  });

  it('is none when the cause has become a symptom, an info or is put aside', () => {
    const { at } = story();
    at(0, [A]);
    expect(at(10, [{ ...A, isToTell: false }])).toEqual([]);
  });

  it('comes when nobody watches the cluster any more', () => {
    const { at } = story();
    at(0, [A]);
    expect(at(1, [], { state: 'gone' })).toEqual(['resolved: orders/skew-hot-key']);
  });

  it('is not told where the route does not want it', () => {
    const { at, entries } = story([routeOf({ tellsResolved: false })]);
    at(0, [A]);
    expect(at(1, [], resolved(A))).toEqual([]);
    expect(entries.size).toBe(0);
  });

  it('of a cause that comes back later is followed by a new beginning', () => {
    const { at } = story();
    at(0, [A]);
    at(1, [], resolved(A));
    expect(at(2, [A])).toEqual(['opened: orders/skew-hot-key']);
  });
});

describe('a cluster that cannot be read', () => {
  it('is told once after a while, and that it is back', () => {
    const { at, notices } = story();
    at(0, [A]);
    const lost = UNKNOWN_MS / MINUTE_MS;
    expect(at(1, [A], UNKNOWN)).toEqual([]);
    expect(at(1 + lost, [A], UNKNOWN)).toEqual(['cluster-unknown']);
    expect(notices[1]?.headline).toBe(
      'Cluster prod-a cannot be read since 1970-01-01 00:01 UTC: nothing is known of its 1 job(s). Check its JobManager and the way to it',
    );
    expect(at(60, [A], UNKNOWN)).toEqual([]);
    expect(at(61, [A])).toEqual(['cluster-back']);
    expect(notices[2]).toMatchObject({ follows: [notices[1]?.id] });
  });

  it('ends no cause and opens none', () => {
    const { at } = story();
    at(0, [A]);
    expect(at(1, [], { ...UNKNOWN, ...resolved(A) })).toEqual([]);
    expect(at(1.5, [A, OTHER], UNKNOWN)).toEqual([]);
    expect(at(1.9, [A])).toEqual([]);
  });

  it('is not told when it answers in time', () => {
    const { at } = story();
    at(0, [A]);
    at(1, [A], UNKNOWN);
    at(2, [A]);
    expect(at(10)).toEqual([]);
  });
});

describe('a reminder', () => {
  const ROUTES = [routeOf({ repeatMs: 60 * MINUTE_MS })];
  it('comes after the interval, with all that stands in the job, and counts from then', () => {
    const { at, notices } = story(ROUTES);
    at(0, [A]);
    at(30, [A, B]);
    expect(at(59, [A, B])).toEqual([]);
    expect(at(60, [A, B])).toEqual(['reminder: orders/gc-pressure orders/skew-hot-key']);
    expect(notices.at(-1)?.headline).toBe('Still open for 60 min: orders (prod-a): Trouble of gc-pressure and 1 more');
    expect(at(90, [A, B])).toEqual([]);
    expect(at(120, [A, B])).toHaveLength(1);
  });

  it('says how it is now', () => {
    const { at, notices } = story(ROUTES);
    at(0, [A]);
    at(59, [{ ...A, jobId: 'restarted', atMs: 9_000 }]);
    at(60);
    expect(notices[1]?.items[0]).toMatchObject({
      jobId: 'restarted',
      link: 'https://weir.example/jobs/prod-a/restarted?at=9000&v=v1&lang=en',
    });
  });

  const none: readonly (readonly [string, readonly Sighting[], Partial<ClusterView>])[] = [
    ['is a symptom, an info or put aside', [{ ...A, isToTell: false }], {}],
    ['was not in the last round', [], {}],
    ['is on a cluster that cannot be read', [A], UNKNOWN],
  ];
  it.each(none)('does not come while the cause %s', (_what, sightings, more) => {
    const { at } = story(ROUTES);
    at(0, [A]);
    expect(at(61, sightings, more)).toEqual([]);
  });
});

describe('quiet hours', () => {
  // Midnight of the first day of 1970, UTC, is minute 0.
  const quietHours = { fromMinute: 0, toMinute: 60, timeZone: 'UTC', criticalPasses: true };
  it('hold beginnings, which come at the end if they still stand', () => {
    const { at } = story([routeOf({ quietHours })]);
    expect(at(10, [A, OTHER])).toEqual([]);
    expect(at(59, [A])).toEqual([]);
    expect(at(60, [A])).toEqual(['opened: orders/skew-hot-key']);
  });

  it('let criticals pass, and their ends, where the route says so', () => {
    const passing = story([routeOf({ quietHours })]);
    expect(passing.at(10, [CRITICAL])).toHaveLength(1);
    expect(passing.at(11, [], resolved(A))).toHaveLength(1);
    const holding = story([routeOf({ quietHours: { ...quietHours, criticalPasses: false } })]);
    expect(holding.at(10, [CRITICAL])).toEqual([]);
  });

  it('hold ends', () => {
    const { at } = story([routeOf({ quietHours: { ...quietHours, fromMinute: 30 } })]);
    at(10, [A]);
    expect(at(40, [], resolved(A))).toEqual([]);
    expect(at(60, [])).toEqual(['resolved: orders/skew-hot-key']);
  });
});

describe('routes', () => {
  it('are told each for itself, in its language', () => {
    const routes = [
      routeOf({ name: 'pager', match: { severity: 'critical' }, goesOn: true }),
      routeOf({ name: 'team', match: { severity: 'warning', owners: ['payments'] }, language: 'zh-CN' }),
    ];
    const { at, notices } = story(routes);
    expect(at(0, [A])).toEqual(['team opened: orders/skew-hot-key']);
    expect(notices[0]?.headline).toBe('orders (prod-a)：skew-hot-key 的问题');
    expect(at(1, [CRITICAL])).toEqual(['pager opened: orders/skew-hot-key', 'team opened: orders/skew-hot-key']);
  });
});

describe('a restart', () => {
  it('goes on with what was told: no second beginning, and its end', () => {
    const before = story();
    before.at(0, [A]);
    const after = story([routeOf()], before.entries, 10);
    expect(after.at(10)).toEqual([]);
    expect(after.at(11, [A])).toEqual([]);
    expect(after.at(12, [], resolved(A))).toEqual(['resolved: orders/skew-hot-key']);
  });

  it('ends what ended meanwhile', () => {
    const before = story();
    before.at(0, [A]);
    const after = story([routeOf()], before.entries, 10);
    expect(after.at(10, [])).toEqual([]);
    expect(after.at(10 + ABSENT_MS / MINUTE_MS, [])).toEqual(['resolved: orders/skew-hot-key']);
  });

  it('forgets what was told to a route that is no more, and in a day a cluster that is', () => {
    const before = story();
    before.at(0, [A]);
    const renamed = story([routeOf({ name: 'new' })], before.entries, 10);
    renamed.at(10);
    expect(renamed.entries.size).toBe(0);
    const gone = story([routeOf()], before.entries, 10);
    gone.at(11);
    expect(gone.entries.size).toBe(1);
    gone.at(10 + 24 * 60);
    expect(gone.entries.size).toBe(0);
  });
});
