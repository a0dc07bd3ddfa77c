import { describe, expect, it } from 'vitest';
import { judgeCheck, judged } from './run-scenario.js';
import type { Finding } from './weir-api.js';

const root: Finding = {
  rule: 'bp-external-wait',
  severity: 'critical',
  state: 'firing',
  role: 'root',
  basis: 'measured',
  subject: { kind: 'vertex', vertexName: 'sink: Writer' },
};
const expected = { rule: 'bp-external-wait', operator: 'sink' };
const report = (...findings: Finding[]): string =>
  JSON.stringify({ jobs: [{ name: 'x', findings, recommendations: [] }] });

describe('judged', () => {
  it('passes when the root was found and nothing else was', () => {
    const outcome = judged({ found: root, seconds: 130, wrong: [], missing: [] }, []);
    expect(outcome).toEqual({ passed: true, reasons: [], found: root.rule, vertex: 'sink: Writer', seconds: 130 });
  });

  it.each([
    ['a wrong root', { found: root, seconds: 1, wrong: ['gc-pressure'], missing: [] }, []],
    ['a missing one', { wrong: [], missing: ['bp-external-wait'] }, []],
    ['a one-shot check that disagrees', { found: root, seconds: 1, wrong: [], missing: [] }, ['check: exit code 0']],
  ])('fails because of %s', (_, watched, fromCheck) => {
    expect(judged(watched, fromCheck)).toMatchObject({ passed: false, reasons: [expect.any(String)] });
  });
});

describe('judgeCheck', () => {
  it.each([
    ['agrees', 1, report(root), expected, root, []],
    ['names a cause that is still pending', 1, report({ ...root, state: 'pending' }), expected, root, []],
    ['misses the exit code', 0, report(root), expected, root, ['exit code 0 instead of 1']],
    ['misses the cause', 1, report(), expected, root, ['missing: bp-external-wait']],
    ['finds something in a healthy job', 1, report(root), {}, undefined, ['exit code 1 instead of 0', 'wrong: bp-ext']],
    ['is silent about a healthy job', 0, report(), {}, undefined, []],
    ['prints no report', 2, 'oops', expected, root, ['exit code 2 instead of 1', 'no readable report']],
  ])('%s', (_, code, stdout, expectation, found, problems) => {
    const answer = judgeCheck('check', code, stdout, { expect: expectation }, found).problems;
    expect(answer).toHaveLength(problems.length);
    problems.forEach((problem, i) => expect(answer[i]).toContain(problem));
  });

  it('asks no more of a look than it could see of a fault that shows late', () => {
    expect(judgeCheck('check', 0, report(root), { expect: expected, seconds: 134 }, root).problems).toHaveLength(1);
    expect(judgeCheck('check', 0, report(root), { expect: expected, seconds: 170 }, root).problems).toEqual([]);
    expect(judgeCheck('check', 0, report(), { expect: expected, seconds: 170 }, root).problems).toHaveLength(1);
    expect(judgeCheck('check', 0, report(), { expect: expected, seconds: 200 }, root).problems).toEqual([]);
  });

  it('wants a diff where more parallelism helps', () => {
    const helped = { ...expected, parallelismHelps: true };
    const withAdvice = (diffs: object) =>
      JSON.stringify({ jobs: [{ name: 'x', findings: [root], recommendations: [{ title: 'Raise', diffs }] }] });
    expect(judgeCheck('check', 1, withAdvice({}), { expect: helped }, root).problems).toEqual([
      'check: no diff to apply',
    ]);
    // Before 1.17 no option sets the parallelism of a vertex.
    const old = { expect: helped, takesOverrides: false };
    expect(judgeCheck('check', 1, withAdvice({}), old, root).problems).toEqual([]);
    expect(judgeCheck('check', 1, withAdvice({ 'config.yaml': 'x' }), { expect: helped }, root)).toEqual({
      problems: [],
      advice: ['Raise (config.yaml)'],
    });
  });
});
