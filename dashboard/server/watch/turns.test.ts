import { describe, expect, it } from 'vitest';
import { analyzeJob, type JobReport } from '../../../analyzer/engine/analyze.js';
import { historyOf, nowOf } from '../../../analyzer/testing/job-builder.js';
import { HEALTHY, HOT_KEY } from '../../../analyzer/testing/scenarios.js';
import type { JobHistory } from '../../../collector/model/index.js';
import { RULES } from '../../../rules/index.js';
import { isCalm, Turns } from './turns.js';

const OPTIONS = { rules: RULES, settings: {}, disabled: [] };
const history = historyOf(HEALTHY);
const nowMs = nowOf(history);
const reportOf = (of: JobHistory, atMs = nowMs): JobReport => analyzeJob(of, new Map(), atMs, OPTIONS).report;
const report = reportOf(history);

describe('a job is calm', () => {
  const [exception] = [{ atMs: nowMs, exceptionName: 'x', stacktrace: 'x', concurrent: false }];
  const [vertex, ...vertices] = history.vertices;
  const changes: readonly (readonly [string, Partial<JobHistory>, boolean])[] = [
    ['while nothing happens', {}, true],
    ['not when its cluster cannot be read', { reachable: false }, false],
    ['not in another state', { detail: { ...history.detail, state: 'RESTARTING' } }, false],
    ['not after a restart', { restarts: [...history.restarts, { atMs: nowMs, restarts: 9 }] }, false],
    ['not after an exception', { exceptions: [...history.exceptions, exception] }, false],
    [
      'not after a failed checkpoint',
      { checkpointCounts: { completed: 1, failed: 99, inProgress: 0, restored: 0, total: 100 } },
      false,
    ],
    [
      'not when something cannot be read',
      { missing: [{ endpoint: 'x', failure: { kind: 'timeout', message: 'x' }, sinceMs: 0 }] },
      false,
    ],
    [
      'not when a TaskManager is gone',
      { taskManagers: history.taskManagers.map((manager) => ({ ...manager, goneMs: nowMs })) },
      false,
    ],
    [
      'not while something happens at a vertex',
      { vertices: vertex === undefined ? [] : [{ ...vertex, interestUntilMs: nowMs + 1 }, ...vertices] },
      false,
    ],
  ];
  it.each(changes)('%s', (_claim, change, calm) => {
    expect(isCalm({ ...history, ...change }, report)).toBe(calm);
  });
  it('not with a finding of weight, not even one that is not told yet', () => {
    const ill = historyOf(HOT_KEY);
    expect(reportOf(ill, nowOf(ill)).findings.some(({ severity }) => severity !== 'info')).toBe(true);
    expect(isCalm(ill, reportOf(ill, nowOf(ill)))).toBe(false);
  });
});

describe('turns', () => {
  /** Beats in which a calm job is judged, of the first twelve. */
  const judged = (jobs: number, jobMs: number, beatMs: number, calm = true, jobId = '0000'): readonly number[] => {
    const turns = new Turns();
    const job = { ...history, jobId, ...(calm ? {} : { restarts: [{ atMs: 0, restarts: 7 }] }) };
    let before: JobReport | undefined;
    const beats: number[] = [];
    for (let beat = 0; beat < 12; beat += 1) {
      const atMs = nowMs + beat * beatMs;
      turns.begin(atMs);
      if (turns.mayWait(job, before, jobs, atMs)) continue;
      beats.push(beat);
      before = { ...report, jobId, atMs };
      turns.note(jobMs);
    }
    return beats;
  };
  const all = Array.from({ length: 12 }, (_, beat) => beat);
  const cases: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ['a small fleet is judged in every beat', judged(50, 2, 10_000), all],
    ['calm jobs of a large one every half minute', judged(1000, 2, 10_000), [0, 2, 5, 8, 11]],
    ['each beat another part of them', judged(1000, 2, 10_000, true, '0001'), [0, 1, 4, 7, 10]],
    ['or every other beat where that is enough', judged(300, 2, 10_000), [0, 1, 3, 5, 7, 9, 11]],
    ['slower beats wait less', judged(1000, 20, 15_000), [0, 1, 3, 5, 7, 9, 11]],
    ['a beat a little longer waits as well', judged(1000, 20, 15_100), [0, 1, 3, 5, 7, 9, 11]],
    ['and much longer ones do not', judged(1000, 20, 17_000), all],
    ['beats of half a minute do not wait', judged(1000, 20, 30_000), all],
    ['a job that something happens to does not wait', judged(1000, 2, 10_000, false), all],
  ];
  it.each(cases)('%s', (_claim, beats, expected) => {
    expect(beats).toEqual(expected);
  });
});
