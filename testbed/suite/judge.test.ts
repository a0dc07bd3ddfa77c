import { describe, expect, it } from 'vitest';
import { adviceProblem, findExpected, isExpected, missingSymptoms, operatorsOf, wrongFindings } from './judge.js';
import type { Finding, Recommendation } from './weir-api.js';

function finding(over: Partial<Finding> = {}): Finding {
  return {
    rule: 'skew-hot-key',
    severity: 'warning',
    state: 'firing',
    role: 'root',
    basis: 'measured',
    subject: { kind: 'subtask', vertexName: 'agg -> sink: Writer', subtasks: [2] },
    ...over,
  };
}

const hotKey = { rule: 'skew-hot-key', operator: 'agg', subtasks: [2] };

describe('operatorsOf', () => {
  it.each([
    ['Source: src', ['src']],
    ['agg -> sink: Writer', ['agg', 'sink']],
    ['Source: src -> (a, b -> Sink: c)', ['src', 'a', 'b', 'c']],
  ])('%s', (name, operators) => {
    expect(operatorsOf(name)).toEqual(operators);
  });
});

describe('isExpected', () => {
  it.each([
    ['rule, vertex and subtask as built', {}, true],
    ['another rule', { rule: 'skew-keygroup' }, false],
    ['another vertex', { subject: { kind: 'subtask', vertexName: 'Source: src', subtasks: [2] } }, false],
    [
      'a vertex whose name only contains the operator',
      { subject: { kind: 'subtask', vertexName: 'aggregate', subtasks: [2] } },
      false,
    ],
    ['another subtask', { subject: { kind: 'subtask', vertexName: 'agg', subtasks: [1] } }, false],
    ['one subtask too many', { subject: { kind: 'subtask', vertexName: 'agg', subtasks: [1, 2] } }, false],
    ['no subtask', { subject: { kind: 'vertex', vertexName: 'agg' } }, false],
  ])('%s', (_, over, expected) => {
    expect(isExpected(finding(over), hotKey)).toBe(expected);
  });
});

describe('findExpected', () => {
  it('takes a root only, and one that fires', () => {
    expect(findExpected([finding({ role: 'symptom' }), finding({ state: 'pending' })], hotKey)).toBeUndefined();
    expect(findExpected([finding()], hotKey)).toBeDefined();
  });
});

describe('wrongFindings', () => {
  const other = finding({ rule: 'bp-external-wait' });

  it.each([
    ['the expected root', finding(), 0],
    ['another measured root', other, 1],
    ['a symptom', { ...other, role: 'symptom' as const }, 0],
    ['an info', { ...other, severity: 'info' as const }, 0],
    ['advice on the configuration', { ...other, basis: 'configuration' as const }, 0],
    ['a verdict not yet open', { ...other, state: 'pending' as const }, 0],
    [
      'the right rule on the wrong subtask',
      finding({ subject: { kind: 'subtask', vertexName: 'agg', subtasks: [0] } }),
      1,
    ],
  ])('%s counts %#', (_, one, count) => {
    expect(wrongFindings([one], hotKey)).toHaveLength(count);
  });

  it('accepts what is true as well', () => {
    expect(wrongFindings([other], { ...hotKey, alsoTrue: ['bp-external-wait'] })).toEqual([]);
  });

  it('counts even symptoms on a healthy job', () => {
    expect(wrongFindings([{ ...other, role: 'symptom' }], {})).toHaveLength(1);
  });
});

describe('missingSymptoms', () => {
  it('names what was not reported', () => {
    const expected = { rule: 'bp-external-wait', symptoms: ['ckpt-alignment', 'src-lag-growing'] };
    expect(missingSymptoms([finding({ rule: 'ckpt-alignment', role: 'symptom' })], expected)).toEqual([
      'src-lag-growing',
    ]);
  });
});

describe('adviceProblem', () => {
  const raise = (vertexName: string, from: number | string, to: number | string): Recommendation => ({
    state: 'proposed',
    kind: 'parallelism',
    changes: [{ scope: 'vertex', vertexName, from, to }],
  });
  const helps = { rule: 'bp-external-wait', operator: 'sink', parallelismHelps: true };
  const cannotHelp = { ...hotKey, parallelismHelps: false };

  it.each([
    ['raises the right vertex', [raise('sink: Writer', 2, 4)], helps, undefined],
    ['raises it, in text', [raise('sink: Writer', '2', '10')], helps, undefined],
    ['raises another vertex', [raise('Source: src', 2, 4)], helps, 'does not advise'],
    ['lowers it', [raise('sink: Writer', 4, 2)], helps, 'does not advise'],
    ['gives none where it helps', [], helps, 'does not advise'],
    ['raises where it cannot help', [raise('agg', 4, 8)], cannotHelp, 'cannot help'],
    ['gives none where it cannot help', [], cannotHelp, undefined],
    ['is not judged', [raise('agg', 4, 8)], hotKey, undefined],
  ])('%s', (_, advice, expected, problem) => {
    const answer = adviceProblem(advice, expected);
    if (problem === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(problem);
  });
});
