import { describe, expect, it } from 'vitest';
import { rowIn } from './frame-row.js';
import { FIGURES, figureIn, figureOf, framesOf, lastPhasesOf, lastSampleOf, sampleIn } from './frames.js';
import type { SubtaskHistory, SubtaskSample } from './job.js';

const at = (seconds: number, more: Partial<SubtaskSample> = {}): SubtaskSample => ({
  atMs: seconds * 1000,
  state: 'RUNNING',
  attempt: 0,
  taskManagerId: 'tm',
  busyMs: seconds,
  ...more,
});
const history = (...bySubtask: readonly (readonly SubtaskSample[])[]): { subtasks: readonly SubtaskHistory[] } => ({
  subtasks: bySubtask.map((samples, subtask) => ({ subtask, samples })),
});

describe('frames made of samples', () => {
  const vertex = history([at(10), at(20), at(30)], [at(10), at(30, { busyMs: 7, watermarkMs: -5 })]);
  it('give every sample back', () => {
    const back = vertex.subtasks.map(({ subtask }) =>
      framesOf(vertex).flatMap((frame) => sampleIn(frame, subtask) ?? []),
    );
    expect(back).toEqual(vertex.subtasks.map(({ samples }) => samples));
  });
  it('show one subtask as its sample, also what it lacks', () => {
    const sample = at(30, { busyMs: 7, watermarkMs: -5, startMs: 1, runningSinceMs: 2 });
    const [frame] = framesOf(history([sample], [at(30)]));
    const view = frame && rowIn(frame, 0);
    expect(view).toMatchObject(sample);
    expect(view?.recordsIn).toBeUndefined();
    expect(frame && FIGURES.map((_, i) => figureOf(rowIn(frame, 1) ?? sample, i))).toEqual([30, ...Array(8)]);
    expect(frame && rowIn(frame, 2)).toBeUndefined();
  });
  it('tell a figure, and NaN where it is missing', () => {
    const last = framesOf(vertex).at(-1);
    const told = (['busyMs', 'watermarkMs', 'recordsIn'] as const).map(
      (figure) => last && [0, 1, 2].map((subtask) => figureIn(last, figure, subtask)),
    );
    expect(told).toEqual([
      [30, 7, NaN],
      [NaN, -5, NaN],
      [NaN, NaN, NaN],
    ]);
  });
  it('are made once, and not at all where the collector holds them', () => {
    expect(framesOf(vertex)).toBe(framesOf(vertex));
    const frames = framesOf(vertex).slice(1);
    expect(framesOf({ ...vertex, frames })).toBe(frames);
  });
  it('have a place of its own for every figure', () => {
    const told = Object.fromEntries(FIGURES.map((figure, i) => [figure, i + 1]));
    const [frame] = framesOf(history([at(10, told)]));
    expect(frame && FIGURES.map((figure) => figureIn(frame, figure, 0))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(FIGURES.map((_, i) => figureOf(at(10, told), i))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
  it('share what stays the same', () => {
    const [first, , third] = framesOf(history([at(10), at(20), at(30)]));
    expect(third?.phases).toBe(first?.phases);
  });
});

describe('what was read last', () => {
  const vertex = history([at(10), at(20)], [at(10, { attempt: 1 })], [], [at(20, { taskManagerId: 'other' })]);
  it('is of each subtask its own newest reading', () => {
    expect(lastPhasesOf(vertex).map((phase) => [phase?.attempt, phase?.taskManagerId])).toEqual([
      [0, 'tm'],
      [1, 'tm'],
      [undefined, undefined],
      [0, 'other'],
    ]);
    expect([0, 1, 2, 3, 4].map((subtask) => lastSampleOf(vertex, subtask)?.atMs)).toEqual([
      20_000,
      10_000,
      undefined,
      20_000,
      undefined,
    ]);
  });
  it('is nothing of a vertex that was never read', () => {
    expect([lastPhasesOf(history()), lastSampleOf(history(), 0)]).toEqual([[], undefined]);
  });
});
