import { describe, expect, it } from 'vitest';
import { MAX_BACK_OFF_MS } from '../limits.js';
import type { Checkpoint } from '../model/index.js';
import { createManualClock } from '../testing/manual-clock.js';
import { checkpointOf } from '../testing/store-rows.js';
import { backOffMs } from './back-off.js';
import { beatShare } from './beat.js';
import { createBudget, stretchedToMs } from './budget.js';
import { checkpointTurns } from './checkpoint-turns.js';
import { minuteOf } from './page-turns.js';
import { isListDue, taskManagerTurns } from './task-manager-turns.js';
import { wantsCheckpoints, wantsMetricListAgain, wantsWatermarks } from './job-turns.js';
import { findSourceOperators, vertexMetricIds } from './vertex-metrics.js';

describe('places in the beat', () => {
  it.each([2, 3, 7, 20, 100])('of %i clusters leave no gap smaller than a third of an even one', (clusters) => {
    const places = Array.from({ length: clusters }, (_, nth) => beatShare(nth)).sort((a, b) => a - b);
    const gaps = places.map((place, i) => (places[i + 1] ?? 1 + (places[0] ?? 0)) - place);
    expect(Math.min(...gaps)).toBeGreaterThan(1 / 3 / clusters);
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBeLessThan(1);
  });
});

describe('the budget', () => {
  it('lets a second’s worth out at once and the rest one by one', async () => {
    const clock = createManualClock(0);
    const budget = createBudget(10, clock);
    const sentMs: number[] = [];
    for (let index = 0; index < 25; index += 1) void budget.take().then(() => sentMs.push(clock.nowMs()));
    await clock.advance(0);
    expect(sentMs).toHaveLength(10);
    await clock.advance(1_000);
    expect(sentMs).toHaveLength(20);
    await clock.advance(1_000);
    expect(sentMs.slice(20)).toEqual([1_100, 1_200, 1_300, 1_400, 1_500]);
    expect(budget.taken).toBe(25);
  });

  it('does not save up what was not used', async () => {
    const clock = createManualClock(0);
    const budget = createBudget(5, clock);
    await clock.advance(60_000);
    let sent = 0;
    for (let index = 0; index < 20; index += 1) void budget.take().then(() => (sent += 1));
    await clock.advance(0);
    expect(sent).toBe(5);
  });

  it.each([
    [100, 20, undefined],
    [200, 20, undefined],
    [300, 20, 15_000],
  ])('%d requests at %d a second stretch a beat of 10 s to %s', (requests, perSecond, stretched) => {
    expect(stretchedToMs(requests, perSecond, 10_000)).toBe(stretched);
  });
});

describe('the back-off', () => {
  it('grows to a limit and is spread', () => {
    expect([1, 2, 3, 4].map((failures) => backOffMs(failures, 10_000, 0.5))).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(backOffMs(50, 10_000, 0.5)).toBe(MAX_BACK_OFF_MS);
    expect(backOffMs(3, 10_000, 0)).toBe(32_000);
    expect(backOffMs(3, 10_000, 1)).toBe(48_000);
  });
});

describe('watermarks of vertices with inputs', () => {
  const jobIds = Array.from({ length: 12 }, (_, i) => i.toString(16).padStart(32, '0'));
  /** Rounds, of forty, in which they are asked of a vertex that is read in every `every`th round from `first` on. */
  const asked = (jobId: string, every: number, first = 0): readonly number[] => {
    const rounds: number[] = [];
    for (let round = first; round < 40; round += every)
      if (wantsWatermarks(jobId, round, rounds.at(-1))) rounds.push(round);
    return rounds;
  };
  it('are asked at first, and then once a minute', () => {
    for (const jobId of jobIds) {
      const [first, second = 0, ...later] = asked(jobId, 1);
      expect([first, second <= 6]).toEqual([0, true]);
      expect(later).toEqual(Array.from({ length: later.length }, (_, i) => second + 6 * (i + 1)));
    }
  });
  it('of a vertex of a wide job, which is read about once a minute, at each of its reads', () => {
    // By the turn of the job alone, a vertex read in other rounds was never asked again: 304 subtasks, silent for 310 s.
    for (const jobId of jobIds)
      for (const every of [6, 7])
        expect(asked(jobId, every, 2)).toEqual(Array.from({ length: Math.ceil(38 / every) }, (_, i) => 2 + every * i));
  });
});

describe('the minutes of jobs', () => {
  const sequential = Array.from({ length: 1000 }, (_, i) => (i + 1).toString(16).padStart(32, '0'));
  const random = sequential.map((_, i) =>
    Math.imul(i + 1, 0x85ebca6b)
      .toString(16)
      .padStart(8, '0')
      .repeat(4),
  );
  it.each([
    ['ids in sequence', sequential],
    ['ids as Flink makes them', random],
  ])('begin apart, %s: in each beat of 10 s about a sixth of them', (_, ids) => {
    const begunIn = Array.from({ length: 6 }, () => 0);
    for (const id of ids)
      for (let beat = 0; beat < 6; beat += 1)
        if (minuteOf(id, beat * 10_000 + 9_999) > minuteOf(id, beat * 10_000 - 1))
          begunIn[beat] = (begunIn[beat] ?? 0) + 1;
    expect(begunIn.reduce((sum, jobs) => sum + jobs, 0)).toBe(ids.length);
    expect(Math.max(...begunIn)).toBeLessThan((ids.length / 6) * 1.25);
  });

  it('are sixty seconds', () => {
    for (const id of sequential.slice(0, 10)) expect(minuteOf(id, 90_000) - minuteOf(id, 30_000)).toBe(1);
  });
});

describe('the list of TaskManagers', () => {
  it.each([
    ['never read, or one of them could not be read', undefined, 0, true],
    ['read 20 s ago', 100_000, 0, false],
    ['read 30 s ago', 90_000, 0, true],
    ['read as a job changed: its slots may be taken a moment later', 110_000, 105_000, true],
    ['read before a job changed', 110_000, 120_000, true],
    ['read a beat after the change', 115_000, 105_000, false],
  ])('%s', (_, listedMs, changedMs, isDue) => {
    expect(isListDue({ listedMs, changedMs, nowMs: 120_000, beatMs: 10_000 })).toBe(isDue);
  });
});

describe('turns of TaskManagers', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `tm-${index}`);

  it('take all while the budget allows', () => {
    expect(taskManagerTurns(ids.slice(0, 20), 0, 200)).toHaveLength(20);
  });

  it('share the rounds otherwise, and nobody is left out', () => {
    const rounds = [0, 1, 2].map((round) => taskManagerTurns(ids, round, 100));
    expect(rounds.map((turn) => turn.length)).toEqual([20, 20, 20]);
    expect(new Set(rounds.flat()).size).toBe(60);
  });

  it('read everyone in six rounds however short the budget is', () => {
    const rounds = [0, 1, 2, 3, 4, 5].map((round) => taskManagerTurns(ids, round, 10));
    expect(new Set(rounds.flat()).size).toBe(60);
  });
});

describe('turns of checkpoints', () => {
  const turns = (
    history: readonly Checkpoint[],
    more: { done?: number[]; roundsSinceLast?: number; isCalm?: boolean; nowMs?: number; intervalMs?: number } = {},
  ) =>
    checkpointTurns(
      history,
      {
        isDone: (id) => more.done?.includes(id) ?? false,
        roundsSinceLast: more.roundsSinceLast ?? 1,
        isCalm: more.isCalm ?? true,
        intervalMs: more.intervalMs,
      },
      more.nowMs ?? 0,
    );
  const fast = checkpointOf(9, 0, { durationMs: 20 });
  const slow = checkpointOf(8, 0, { durationMs: 4_000 });
  const failed = checkpointOf(7, 0, { status: 'FAILED', acknowledgedSubtasks: 1 });
  const wide = (id: number): Checkpoint => checkpointOf(id, 0, { durationMs: 4_000, subtasks: 768 });
  const stuck = checkpointOf(6, 0, { status: 'IN_PROGRESS', acknowledgedSubtasks: 1 });

  it.each([
    ['a slow one', [fast, slow], {}, [8]],
    ['a failed one that not all subtasks acknowledged', [fast, failed], {}, [7]],
    ['two at most, the newest', [slow, failed, checkpointOf(5, 0, { durationMs: 9_000 })], {}, [8, 7]],
    ['none twice', [slow], { done: [8] }, []],
    ['one at a time of a wide job', [wide(8), wide(7)], { roundsSinceLast: 4 }, [8]],
    ['and not in every round', [wide(8), wide(7)], { roundsSinceLast: 3 }, []],
    [
      'of a wide job seldom while they take little of their interval',
      [wide(8)],
      { roundsSinceLast: 7, intervalMs: 60_000 },
      [],
    ],
    ['of a wide job then, too', [wide(8)], { roundsSinceLast: 8, intervalMs: 60_000 }, [8]],
    [
      'of a wide job at once where they take a good part of it',
      [wide(8)],
      { roundsSinceLast: 4, intervalMs: 10_000 },
      [8],
    ],
    ['no fast one right after another', [fast], {}, []],
    ['a fast one now and then', [fast], { roundsSinceLast: 6 }, [9]],
    ['no fast one of a wide job', [{ ...fast, subtasks: 768 }], { roundsSinceLast: 600 }, []],
    ['but one now and then where something happens to it', [{ ...fast, subtasks: 768 }], { roundsSinceLast: 6, isCalm: false }, [9]], // prettier-ignore
    ['one that hangs, every few rounds', [stuck], { nowMs: 40_000, roundsSinceLast: 3 }, [6]],
    ['not one that hangs in every round', [stuck], { nowMs: 40_000, roundsSinceLast: 1 }, []],
    ['not one that has just begun', [stuck], { nowMs: 5_000, roundsSinceLast: 3 }, []],
  ])('%s', (_what, history, more, ids) => {
    expect(turns(history, more)).toEqual(ids);
  });
});

describe('the list of checkpoints', () => {
  const calm = { completed: 4, failed: 0, inProgress: 0 };
  it.each([
    ['at first', 1, undefined, calm, true],
    ['when nothing counts them', 1, calm, undefined, true],
    ['when one has ended', 1, calm, { ...calm, completed: 5 }, true],
    ['when one has failed', 1, calm, { ...calm, failed: 1 }, true],
    ['while one is under way', 1, calm, { ...calm, inProgress: 1 }, true],
    ['not while the counters stand still', 1, calm, calm, false],
    ['but now and again', 6, calm, calm, true],
  ])('is read %s', (_, round, before, now, is) => {
    expect(wantsCheckpoints(round, before, now, false)).toBe(is);
  });

  it('is read when the job has fallen, before its counters say why', () => {
    expect(wantsCheckpoints(1, calm, calm, true)).toBe(true);
  });
});

describe('the names of a source’s metrics', () => {
  it('are asked for again in the first two minutes, for what comes with the first split, and then now and again', () => {
    const rounds = Array.from({ length: 100 }, (_, round) => round).filter((round) => wantsMetricListAgain(round));
    expect(rounds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 30, 60, 90]);
  });
});

describe('metrics of a vertex', () => {
  it('of a source go by the operators it has', () => {
    const source = findSourceOperators([
      'numRecordsOut',
      'Source__orders.pendingRecords',
      'Source__orders.numRecordsOut',
      'Source__orders.currentOutputWatermark',
      'Timestamps/Watermarks.currentOutputWatermark',
      'Filter.numRecordsOut',
      'Filter.currentOutputWatermark',
    ]);
    expect(source).toEqual({
      pendingRecords: ['Source__orders'],
      outputWatermark: ['Source__orders', 'Timestamps/Watermarks'],
      recordsOut: ['Source__orders'],
    });
    expect(
      vertexMetricIds({
        parallelism: 1,
        isSource: true,
        source,
        loadGauges: false,
        counters: false,
        watermarks: false,
      }),
    ).toEqual([
      '0.Source__orders.pendingRecords',
      '0.Source__orders.currentOutputWatermark',
      '0.Timestamps/Watermarks.currentOutputWatermark',
      '0.Source__orders.numRecordsOut',
    ]);
  });

  it('of another vertex are its watermarks, and the load gauges where there is nothing better', () => {
    expect(
      vertexMetricIds({ parallelism: 2, isSource: false, loadGauges: false, counters: false, watermarks: true }),
    ).toEqual(['0.currentInputWatermark', '1.currentInputWatermark']);
    expect(
      vertexMetricIds({ parallelism: 1, isSource: true, loadGauges: true, counters: false, watermarks: true }),
    ).toEqual(['0.busyTimeMsPerSecond', '0.idleTimeMsPerSecond', '0.backPressuredTimeMsPerSecond']);
  });
});
