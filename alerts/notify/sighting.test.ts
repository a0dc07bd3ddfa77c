import { describe, expect, it } from 'vitest';
import { analyzeJob, type JobReport } from '../../analyzer/engine/analyze.js';
import type { LiveFinding } from '../../analyzer/engine/finding.js';
import { NO_COST, type Recommendation } from '../../analyzer/engine/recommendation.js';
import { historyOf, nowOf } from '../../analyzer/testing/job-builder.js';
import { HEALTHY } from '../../analyzer/testing/scenarios.js';
import { text } from '../../analyzer/text.js';
import { viewOf } from './sighting.js';

const history = historyOf(HEALTHY);
const calm = analyzeJob(history, new Map(), nowOf(history), { rules: [], settings: {}, disabled: [] }).report;

function found(id: string, more: Partial<LiveFinding> = {}): LiveFinding {
  return {
    id,
    rule: id,
    category: 'test',
    severity: 'warning',
    confidence: 1,
    basis: 'measured',
    subject: { kind: 'vertex', vertexId: 'v1', vertexName: 'Map' },
    title: text(id, id),
    summary: text('', ''),
    evidence: [1, 2, 3].map((value) => ({ signal: 's', label: text('s', 's'), value, unit: 'count', windowMs: 1 })),
    wouldChange: [],
    notSeen: [],
    cluster: 'test',
    jobId: 'a',
    jobName: 'orders',
    state: 'firing',
    role: 'root',
    causedBy: [],
    rank: 1,
    firstSeenMs: 5,
    lastSeenMs: 9,
    ...more,
  };
}

function advised(finding: string, diff: string): Recommendation {
  return {
    id: `${finding}~config`,
    cluster: 'test',
    jobId: 'a',
    jobName: 'orders',
    findings: [finding],
    state: 'proposed',
    kind: 'config',
    title: text('Raise it', '提高它'),
    changes: [],
    diffs: { 'config.yaml': diff },
    expected: [],
    cost: NO_COST,
    prerequisites: [],
    risk: { restart: 'none', stateLoss: false, note: text('', '') },
    verify: [],
    rejected: [],
    confidence: 1,
    sources: [],
  };
}

const seen = (findings: readonly LiveFinding[], recommendations: readonly Recommendation[] = []) => {
  const report: JobReport = { ...calm, findings, recommendations };
  return viewOf('test', 'payments', 'reachable', [report]);
};

describe('what is there to tell', () => {
  const table: readonly (readonly [string, Partial<LiveFinding>, boolean | undefined])[] = [
    ['a measured root that fires', {}, true],
    ['a critical one', { severity: 'critical' }, true],
    ['a symptom stands, and is not told', { role: 'symptom' }, false],
    ['an info stands, and is not told', { severity: 'info' }, false],
    ['one put aside stands, and is not told', { snoozed: { untilMs: 1, reason: 'known' } }, false],
    ['a note on the configuration is not there at all', { basis: 'configuration' }, undefined],
    ['one that is not yet certain is not there', { state: 'pending' }, undefined],
    ['one that has ended is not there', { state: 'resolved', resolvedMs: 7 }, undefined],
  ];
  it.each(table)('%s', (_what, more, isToTell) => {
    expect(seen([found('x', more)]).sightings.at(0)?.isToTell).toBe(isToTell);
  });

  it('with two lines of evidence, and since when', () => {
    const [sighting] = seen([found('x')]).sightings;
    expect(sighting).toMatchObject({ vertex: 'Map', vertexId: 'v1', firstSeenMs: 5, atMs: calm.atMs });
    expect(sighting?.evidence.map(({ value }) => value)).toEqual([1, 2]);
  });

  const diffs: readonly (readonly [string, string, string | undefined])[] = [
    ['a short diff', '- a: 1\n+ a: 2\n', '- a: 1\n+ a: 2'],
    ['none that is long', '+ a: 2\n'.repeat(9), undefined],
    ['none that is wide', `+ a: ${'x'.repeat(600)}`, undefined],
  ];
  it.each(diffs)('with the first advice of its own and %s', (_what, diff, shown) => {
    const [sighting] = seen(
      [found('x')],
      [advised('other', '+ no'), advised('x', diff), advised('x', '+ later')],
    ).sightings;
    expect(sighting?.action).toEqual({
      title: text('Raise it', '提高它'),
      ...(shown === undefined ? {} : { diff: shown }),
    });
  });

  it('knows when what has ended did', () => {
    const { resolved } = seen([found('x', { state: 'resolved', resolvedMs: 7 }), found('y')]);
    expect([...resolved]).toEqual([['x', 7]]);
  });
});
