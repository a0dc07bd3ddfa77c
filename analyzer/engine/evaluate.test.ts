import { describe, expect, it } from 'vitest';
import { signalsOf, type SignalName } from '../signals/signals.js';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { must, only } from '../testing/must.js';
import { HEALTHY } from '../testing/scenarios.js';
import { text } from '../text.js';
import { evaluate, optionsOf, viewFor } from './evaluate.js';
import { evidence } from './evidence.js';
import { defineRule, type AnyRule, type Outcome, type Verdict } from './rule.js';

const verdict: Verdict = {
  severity: 'warning',
  confidence: 1,
  subject: { kind: 'job' },
  title: text('t', 't'),
  summary: text('s', 's'),
  evidence: [],
};
const rule = (more: Partial<AnyRule> = {}): AnyRule => ({
  id: 'test-rule',
  category: 'backpressure',
  title: text('t', 't'),
  severityMax: 'critical',
  basis: 'measured',
  needs: [],
  options: {},
  opens: 'persisting',
  appliesTo: 'running',
  detect: () => [],
  advise: () => [],
  ...more,
});
const run = (rules: readonly AnyRule[], spec: JobSpec = HEALTHY): readonly Outcome[] => {
  const history = historyOf(spec);
  return evaluate(rules, signalsOf(history, nowOf(history)), {});
};

describe('evaluate', () => {
  it('says clear, found, skipped or crashed, each rule for itself', () => {
    const outcomes = run([
      rule({ id: 'a' }),
      rule({ id: 'b', detect: () => [verdict] }),
      rule({ id: 'c', detect: () => ({ notEvaluated: text('not known', '未知') }) }),
      rule({
        id: 'd',
        detect: () => {
          throw new Error('boom');
        },
      }),
      rule({ id: 'e' }),
    ]);
    expect(outcomes.map(({ rule: id, status }) => [id, status])).toEqual([
      ['a', 'clear'],
      ['b', 'findings'],
      ['c', 'skipped'],
      ['d', 'crashed'],
      ['e', 'clear'],
    ]);
    expect(outcomes[3]).toMatchObject({ error: 'boom' });
  });

  it('adds rule, category and basis to a verdict', () => {
    const outcome = only(run([rule({ basis: 'configuration', category: 'configuration', detect: () => [verdict] })]));
    expect(outcome.status === 'findings' && only(outcome.findings)).toMatchObject({
      rule: 'test-rule',
      category: 'configuration',
      basis: 'configuration',
      wouldChange: [],
      notSeen: [],
    });
  });

  const gates: readonly (readonly [string, Partial<AnyRule>, Partial<JobSpec>, Outcome['status']])[] = [
    ['a running job', {}, {}, 'clear'],
    ['a job that is being deployed', {}, { tasks: 'DEPLOYING' }, 'skipped'],
    [
      'a job that is being deployed, for a rule that asks for it',
      { appliesTo: 'any-state' },
      { tasks: 'DEPLOYING' },
      'clear',
    ],
    ['a batch job, for a rule about streams', {}, { batch: true }, 'skipped'],
    ['a batch job, for stability', { category: 'stability' }, { batch: true }, 'clear'],
    ['a batch job, for memory', { category: 'memory' }, { batch: true }, 'clear'],
    ['a batch job, for configuration', { category: 'configuration' }, { batch: true }, 'clear'],
    ['a job that was cancelled', { appliesTo: 'any-state' }, { state: 'CANCELED' }, 'skipped'],
    ['a job that has finished', { appliesTo: 'any-state' }, { state: 'FINISHED' }, 'skipped'],
    ['a need that is missing', { needs: ['configuration'] }, { configuration: {} }, 'skipped'],
    ['a need that is there', { needs: ['configuration'] }, {}, 'clear'],
  ];
  it.each(gates)('%s', (_claim, more, change, status) => {
    expect(only(run([rule(more)], { ...HEALTHY, ...change })).status).toBe(status);
  });
});

describe('what a rule sees', () => {
  it('is what it asked for, and nothing else', () => {
    const history = historyOf(HEALTHY);
    const needs: readonly SignalName[] = ['load', 'lag'];
    const seen = viewFor(rule({ needs }), signalsOf(history, nowOf(history)));
    expect(seen.ok && Object.keys(seen.view).sort()).toEqual(['job', 'lag', 'load', 'nowMs']);
  });

  it('is typed by its needs: reading another signal does not compile', () => {
    const typed = defineRule({
      ...rule(),
      needs: ['lag'],
      options: { limit: { default: 3, unit: 'count', description: 'a limit' } },
      detect(view, { limit }) {
        // @ts-expect-error: `load` is not declared.
        const load: unknown = view.load;
        return load === undefined && limit === 3 && view.lag.phase === 'steady' ? [verdict] : [];
      },
      advise: () => [],
    });
    expect(only(run([typed])).status).toBe('findings');
  });
});

describe('options', () => {
  const limited = rule({
    options: { a: { default: 1, unit: 'ratio', description: 'a' }, b: { default: 2, unit: 'ms', description: 'b' } },
  });
  it('are the defaults where nothing is set', () => {
    expect(optionsOf(limited, {})).toEqual({ a: 1, b: 2 });
  });
  it('are overlaid rule by rule', () => {
    expect(optionsOf(limited, { 'test-rule': { b: 5 }, other: { a: 9 } })).toEqual({ a: 1, b: 5 });
  });
});

describe('evidence', () => {
  it('is none where the value is not known', () => {
    expect([
      ...evidence('busyRatio', undefined, 1),
      ...evidence('busyRatio', NaN, 1),
      ...evidence('busyRatio', Infinity, 1),
    ]).toEqual([]);
  });
  it('carries label, unit and the limit it was held against', () => {
    expect(must(evidence('busyRatio', 0.9, 60_000, ['>=', 0.8], { metric: 'busyRatio', vertexId: 'v' })[0])).toEqual({
      signal: 'busyRatio',
      label: text('busy, busiest subtask', '最忙子任务的繁忙率'),
      value: 0.9,
      unit: 'ratio',
      windowMs: 60_000,
      comparison: '>=',
      threshold: 0.8,
      series: { metric: 'busyRatio', vertexId: 'v' },
    });
  });
});
