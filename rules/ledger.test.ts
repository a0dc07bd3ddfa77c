import { describe, expect, it } from 'vitest';
import { bpExternalWait } from './backpressure/bp-external-wait.js';
import { vary } from '../analyzer/testing/claims.js';
import { historyOf, nowOf, START_MS, type JobSpec } from '../analyzer/testing/job-builder.js';
import { must, only } from '../analyzer/testing/must.js';
import * as job from '../analyzer/testing/scenarios.js';
import { analyzeJob, type JobReport } from '../analyzer/engine/analyze.js';
import { advanceLedger, MAX_TRIALS } from '../analyzer/engine/ledger/advance.js';
import { isApplied } from '../analyzer/engine/ledger/applied.js';
import { withLedger } from '../analyzer/engine/ledger/lay-over.js';
import { withSteadySizes } from '../analyzer/engine/ledger/steady.js';
import type { Ledger, Trial } from '../analyzer/engine/ledger/trial.js';

const OPTIONS = { rules: [bpExternalWait], settings: {}, disabled: [] };
const HOUR_MS = 3_600_000;

/** The lookup at parallelism 2 waits for ever; the advice is 5. */
const before = reportOf(job.SLOW_LOOKUP);
/** What it is like `minutes` after the start of the first job, with other figures of the lookup and the lag. */
const later = (minutes: number, map: object, lag: readonly [number, number]): JobReport =>
  reportOf({
    ...vary(job.SLOW_LOOKUP, { vertices: { map, src: { lag, bp: 0.01 } } }),
    startMs: START_MS + minutes * 60_000,
    samples: 30,
  });
const served = { parallelism: 5, busy: 0.62, in: 120 };

function reportOf(spec: JobSpec): JobReport {
  const history = historyOf(spec);
  return analyzeJob(history, new Map(), nowOf(history), OPTIONS).report;
}

const follow = (reports: readonly JobReport[]): Ledger => reports.reduce<Ledger>(advanceLedger, new Map());
const trialOf = (ledger: Ledger): Trial => only([...ledger.values()]);

describe('an advice that is followed up', () => {
  it('is proposed with the figures of now, and keeps the newest', () => {
    const trial = trialOf(follow([before, { ...before, atMs: before.atMs + 10_000 }]));
    expect(trial).toMatchObject({
      state: 'proposed',
      firstProposedMs: before.atMs,
      lastProposedMs: before.atMs + 10_000,
    });
    expect(trial.before).toMatchObject({
      'busyRatio@map': expect.closeTo(1, 1) as number,
      lagSeconds: expect.any(Number) as number,
    });
  });

  it('is applied when Flink shows the change, and is not judged before readings of after it', () => {
    const applied = later(10, served, [0, 0]);
    expect(trialOf(follow([before, applied]))).toMatchObject({ state: 'applied', appliedMs: applied.atMs });
  });

  it('is confirmed when it brought what it promised, with each figure against its bounds', () => {
    const trial = trialOf(follow([before, later(10, served, [0, 0]), later(20, served, [0, 0])]));
    expect(trial.state).toBe('confirmed');
    const busy = must(must(trial.outcomes).find(({ metric }) => metric === 'busyRatio'));
    expect(busy).toMatchObject({ vertexId: 'map', isWithin: true });
    expect(busy.seen).toBeCloseTo(0.62, 2);
    expect(must(must(trial.outcomes).find(({ metric }) => metric === 'lagSeconds')).seenAfterMs).toBe(0);
  });

  it('is refuted when the lag grows on', () => {
    const inVain = { parallelism: 5, busy: 1, in: 82 };
    const trial = trialOf(follow([before, later(10, inVain, [90_000, 190]), later(20, inVain, [200_000, 190])]));
    expect(trial.state).toBe('refuted');
  });

  it('waits while a backlog is worked off', () => {
    const working = later(20, { parallelism: 5, busy: 1, in: 200 }, [200_000, -400]);
    expect(trialOf(follow([before, later(10, served, [200_000, -400]), working])).state).toBe('applied');
  });

  it('is forgotten when it is taken back before it was judged, or never followed', () => {
    const back = later(20, { parallelism: 2 }, [30_000, 200]);
    const states = [...follow([before, later(10, served, [0, 0]), back]).values()].map(({ state }) => state);
    expect(states).toEqual(['proposed']);
    expect(follow([before, { ...before, recommendations: [], atMs: before.atMs + 15 * 24 * HOUR_MS }]).size).toBe(0);
  });

  it('is as it was while the cluster cannot be read', () => {
    const ledger = follow([before]);
    expect(advanceLedger(ledger, { ...before, reachable: false })).toBe(ledger);
  });

  it('is one of fifty of a job at most', () => {
    const [advice] = before.recommendations;
    const many = Array.from({ length: MAX_TRIALS + 10 }, (_, i) => ({ ...must(advice), id: `one-${i}` }));
    expect(follow([{ ...before, recommendations: many }]).size).toBe(MAX_TRIALS);
  });
});

describe('the report', () => {
  const again = { ...before, atMs: before.atMs + HOUR_MS };
  const stateOf = (ledger: Ledger, report: JobReport): readonly string[] =>
    withLedger(report, ledger).recommendations.map(({ state }) => state);

  it('proposes what nobody has followed', () => {
    expect(withLedger(before, follow([before]))).toBe(before);
  });

  it('does not propose again what is being measured, nor what was refuted', () => {
    const inVain = { parallelism: 5, busy: 1, in: 82 };
    const refuted = follow([before, later(10, inVain, [90_000, 190]), later(20, inVain, [200_000, 190])]);
    expect(stateOf(refuted, again)).toEqual(['refuted']);
    const measured = follow([before, later(10, served, [0, 0])]);
    expect(stateOf(measured, { ...before, atMs: START_MS + 12 * 60_000 })).toEqual(['applied']);
  });

  it('proposes again after an advice was confirmed: the load has grown', () => {
    const confirmed = follow([before, later(10, served, [0, 0]), later(20, served, [0, 0])]);
    expect(stateOf(confirmed, again)).toEqual(['proposed', 'confirmed']);
  });
});

describe('a change', () => {
  const history = historyOf(job.SLOW_LOOKUP);
  const state = {
    vertices: history.vertices,
    configuration: { 'taskmanager.numberOfTaskSlots': '4', interval: '1 min' },
  };
  const change = { scope: 'job' as const, from: null, unit: '' };

  it.each([
    [
      'a parallelism as it is',
      [{ ...change, scope: 'vertex' as const, vertexId: 'map', to: 2, unit: 'subtasks' }],
      true,
    ],
    ['another parallelism', [{ ...change, scope: 'vertex' as const, vertexId: 'map', to: 5, unit: 'subtasks' }], false],
    ['an option', [{ ...change, key: 'taskmanager.numberOfTaskSlots', to: 4 }], true],
    ['an option written otherwise', [{ ...change, key: 'interval', to: '1min' }], true],
    ['an option that is not set', [{ ...change, key: 'other', to: 4 }], false],
    [
      'code, which nobody can see',
      [{ ...change, scope: 'vertex' as const, vertexId: 'map', to: 'async', unit: 'code' }],
      false,
    ],
    [
      'two changes of which one is missing',
      [
        { ...change, key: 'taskmanager.numberOfTaskSlots', to: 4 },
        { ...change, key: 'other', to: 4 },
      ],
      false,
    ],
  ])('%s: %s', (_what, changes, applied) => {
    expect(isApplied(changes, state)).toBe(applied);
  });
});

describe('a size of memory', () => {
  const MINUTE_MS = 60_000;
  const sized = (to: string, minutes: number, from = '1728m'): JobReport => ({
    ...before,
    atMs: before.atMs + minutes * MINUTE_MS,
    recommendations: before.recommendations.map((advice) => ({
      ...advice,
      id: 'heap',
      title: { en: to, 'zh-CN': to },
      changes: [{ scope: 'taskmanager', key: 'taskmanager.memory.process.size', from, to, unit: 'bytes' }],
    })),
  });
  /** As the service does it: what is shown is what is followed. */
  const shown = (reports: readonly JobReport[]): readonly string[] => {
    let ledger: Ledger = new Map();
    return reports.map((report) => {
      const steady = withSteadySizes(report, ledger);
      ledger = advanceLedger(ledger, steady);
      return must(only(steady.recommendations).title).en;
    });
  };

  it.each<[claim: string, reports: readonly JobReport[], sizes: readonly string[]]>([
    ['stands while it wanders', [sized('2048m', 0), sized('2200m', 1), sized('1950m', 2)], ['2048m', '2048m', '2048m']],
    ['is another one where much more is needed', [sized('2048m', 0), sized('2500m', 1)], ['2048m', '2500m']],
    ['does not creep: each is held against the one that was proposed', [sized('2000m', 0), sized('2200m', 1), sized('2400m', 2)], ['2000m', '2000m', '2400m']], // prettier-ignore
    ['stands no longer than ten minutes after it was last proposed', [sized('2048m', 0), sized('2200m', 11)], ['2048m', '2200m']], // prettier-ignore
    ['is another one where the process has been changed', [sized('2048m', 0), sized('2200m', 1, '1g')], ['2048m', '2200m']], // prettier-ignore
  ])('%s', (_claim, reports, sizes) => {
    expect(shown(reports)).toEqual(sizes);
  });

  it('does not fill the ledger with one advice', () => {
    const reports = Array.from({ length: 60 }, (_, minute) => sized(`${2000 + (minute % 7) * 20}m`, minute / 2));
    const ledger = reports.reduce<Ledger>((all, report) => advanceLedger(all, withSteadySizes(report, all)), new Map());
    expect(ledger.size).toBe(1);
  });

  it('leaves subtasks alone', () => {
    const ledger = follow([before]);
    expect(withSteadySizes(before, ledger)).toBe(before);
  });
});
