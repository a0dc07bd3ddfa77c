import { describe, expect, it } from 'vitest';
import { bpExternalWait } from '../../rules/backpressure/bp-external-wait.js';
import { parOver } from '../../rules/capacity/par-over.js';
import { historyOf, nowOf } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { analyzeJob, type JobReport } from './analyze.js';
import { withoutUncertain } from './certain.js';
import type { LiveFinding } from './finding.js';

const reportOf = (spec: Parameters<typeof historyOf>[0]): JobReport => {
  const history = historyOf(spec);
  const rules = [bpExternalWait, parOver];
  return analyzeJob(history, new Map(), nowOf(history), { rules, settings: {}, disabled: [] }).report;
};
const inState = (report: JobReport, state: LiveFinding['state']): readonly string[] =>
  withoutUncertain(
    report.recommendations,
    report.findings.map((finding) => ({ ...finding, state })),
  ).map(({ title }) => title.en);

describe('advice while its finding is not certain', () => {
  const slow = reportOf(job.SLOW_LOOKUP);
  const idle = reportOf(job.OVER_PROVISIONED);

  it('waits where it takes subtasks', () => {
    expect(must(slow.recommendations[0]).changes).toMatchObject([{ from: 2, to: 5 }]);
    expect(inState(slow, 'pending')).toEqual([]);
    expect(inState(slow, 'firing')).toEqual(['Run map with parallelism 5 instead of 2']);
  });

  it('waits where it takes memory alone', () => {
    const cost = { slots: 0, taskManagers: 0, memoryBytes: 1 };
    const larger = { ...slow, recommendations: slow.recommendations.map((one) => ({ ...one, changes: [], cost })) };
    expect(inState(larger, 'pending')).toEqual([]);
  });

  it('does not wait where it frees them', () => {
    expect(inState(idle, 'pending')).toEqual(inState(idle, 'firing'));
    expect(inState(idle, 'pending')).toHaveLength(1);
  });
});
