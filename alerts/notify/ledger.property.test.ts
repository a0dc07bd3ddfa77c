import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MINUTE_MS, routeOf, sightingOf, viewWith } from '../testing/build.js';
import type { Entry } from './entries.js';
import { Ledger } from './ledger.js';
import { ABSENT_MS, MANY_JOBS } from './settings.js';

const IDS = Array.from({ length: 8 }, (_, i) => `job-${i % 6}/rule-${i}`);

/** One round: how much later, what was seen of each finding, whether the cluster answered, whether Weir was restarted before. */
const step = fc.record({
  afterSeconds: fc.integer({ min: 1, max: 400 }),
  seen: fc.tuple(...IDS.map(() => fc.constantFrom('absent', 'ended', 'silent', 'warning', 'critical' as const))),
  state: fc.constantFrom('reachable', 'reachable', 'reachable', 'unknown' as const),
  isRestarted: fc.boolean(),
});
const quietHours = { fromMinute: 30, toMinute: 90, timeZone: 'UTC', criticalPasses: true };
const route = fc.record({
  groupWaitMs: fc.constantFrom(0, MINUTE_MS),
  repeatMs: fc.constantFrom(10 * MINUTE_MS, 240 * MINUTE_MS),
  tellsResolved: fc.boolean(),
  isQuiet: fc.boolean(),
});

it('tells each cause once until it has ended, and the end of nothing else, whatever comes and whenever Weir is restarted', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), route, (steps, { isQuiet, ...more }) => {
      const routes = [routeOf({ ...more, ...(isQuiet ? { quietHours } : {}) })];
      const context = { publicUrl: undefined };
      const kept = new Map<string, Entry>();
      let nowMs = 0;
      let ledger = new Ledger({ routes, context, told: kept, startedMs: 0 });
      const absentSinceMs = new Map<string, number>();
      for (const { afterSeconds, seen, state, isRestarted } of steps) {
        nowMs += afterSeconds * 1_000;
        if (isRestarted) {
          ledger = new Ledger({ routes, context, told: kept, startedMs: nowMs });
          absentSinceMs.clear();
        }
        const of = (id: string) => seen[IDS.indexOf(id)];
        const stands = (id: string): boolean => /silent|warning|critical/.test(of(id) ?? '');
        const view = viewWith(
          IDS.filter(stands).map((id) =>
            sightingOf(id, { severity: of(id) === 'critical' ? 'critical' : 'warning', isToTell: of(id) !== 'silent' }),
          ),
          { state, resolved: new Map(IDS.filter((id) => of(id) === 'ended').map((id) => [id, nowMs])) },
        );
        ledger.observe(view, nowMs);
        if (state === 'reachable')
          for (const id of IDS) {
            if (stands(id)) absentSinceMs.delete(id);
            else if (!absentSinceMs.has(id)) absentSinceMs.set(id, nowMs);
          }
        const before = new Map(kept);
        const { entries, notices } = ledger.decide(nowMs);
        for (const [key, entry] of entries) {
          if (entry === undefined) kept.delete(key);
          else kept.set(key, entry);
        }

        for (const { kind, items, follows } of notices) {
          const ids = items.map(({ findingId }) => findingId);
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of ids) {
            const was = before.get(`f all ${id}`);
            if (kind === 'opened' || kind === 'many-jobs') {
              expect(of(id)).toMatch(/warning|critical/);
              expect(state).toBe('reachable');
              // Told before only when it is worse now.
              if (was?.what === 'finding') expect([was.item.severity, of(id)]).toEqual(['warning', 'critical']);
            } else {
              expect(was).toBeDefined();
            }
            if (kind === 'resolved') {
              expect(stands(id) && state === 'reachable').toBe(false);
              expect(kept.has(`f all ${id}`)).toBe(false);
            }
          }
          if (kind === 'resolved') expect(follows.length).toBeGreaterThan(0);
          if (kind === 'opened') expect(new Set(items.map(({ jobName }) => jobName)).size).toBe(1);
          if (kind === 'many-jobs') expect(ids.length).toBeGreaterThanOrEqual(2);
        }
        expect(notices.filter(({ kind }) => kind === 'opened').length).toBeLessThan(MANY_JOBS);
        // What nobody has seen for long is not kept for ever.
        for (const [id, sinceMs] of absentSinceMs)
          if (
            !isQuiet &&
            state === 'reachable' &&
            nowMs - sinceMs >= ABSENT_MS + 2 * MINUTE_MS &&
            more.groupWaitMs === 0
          )
            expect(kept.has(`f all ${id}`)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});
