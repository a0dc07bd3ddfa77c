import { describe, expect, it } from 'vitest';
import type { Followed, JobWeek, Span } from './facts.js';
import type { SectionInput } from './section.js';
import {
  BEFORE,
  DAY_MS,
  firing,
  firstSectionOf,
  followed,
  HOUR_MS,
  proposal,
  seen,
  sectionOf,
  WEEK,
  weekOf,
} from '../test/support/weekly-fixture.js';

const GC = seen('gc-pressure');
const CRITICAL = seen('gc-pressure', { severity: 'critical' });
const quiet = weekOf(WEEK);
const part = (range: Span, fromHour: number, toHour: number): readonly Span[] => [
  { fromMs: range.fromMs + fromHour * HOUR_MS, toMs: range.fromMs + toHour * HOUR_MS },
];
/** Firing on so many of the four moments of each day. */
const daily = (moments: number) => (hour: number) =>
  hour % 24 !== 0 && hour % 24 <= moments * 6 ? { findings: [GC] } : {};
const changesOf = (own: Partial<SectionInput> & Pick<SectionInput, 'now'>): readonly string[] =>
  sectionOf(own).findings.map(({ change }) => change);

describe('what became of a finding since the week before', () => {
  const table: readonly (readonly [claim: string, now: JobWeek, before: JobWeek, change: readonly string[]])[] = [
    ['there since Wednesday: new', weekOf(WEEK, firing(48, 168, GC)), weekOf(BEFORE), ['new']],
    [
      'there all last week, gone since Tuesday: fixed',
      weekOf(WEEK, firing(0, 24, GC)),
      weekOf(BEFORE, firing(0, 168, GC)),
      ['fixed'],
    ],
    ['there last week and not at all in this: fixed', quiet, weekOf(BEFORE, firing(0, 168, GC)), ['fixed']],
    ['there in both: still open', weekOf(WEEK, firing(0, 168, GC)), weekOf(BEFORE, firing(0, 168, GC)), ['open']],
    [
      'there since Saturday: not worse for having stayed',
      weekOf(WEEK, firing(0, 168, GC)),
      weekOf(BEFORE, firing(120, 168, GC)),
      ['open'],
    ],
    [
      'a warning became critical: worse',
      weekOf(WEEK, firing(0, 168, CRITICAL)),
      weekOf(BEFORE, firing(0, 168, GC)),
      ['worse'],
    ],
    [
      'a critical one became a warning: better',
      weekOf(WEEK, firing(0, 168, GC)),
      weekOf(BEFORE, firing(0, 168, CRITICAL)),
      ['better'],
    ],
    ['an hour a day became three: worse', weekOf(WEEK, daily(3)), weekOf(BEFORE, daily(1)), ['worse']],
    ['three became one: better', weekOf(WEEK, daily(1)), weekOf(BEFORE, daily(3)), ['better']],
    [
      'as often as before: still open, also in the evening of Sunday when it rests',
      weekOf(WEEK, daily(2)),
      weekOf(BEFORE, daily(2)),
      ['open'],
    ],
    ['came and went within the week', weekOf(WEEK, firing(24, 48, GC)), weekOf(BEFORE), ['passed']],
    ['quiet in both: nothing', quiet, weekOf(BEFORE), []],
    ['explained by another: told there', weekOf(WEEK, firing(48, 168, { ...GC, isSymptom: true })), weekOf(BEFORE), []],
    [
      'explained by another before, alone now: still open',
      weekOf(WEEK, firing(0, 168, GC)),
      weekOf(BEFORE, firing(0, 168, { ...GC, isSymptom: true })),
      ['open'],
    ],
    [
      'the week before was watched for two thirds: nobody knows whether it is new',
      weekOf(WEEK, firing(48, 168, GC)),
      weekOf(BEFORE, undefined, { watched: part(BEFORE, 0, 112) }),
      ['unjudged'],
    ],
    [
      'but what was there then and is gone now is fixed',
      quiet,
      weekOf(BEFORE, firing(0, 112, GC), { watched: part(BEFORE, 0, 112) }),
      ['fixed'],
    ],
    [
      'this week was watched for two thirds: no verdict',
      weekOf(WEEK, firing(0, 168, GC), { watched: part(WEEK, 0, 112) }),
      weekOf(BEFORE, firing(0, 168, GC)),
      ['unjudged'],
    ],
  ];
  for (const [claim, now, before, change] of table) {
    it(claim, () => {
      expect(changesOf({ now, before })).toEqual(change);
    });
  }

  it('without a week before nothing is new', () => {
    const { findings, health } = firstSectionOf(weekOf(WEEK, firing(48, 168, GC)));
    expect(findings.map(({ change }) => change)).toEqual(['unjudged']);
    expect(health).toEqual({ now: 100, mean: 100 });
  });

  it('says both severities where they differ, and keeps the worst of the week', () => {
    const now = weekOf(WEEK, (hour) => ({ findings: [hour === 72 ? CRITICAL : GC] }));
    const [line] = sectionOf({ now, before: weekOf(BEFORE, firing(0, 168, CRITICAL)) }).findings;
    expect(line).toMatchObject({
      severity: 'critical',
      severityNow: 'warning',
      severityBefore: 'critical',
      change: 'better',
    });
  });

  const snoozes: readonly (readonly [claim: string, untilMs: number, change: string])[] = [
    ['put aside beyond the week: snoozed, with reason and end', WEEK.toMs + DAY_MS, 'snoozed'],
    ['until Friday: it is open again', WEEK.toMs - 2 * DAY_MS, 'open'],
  ];
  for (const [claim, untilMs, change] of snoozes) {
    it(claim, () => {
      const snooze = { untilMs, reason: 'moves in December' };
      const now = weekOf(WEEK, firing(0, 168, GC));
      const [line] = sectionOf({
        now,
        before: weekOf(BEFORE, firing(0, 168, GC)),
        snoozes: new Map([['gc-pressure', snooze]]),
      }).findings;
      expect(line).toMatchObject({ change, snoozed: snooze });
    });
  }

  it('a week that began an hour ago has fixed nothing', () => {
    const range = { fromMs: WEEK.fromMs, toMs: WEEK.fromMs + HOUR_MS };
    const now = { ...quiet, watched: [range], moments: [] };
    expect(changesOf({ now, before: weekOf(BEFORE, firing(0, 168, GC)), range })).toEqual([]);
  });
});

describe('for how long a finding was firing', () => {
  const at = (hour: number) => WEEK.fromMs + hour * HOUR_MS;
  const mark = (hour: number, isFiring: boolean) => ({ id: 'gc-pressure', atMs: at(hour), firing: isFiring });
  const shortLived = new Map([['gc-pressure', GC]]);
  const table: readonly (readonly [claim: string, own: Partial<JobWeek>, hours: number])[] = [
    ['from its opening to its end, although no moment shows it', { marks: [mark(25, true), mark(27, false)] }, 2],
    ['twice', { marks: [mark(25, true), mark(27, false), mark(49, true), mark(50, false)] }, 3],
    ['an end without a begin: since Monday', { marks: [mark(3, false)] }, 3],
    ['a begin without an end: a moment that does not show it ends it', { marks: [mark(25, true)] }, 5],
    [
      'while nobody watched it is not counted',
      { marks: [mark(25, true), mark(29, false)], watched: [...part(WEEK, 0, 26), ...part(WEEK, 28, 168)] },
      2,
    ],
  ];
  for (const [claim, own, hours] of table) {
    it(claim, () => {
      const [line] = sectionOf({ now: weekOf(WEEK, undefined, { shortLived, ...own }) }).findings;
      expect((line?.firingMs ?? 0) / HOUR_MS).toBeCloseTo(hours, 3);
    });
  }
});

describe('coverage', () => {
  const table: readonly (readonly [claim: string, hours: number, isJudged: boolean])[] = [
    ['the whole week', 168, true],
    ['70 %', 117.6, true],
    ['a minute less', 117.6 - 1 / 60, false],
    ['an hour', 1, false],
  ];
  for (const [claim, hours, isJudged] of table) {
    it(`${claim}: ${isJudged ? 'a verdict' : 'none, with the figure'}`, () => {
      const now = weekOf(WEEK, (hour) => ({ ...firing(0, 168, GC)(hour), proposals: [proposal('gc-pressure')] }), {
        watched: part(WEEK, 0, hours),
      });
      const section = sectionOf({ now });
      expect(section.isJudged).toBe(isJudged);
      expect(section.coveredRatio).toBeCloseTo(hours / 168, 4);
      expect(section.actions).toHaveLength(isJudged ? 1 : 0);
      expect('mean' in section.health).toBe(isJudged);
    });
  }

  it('names the hours in which nothing was read', () => {
    const now = weekOf(WEEK, undefined, { watched: [...part(WEEK, 0, 10.5), ...part(WEEK, 13, 168)] });
    expect(sectionOf({ now }).hoursWithoutData).toEqual(part(WEEK, 11, 13));
  });
});

describe('figures of a job', () => {
  const at = (hour: number) => WEEK.fromMs + hour * HOUR_MS;
  const uptimes: readonly (readonly [claim: string, own: Partial<JobWeek>, ratio: number])[] = [
    ['never changed its state: it ran', {}, 1],
    [
      'was down for 16.8 hours: 90 %',
      {
        states: [
          { atMs: at(10), state: 'RESTARTING' },
          { atMs: at(26.8), state: 'RUNNING' },
        ],
      },
      0.9,
    ],
    [
      'was down while nobody watched: that is not known',
      {
        states: [
          { atMs: at(10), state: 'RESTARTING' },
          { atMs: at(20), state: 'RUNNING' },
        ],
        watched: [...part(WEEK, 0, 10), ...part(WEEK, 20, 168)],
      },
      1,
    ],
    ['failed and stayed so', { states: [{ atMs: at(84), state: 'FAILED' }] }, 0.5],
    ['was cancelled by somebody: not down', { states: [{ atMs: at(84), state: 'CANCELED' }] }, 1],
  ];
  for (const [claim, own, ratio] of uptimes) {
    it(`uptime: ${claim}`, () => {
      expect(sectionOf({ now: weekOf(WEEK, undefined, own) }).figures.uptimeRatio).toBeCloseTo(ratio, 6);
    });
  }

  it('a figure that nothing tells is missing, not 0', () => {
    expect(Object.keys(sectionOf({ now: quiet }).figures)).toEqual(['uptimeRatio']);
  });

  it('checkpoints that completed, of those that ended', () => {
    const { figures } = sectionOf({ now: weekOf(WEEK, undefined, { checkpoints: { completed: 98, failed: 2 } }) });
    expect(figures.checkpointSuccessRatio).toBe(0.98);
  });
});

describe('cost and savings', () => {
  const GIB = 2 ** 30;
  const prices = { currency: 'EUR', perCoreHour: 0.1, perGbHour: 0.01, clusters: { 'prod-b': { perCoreHour: 0.2 } } };
  const held = (cores: number) => () => ({ resources: { cores, memoryBytes: 8 * GIB }, slots: 4 });

  const table: readonly (readonly [claim: string, own: Partial<SectionInput>, cost: object])[] = [
    ['cores and GB alone without prices', {}, { coreHours: 4 * 168, gbHours: 8 * 168 }],
    ['money with them', { prices }, { coreHours: 672, gbHours: 1_344, money: 67.2 + 13.44 }],
    [
      'a cluster’s own price first, the general one for the rest',
      { prices, cluster: 'prod-b' },
      { coreHours: 672, gbHours: 1_344, money: 134.4 + 13.44 },
    ],
  ];
  for (const [claim, own, cost] of table) {
    it(claim, () => {
      const section = sectionOf({ now: weekOf(WEEK, held(4)), ...own });
      for (const [key, value] of Object.entries(cost))
        expect(Reflect.get(section.cost, key)).toBeCloseTo(value as number, 6);
      expect(Object.keys(section.cost).sort()).toEqual(Object.keys(cost).sort());
    });
  }

  it('only the watched hours are billed', () => {
    const now = weekOf(WEEK, held(4), { watched: part(WEEK, 0, 84) });
    expect(sectionOf({ now }).cost.coreHours).toBeCloseTo(4 * 84, 6);
  });

  it('no money where the memory is not known but has its price', () => {
    const now = weekOf(WEEK, () => ({ resources: { cores: 4 }, slots: 4 }));
    expect(sectionOf({ now, prices }).cost).toEqual({ coreHours: expect.closeTo(672, 6) as number });
  });

  const saver = proposal('par-over', {
    id: 'save',
    findings: ['par-over'],
    cost: { slots: -1, taskManagers: -1, memoryBytes: -2 * GIB },
  });
  const over = seen('par-over', { severity: 'info' });

  it('a proposal that frees a slot of four would save a quarter of the cores', () => {
    const now = weekOf(WEEK, () => ({ ...held(4)(), findings: [over], proposals: [saver] }));
    const { savings } = sectionOf({ now, prices });
    expect(savings.estimated).toEqual({
      coreHours: 168,
      gbHours: 336,
      money: expect.closeTo(16.8 + 3.36, 6) as number,
    });
    expect(savings.realised).toBeUndefined();
  });

  const THURSDAY = 72;
  const done = (hour: number, own: Partial<Followed> = {}): Followed =>
    followed(WEEK.fromMs + hour * HOUR_MS, { id: `save@${hour}`, cost: saver.cost, ...own });
  /** Four cores until Thursday, three from then on. */
  const shrunk = (changes: readonly Followed[], from = THURSDAY) =>
    weekOf(WEEK, (hour) => (hour <= from ? held(4)() : { ...held(3)(), followed: changes }));

  it('followed on Thursday: what was freed since came true, to the minute of the change', () => {
    const { savings } = sectionOf({ now: shrunk([done(THURSDAY)]), before: weekOf(BEFORE, held(4)), prices });
    expect(savings.realised).toEqual({
      coreHours: expect.closeTo(168 - THURSDAY, 6) as number,
      money: expect.closeTo((168 - THURSDAY) * 0.1, 6) as number,
    });
  });

  it('the week after counts whole, against what was held before the change', () => {
    const change = followed(BEFORE.fromMs + THURSDAY * HOUR_MS, { cost: saver.cost });
    const before = weekOf(BEFORE, (hour) => held(hour <= THURSDAY ? 4 : 3)());
    const now = weekOf(WEEK, () => ({ ...held(3)(), followed: [change] }));
    expect(sectionOf({ now, before }).savings.realised?.coreHours).toBeCloseTo(168, 6);
    // Nothing was done in this week that would be news of it.
    expect(sectionOf({ now, before }).followed).toEqual([]);
  });

  it('two changes, one over the other, are counted once each', () => {
    const second = { ...done(120), id: 'save again' };
    const now = weekOf(WEEK, (hour) => {
      if (hour <= THURSDAY) return held(4)();
      return hour <= 120
        ? { ...held(3)(), followed: [done(THURSDAY)] }
        : { ...held(2)(), followed: [done(THURSDAY), second] };
    });
    expect(sectionOf({ now }).savings.realised?.coreHours).toBeCloseTo(1 * 48 + 2 * 48, 6);
  });

  const nothing: readonly (readonly [claim: string, now: SectionInput['now']])[] = [
    ['smaller, but nobody had advised it', weekOf(WEEK, (hour) => held(hour <= THURSDAY ? 4 : 3)())],
    [
      'followed without any effect on what it holds',
      weekOf(WEEK, (hour) => ({ ...held(4)(), followed: hour > THURSDAY ? [done(THURSDAY)] : [] })),
    ],
    ['refuted: it is to be taken back', shrunk([done(THURSDAY, { state: 'refuted' })])],
    ['advice that takes resources', shrunk([done(THURSDAY, { cost: { slots: 2, taskManagers: 0, memoryBytes: 0 } })])],
  ];
  for (const [claim, now] of nothing) {
    it(`${claim}: nothing came true`, () => {
      expect(sectionOf({ now, before: weekOf(BEFORE, held(4)) }).savings.realised).toBeUndefined();
    });
  }

  it('what was followed is listed once, as it was known last', () => {
    const now = weekOf(WEEK, (hour) => ({
      followed: hour <= 72 ? [] : [done(72, hour <= 78 ? { state: 'applied' } : { state: 'confirmed' })],
    }));
    expect(sectionOf({ now }).followed.map(({ id, state }) => [id, state])).toEqual([['save@72', 'confirmed']]);
  });
});
