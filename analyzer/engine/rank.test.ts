import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signalsOf } from '../signals/signals.js';
import { historyOf, nowOf } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { SLOW_LOOKUP } from '../testing/scenarios.js';
import { text } from '../text.js';
import { findingId, subjectKey, type Finding, type LiveFinding, type Severity } from './finding.js';
import { healthOf } from './health.js';
import type { Life } from './lifecycle.js';
import { rankFindings } from './rank.js';

const history = historyOf(SLOW_LOOKUP);
const { job } = signalsOf(history, nowOf(history));

interface Sketch {
  readonly rule: string;
  readonly vertexId?: string;
  readonly severity?: Severity;
  readonly basis?: Finding['basis'];
  readonly state?: Life['state'];
  readonly confidence?: number;
  readonly firstSeenMs?: number;
  readonly resolvedMs?: number;
}
const life = (sketch: Sketch): Life => {
  const { rule, vertexId = 'map', severity = 'warning', basis = 'measured', state = 'firing', resolvedMs } = sketch;
  return {
    id: `${rule}:${vertexId}`,
    state,
    firstSeenMs: sketch.firstSeenMs ?? 0,
    lastSeenMs: 0,
    readings: 0,
    lastReadingMs: 0,
    ...(resolvedMs === undefined ? {} : { resolvedMs }),
    finding: {
      rule,
      category: 'test',
      severity,
      confidence: sketch.confidence ?? 0.9,
      basis,
      subject: { kind: 'vertex', vertexId },
      title: text('t', 't'),
      summary: text('s', 's'),
      evidence: [],
      wouldChange: [],
      notSeen: [],
    },
  };
};
const ranked = (...sketches: readonly Sketch[]): readonly LiveFinding[] => rankFindings(sketches.map(life), job);
const order = (...sketches: readonly Sketch[]): string[] => ranked(...sketches).map(({ rule }) => rule);

describe('what to read first', () => {
  const table: readonly (readonly [string, readonly Sketch[], readonly string[]])[] = [
    [
      'firing before pending before resolved',
      [{ rule: 'a', state: 'resolved' }, { rule: 'b', state: 'pending' }, { rule: 'c' }],
      ['c', 'b', 'a'],
    ],
    [
      'measured before configuration, however severe',
      [
        { rule: 'a', basis: 'configuration', severity: 'critical' },
        { rule: 'b', severity: 'info' },
      ],
      ['b', 'a'],
    ],
    [
      'the root before its symptom, however severe',
      [{ rule: 'bp-bottleneck', severity: 'critical' }, { rule: 'bp-external-wait' }],
      ['bp-external-wait', 'bp-bottleneck'],
    ],
    [
      'critical before warning before info',
      [{ rule: 'a', severity: 'info' }, { rule: 'b', severity: 'critical' }, { rule: 'c' }],
      ['b', 'c', 'a'],
    ],
    [
      'the surer one',
      [
        { rule: 'a', confidence: 0.6 },
        { rule: 'b', confidence: 0.9 },
      ],
      ['b', 'a'],
    ],
    [
      'the older one',
      [
        { rule: 'a', firstSeenMs: 9 },
        { rule: 'b', firstSeenMs: 5 },
      ],
      ['b', 'a'],
    ],
    ['else by name, always the same', [{ rule: 'b' }, { rule: 'a' }], ['a', 'b']],
  ];
  it.each(table)('%s', (_claim, sketches, rules) => {
    expect(order(...sketches)).toEqual(rules);
  });

  it('counts from 1', () => {
    expect(ranked({ rule: 'a' }, { rule: 'b' }).map(({ rank }) => rank)).toEqual([1, 2]);
  });

  it('points a symptom at its causes, and a resolved cause explains nothing any more', () => {
    const [root, symptom] = ranked({ rule: 'bp-bottleneck' }, { rule: 'bp-external-wait' });
    expect(must(symptom)).toMatchObject({ role: 'symptom', causedBy: [must(root).id] });
    expect(ranked({ rule: 'bp-bottleneck' }, { rule: 'bp-external-wait', state: 'resolved' })[0]).toMatchObject({
      role: 'root',
      causedBy: [],
    });
  });

  it('leaves a symptom that has passed a symptom, whether its cause still stands or passed with it', () => {
    for (const state of ['firing', 'resolved'] as const)
      expect(
        ranked({ rule: 'bp-bottleneck', state: 'resolved' }, { rule: 'bp-external-wait', state }).find(
          ({ rule }) => rule === 'bp-bottleneck',
        ),
      ).toMatchObject({ role: 'symptom', causedBy: ['bp-external-wait:map'] });
    const after: Sketch = { rule: 'bp-external-wait', firstSeenMs: 60_000 };
    expect(ranked({ rule: 'bp-bottleneck', state: 'resolved' }, after).map(({ role }) => role)).toEqual([
      'root',
      'root',
    ]);
  });

  it('never puts configuration before what was measured and has not ended: a property', () => {
    const sketch = fc.record({
      rule: fc.constantFrom('bp-bottleneck', 'bp-external-wait', 'ckpt-sync', 'par-over', 'tm-lost'),
      vertexId: fc.constantFrom('src', 'map', 'sink'),
      severity: fc.constantFrom<Severity>('info', 'warning', 'critical'),
      basis: fc.constantFrom<Finding['basis']>('measured', 'configuration'),
      confidence: fc.double({ min: 0.1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 12 }), (sketches) => {
        const bases = ranked(...sketches).map(({ basis }) => basis);
        expect(bases.lastIndexOf('measured')).toBeLessThan(
          bases.includes('configuration') ? bases.indexOf('configuration') : Infinity,
        );
      }),
    );
  });
});

describe('identity', () => {
  it('is cluster, job, rule and subject, never a measured value or a subtask', () => {
    expect(findingId('prod a', 'orders/2', 'skew-hot-key', { kind: 'subtask', vertexId: 'v1', subtasks: [3] })).toBe(
      'prod%20a~orders%2F2~skew-hot-key~vertex%3Av1',
    );
    expect(subjectKey({ kind: 'subtask', vertexId: 'v1', subtasks: [3] })).toBe(
      subjectKey({ kind: 'vertex', vertexId: 'v1' }),
    );
    expect(subjectKey({ kind: 'taskmanager', taskManagerId: 'tm-1', vertexId: 'v1' })).toBe('taskmanager:tm-1');
    expect(subjectKey({ kind: 'job' })).toBe('job');
  });
});

describe('health', () => {
  const NOW = 10_000_000;
  const table: readonly (readonly [string, readonly Sketch[], number])[] = [
    ['nothing found', [], 100],
    ['a warning', [{ rule: 'a' }], 80],
    ['a critical', [{ rule: 'a', severity: 'critical' }], 60],
    ['an info', [{ rule: 'a', severity: 'info' }], 100],
    ['configuration', [{ rule: 'a', severity: 'critical', basis: 'configuration' }], 100],
    ['a pending one', [{ rule: 'a', severity: 'critical', state: 'pending' }], 100],
    ['a symptom counts with its root only', [{ rule: 'bp-bottleneck' }, { rule: 'bp-external-wait' }], 80],
    [
      'one that ended within half an hour counts half',
      [{ rule: 'a', severity: 'critical', state: 'resolved', resolvedMs: NOW - 1_799_000 }],
      80,
    ],
    [
      'one that ended before does not count',
      [{ rule: 'a', severity: 'critical', state: 'resolved', resolvedMs: NOW - 1_801_000 }],
      100,
    ],
    ['never below 0', [1, 2, 3, 4].map((i) => ({ rule: `r${i}`, severity: 'critical' as const })), 0],
  ];
  it.each(table)('%s', (_claim, sketches, health) => {
    expect(healthOf(ranked(...sketches), NOW)).toBe(health);
  });
});

describe('what outlives its cause', () => {
  const MINUTE_MS = 60_000;
  const at = (sketch: Sketch, lastSeenMs: number): Life => ({ ...life(sketch), lastSeenMs });
  const cause = (resolvedMs: number): Life =>
    at({ rule: 'bp-external-wait', state: 'resolved', firstSeenMs: 0, resolvedMs }, resolvedMs - MINUTE_MS);
  const roleAfter = (minutes: number, firstSeenMs = MINUTE_MS): string => {
    const endMs = 10 * MINUTE_MS;
    const symptom = at({ rule: 'ckpt-start-delay', firstSeenMs }, endMs + minutes * MINUTE_MS);
    const found = rankFindings([cause(endMs), symptom], job).find(({ rule }) => rule === 'ckpt-start-delay');
    return must(found).role;
  };

  it('stays its symptom for five minutes, and then stands by itself', () => {
    expect([roleAfter(1), roleAfter(5), roleAfter(6)]).toEqual(['symptom', 'symptom', 'root']);
  });

  it('not what came after it', () => {
    expect(roleAfter(2, 9.5 * MINUTE_MS)).toBe('root');
  });

  it('names open causes alone where there are any', () => {
    const symptom = at({ rule: 'ckpt-start-delay', firstSeenMs: MINUTE_MS }, 11 * MINUTE_MS);
    const open = at({ rule: 'bp-bottleneck' }, 11 * MINUTE_MS);
    const found = rankFindings([cause(10 * MINUTE_MS), symptom, open], job);
    expect(must(found.find(({ rule }) => rule === 'ckpt-start-delay')).causedBy).toEqual(['bp-bottleneck:map']);
  });
});
