import { describe, expect, it } from 'vitest';
import type { Finding } from '../testbed/suite/weir-api.js';
import { scoreOf, shortfalls } from './score.js';
import { Trace, type Verdict } from './trace.js';

const finding = (rule: string, more: Partial<Finding> = {}): Finding => ({
  rule,
  severity: 'critical',
  state: 'firing',
  role: 'root',
  basis: 'measured',
  subject: { kind: 'vertex', vertexName: 'agg', subtasks: [1] },
  ...more,
});
const EXPECT = { rule: 'skew-hot-key', operator: 'agg', subtasks: [1] };

/** Readings every ten seconds; the fault begins with the first. */
function played(
  readings: readonly (readonly Finding[])[],
  expect: { rule?: string; operator?: string } = EXPECT,
): Verdict {
  const trace = new Trace(expect, 1_000_000);
  readings.forEach((findings, i) => trace.add(1_000_000 + i * 10_000, findings));
  return trace.verdict('hot-key', '1.20.3');
}

const HOT = finding('skew-hot-key');

describe('the verdict on a recording', () => {
  it('counts from the fault to the first reading that tells of it', () => {
    expect(played([[], [], [HOT], [HOT]])).toMatchObject({ isFirst: true, isPlaceFound: true, seconds: 20, wrong: [] });
  });

  it.each([
    ['a pending one is not told yet', finding('skew-hot-key', { state: 'pending' }), false, false],
    [
      'the wrong subtask is the rule, not the place',
      finding('skew-hot-key', { subject: { kind: 'vertex', vertexName: 'agg', subtasks: [2] } }),
      true,
      false,
    ],
    ['a symptom is no root', finding('skew-hot-key', { role: 'symptom' }), false, false],
  ] as const)('%s', (_claim, one, isRuleFound, isPlaceFound) => {
    expect(played([[one]])).toMatchObject({ isRuleFound, isPlaceFound, isFirst: false });
  });

  it('is not first behind another root, which is also wrong', () => {
    const verdict = played([[finding('gc-leak'), HOT]]);
    expect(verdict).toMatchObject({ isFirst: false, isPlaceFound: true });
    expect(verdict.wrong.map(({ rule }) => rule)).toEqual(['gc-leak']);
  });

  it('is first among remarks, whatever their order', () => {
    const idle = finding('slots-idle', { severity: 'info' });
    const remark = finding('skew-hot-key', { severity: 'info' });
    expect(played([[idle, remark]])).toMatchObject({ isFirst: true, wrong: [] });
    expect(played([[finding('gc-leak'), remark]])).toMatchObject({ isFirst: false });
  });

  it('says what stood there instead', () => {
    expect(played([[finding('bp-bottleneck')]]).first).toContain('bp-bottleneck (critical)');
  });

  it('counts a finding that went and came again', () => {
    expect(played([[HOT], [], [HOT], [HOT], [], [HOT]]).flips).toBe(2);
  });

  it('takes every alarm on a healthy job for wrong, symptoms too', () => {
    expect(played([[finding('gc-leak', { role: 'symptom' })]], {}).wrong).toHaveLength(1);
    expect(played([[finding('par-over', { severity: 'info' })]], {}).wrong).toEqual([]);
  });
});

describe('the score', () => {
  const right = played([[HOT]]);
  const missed = played([[]]);
  const misplaced = played([[finding('skew-hot-key', { subject: { kind: 'vertex', vertexName: 'src' } })]]);
  const healthy = played([[], []], {});
  const alarmed = played([[finding('gc-leak')]], {});

  it('is whole when all is as labelled', () => {
    expect(scoreOf([right, healthy])).toMatchObject({
      rankOneAccuracy: 1,
      macroF1: 1,
      precision: 1,
      localisation: 1,
      healthyAlarms: 0,
      scenarios: 1,
      recordings: 2,
    });
  });

  it('loses accuracy and F1 by what it misses', () => {
    expect(scoreOf([right, missed])).toMatchObject({ rankOneAccuracy: 0.5, macroF1: 2 / 3, precision: 1 });
  });

  it('loses localisation by the right rule in the wrong place, which is a wrong alarm too', () => {
    expect(scoreOf([right, misplaced])).toMatchObject({ localisation: 0.5, precision: 0.5 });
  });

  it('loses precision and F1 by alarms on a healthy job', () => {
    expect(scoreOf([right, alarmed])).toMatchObject({ precision: 0.5, macroF1: 0.5, healthyAlarms: 1 });
  });

  it('names each figure below its floor', () => {
    const floors = { scenarios: 2, rankOneAccuracy: 0.95, macroF1: 0.9, precision: 0.95, localisation: 0.95 };
    expect(shortfalls(scoreOf([right, alarmed]), floors)).toEqual([
      'scenarios is 1, and must be 2 at least',
      'macroF1 is 0.5, and must be 0.9 at least',
      'precision is 0.5, and must be 0.95 at least',
      '1 alarm(s) on healthy jobs',
    ]);
  });
});
