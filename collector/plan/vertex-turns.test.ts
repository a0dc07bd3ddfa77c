import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beatMsFor } from './beat.js';
import { isOfInterest } from './vertex-interest.js';
import { SUBTASKS_PER_BEAT, SUBTASKS_READ_EVERY_MS, vertexTurns, type VertexTurn } from './vertex-turns.js';

const BEAT_MS = 10_000;

interface Played {
  readonly readsPerBeat: readonly (readonly string[])[];
  /** Longest time between two reads of a vertex, after the first of all. */
  readonly longestGapMs: ReadonlyMap<string, number>;
}

/** Plays so many beats of a job; `wanted` says which vertices are of interest in a beat. */
function play(
  parallelisms: readonly number[],
  beats: number,
  wanted: (vertex: number, beat: number) => boolean = () => false,
  beatMs = BEAT_MS,
  free: (vertex: number) => boolean = () => false,
): Played {
  const last = new Map<string, number>();
  const gaps = new Map<string, number>();
  const readsPerBeat: string[][] = [];
  let subtasksSaved = 0;
  for (let beat = 0; beat < beats; beat += 1) {
    const nowMs = 20_000 + beat * beatMs;
    const vertices = parallelisms.map((parallelism, index): VertexTurn => ({
      vertexId: String(index),
      parallelism,
      lastReadMs: last.get(String(index)),
      isWanted: wanted(index, beat),
      isFree: free(index),
    }));
    const turn = vertexTurns(vertices, { jobId: '', subtasksSaved, nowMs, beatMs });
    subtasksSaved = turn.subtasksLeft;
    readsPerBeat.push([...turn.read].sort());
    for (const id of turn.read) {
      gaps.set(id, Math.max(gaps.get(id) ?? 0, nowMs - (last.get(id) ?? nowMs)));
      last.set(id, nowMs);
    }
  }
  return { readsPerBeat, longestGapMs: gaps };
}

const meanReads = ({ readsPerBeat }: Played): number =>
  readsPerBeat.slice(1).reduce((sum, reads) => sum + reads.length, 0) / (readsPerBeat.length - 1);

describe('turns of vertices', () => {
  it('what costs Flink nothing is read in every beat, and the others as if it were not there', () => {
    const calm = (): boolean => false;
    const mixed = play([128, 128, 128, 512], 30, calm, BEAT_MS, (vertex) => vertex === 3);
    expect(mixed.readsPerBeat.every((reads) => reads.includes('3'))).toBe(true);
    expect(mixed.readsPerBeat.map((reads) => reads.filter((id) => id !== '3'))).toEqual(
      play([128, 128, 128], 30, calm).readsPerBeat,
    );
  });

  it('a small job is read whole in every beat', () => {
    expect(play([4, 4, 4, 4, 4], 10).readsPerBeat.every((reads) => reads.length === 5)).toBe(true);
    expect(play([64, 64, 64, 64], 10).readsPerBeat.every((reads) => reads.length === 4)).toBe(true);
  });

  it('of a wide calm job all pages are read in one beat of a minute, from one copy of the graph', () => {
    const played = play([128, 128, 128, 128, 128, 128], 121);
    expect(played.readsPerBeat.slice(0, 12).map((reads) => reads.length)).toEqual([6, 0, 0, 0, 6, 0, 0, 0, 0, 0, 6, 0]);
    expect(meanReads(played)).toBeCloseTo(1, 1);
    expect(Math.max(...played.longestGapMs.values())).toBeLessThanOrEqual(SUBTASKS_READ_EVERY_MS);
  });

  it('of a job with very many subtasks they are spread over the minute', () => {
    const played = play(Array<number>(60).fill(500), 121);
    expect(Math.max(...played.readsPerBeat.slice(7).map((reads) => reads.length))).toBeLessThanOrEqual(12);
    expect(meanReads(played)).toBeCloseTo(10, 0);
  });

  it('what is of interest is read in every beat, the others in turn as before', () => {
    const played = play([128, 128, 128, 128, 128, 128], 121, (vertex) => vertex === 2 || vertex === 3);
    expect(played.longestGapMs.get('2')).toBeLessThanOrEqual(2 * BEAT_MS);
    expect(played.longestGapMs.get('3')).toBeLessThanOrEqual(2 * BEAT_MS);
    expect(Math.max(...played.longestGapMs.values())).toBeLessThanOrEqual(SUBTASKS_READ_EVERY_MS);
    expect(meanReads(played)).toBeLessThan(3);
  });

  it('interest in everything does not break the bank: on average three vertices of 128 a beat', () => {
    const played = play(Array<number>(12).fill(128), 121, () => true);
    expect(meanReads(played) * 128).toBeLessThanOrEqual(SUBTASKS_PER_BEAT * 1.1);
    expect(Math.max(...played.longestGapMs.values())).toBeLessThanOrEqual(SUBTASKS_READ_EVERY_MS);
  });

  it('a vertex of parallelism 2000 that is of interest gets its turn when enough was saved', () => {
    const played = play([2000, 10], 61, (vertex) => vertex === 0);
    expect(played.longestGapMs.get('0')).toBeLessThanOrEqual(SUBTASKS_READ_EVERY_MS);
    expect(meanReads(played)).toBeLessThan(2);
  });

  it('no vertex waits more than a minute, whatever the job and the beat', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(10_000, 15_000),
        fc.integer({ min: 0, max: 4 }),
        (parallelisms, beatMs, wanted) => {
          const { longestGapMs } = play(parallelisms, 40, (vertex, beat) => (vertex + beat) % 5 < wanted, beatMs);
          expect(longestGapMs.size).toBe(parallelisms.length);
          expect(Math.max(...longestGapMs.values())).toBeLessThanOrEqual(SUBTASKS_READ_EVERY_MS);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what is of interest', () => {
  it.each([
    ['a calm vertex', { busyMaxRatio: 0.1, busyMeanRatio: 0.08, backPressuredMaxRatio: 0 }, false],
    ['a busy one', { busyMaxRatio: 0.6, busyMeanRatio: 0.55, backPressuredMaxRatio: 0 }, true],
    ['a pressured one', { busyMaxRatio: 0.01, busyMeanRatio: 0.01, backPressuredMaxRatio: 0.3 }, true],
    ['an uneven one, before it is full', { busyMaxRatio: 0.4, busyMeanRatio: 0.1, backPressuredMaxRatio: 0 }, true],
    ['one of which nothing is known', {}, false],
  ])('%s: %#', (_, figures, answer) => {
    expect(isOfInterest(figures)).toBe(answer);
  });
});

describe('the beat', () => {
  it.each([
    [8, undefined, 10_000],
    [768, 0.9, 10_000],
    [1000, 0.9, 11_500],
    [5000, 0.9, 15_000],
    [5000, undefined, 15_000],
    [5000, 0.1, 10_000],
  ])('of a cluster with %d tasks and a JobManager that uses %s cores is %d ms', (tasks, cores, beatMs) => {
    expect(beatMsFor(tasks, 10_000, cores)).toBe(beatMs);
  });
});
