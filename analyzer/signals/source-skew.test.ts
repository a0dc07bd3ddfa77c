import { describe, expect, it } from 'vitest';
import { vary } from '../testing/claims.js';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { only } from '../testing/must.js';
import * as job from '../testing/scenarios.js';
import { signalsOf } from './signals.js';
import { classifyReaders, type SourceSkew, type SourceSkewKind } from './source-skew.js';

describe('classifyReaders', () => {
  const table: readonly (readonly [string, readonly number[], SourceSkewKind, readonly number[]])[] = [
    ['equal partitions', [200, 201, 199, 200], 'even', []],
    ['one heavy partition (L12)', [836, 104, 104, 104], 'content', [0]],
    ['two heavy partitions', [800, 100, 790, 100], 'content', [0, 2]],
    ['five partitions on four readers (L11)', [401, 200, 200, 200], 'assignment', [0]],
    ['seven on four cost little', [200, 200, 200, 100], 'even', []],
    ['six on four', [200, 200, 100, 100], 'assignment', [0, 1]],
    ['seven on five', [20, 20, 10, 10, 10], 'assignment', [0, 1]],
    ['five on four while readers wait', [425, 200, 205, 198], 'assignment', [0]],
    ['nine on four: three and two', [300, 200, 202, 199], 'assignment', [0]],
    ['twice as much, but not quite', [440, 200, 200, 200], 'content', [0]],
    ['less than twice as much, and no multiple', [350, 200, 200, 200], 'even', []],
    ['just below twice', [398, 230, 200, 170], 'even', []],
    ['three to one is no assignment: readers are one partition apart at most', [300, 100, 100, 100], 'content', [0]],
    ['a partition an eighth heavier', [225, 200, 200, 200], 'even', []],
    ['an eighth heavier, among ten readers', [225, ...Array.from({ length: 9 }, () => 200)], 'even', []],
    ['two readers, one heavy', [836, 104], 'content', [0]],
    ['two readers and three partitions', [400, 200], 'assignment', [0]],
    ['readers without a partition (L10)', [504, 504, 0, 0], 'even', []],
    ['two to one beside readers without a partition', [410, 200, 0, 0], 'content', [0]],
    ['a single reader with records', [504, 0, 0, 0], 'even', []],
    ['nothing at all', [0, 0], 'even', []],
  ];
  it.each(table)('%s', (_claim, arriving, kind, subtasks) => {
    const skew = classifyReaders(arriving);
    expect([skew.kind, skew.subtasks]).toEqual([kind, subtasks]);
  });

  it('tells how many partitions there are', () => {
    expect(classifyReaders([401, 200, 200, 200]).partitions).toEqual({ fewest: 1, all: 5 });
    expect(classifyReaders([300, 200, 202, 199]).partitions).toEqual({ fewest: 2, all: 9 });
  });
});

describe('sourceSkewOf', () => {
  const skews = (spec: JobSpec): readonly SourceSkew[] => {
    const history = historyOf(spec);
    const signal = signalsOf(history, nowOf(history)).get('sourceSkew');
    if (!signal.ok) throw new Error(signal.reason.en);
    return signal.value;
  };

  it('counts what arrives: read, and waiting more than before (L12)', () => {
    const { arriving, maxOverOthers, kind } = only(skews(job.HEAVY_PARTITION));
    expect(arriving.map(Math.round)).toEqual([836, 104, 104, 104]);
    expect([kind, Math.round(maxOverOthers)]).toEqual(['content', 8]);
  });

  it('is not misled by equal partitions that are served unequally (CALIBRATION fact 12)', () => {
    // L13: 368, 745, 362 and 438 records/s are read of the 781 that arrive for each.
    const out = [368, 745, 362, 438];
    const waiting = (seconds: number, subtask: number): number => 30_000 + (781 - (out[subtask] ?? 0)) * seconds;
    const spec = vary(job.WINDOW_ALL, { vertices: { src: { out, waiting } } });
    expect(only(skews(spec))).toMatchObject({ kind: 'even' });
  });

  it('says that it does not know where a reader is held back and tells nothing', () => {
    const untold = vary(job.HEAVY_PARTITION, { vertices: { src: { noSplit: [0, 1, 2, 3] } } });
    expect(only(skews(untold)).kind).toBe('untold');
    const free = vary(untold, { vertices: { src: { bp: 0.09 } } });
    expect(only(skews(free)).kind).toBe('content');
  });

  it('reads a backlog that is worked off as what arrives, not as what is read', () => {
    const waiting = (seconds: number, subtask: number): number => (subtask === 0 ? 200_000 - 486 * seconds : 0);
    const even = vary(job.HEAVY_PARTITION, { vertices: { src: { out: [686, 200, 200, 200], waiting } } });
    expect(only(skews(even)).kind).toBe('even');
  });

  const unseen: readonly (readonly [string, JobSpec])[] = [
    ['of a single reader', vary(job.WINDOW_ALL, { vertices: { src: { parallelism: 1 } } })],
    [
      'below a thousand records',
      vary(job.HEAVY_PARTITION, { vertices: { src: { out: [2, 0.2, 0.2, 0.2], waiting: 0 } } }),
    ],
  ];
  it.each(unseen)('says nothing %s', (_claim, spec) => {
    expect(skews(spec)).toEqual([]);
  });
});
