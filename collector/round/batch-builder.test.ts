import { describe, expect, it } from 'vitest';
import type { CheckpointSubtask, VertexReading } from '../model/index.js';
import { checkpointOf, KEY, VERTEX } from '../testing/store-rows.js';
import { BatchBuilder } from './batch-builder.js';

describe('a reading of a whole vertex', () => {
  it.each<[string, Omit<VertexReading, 'atMs'>, object | undefined]>([
    ['is its busiest subtask', { busyMaxRatio: 0.9, busyMeanRatio: 0.4 }, { busyRatio: 0.9 }],
    ['is its most pressured subtask', { backPressuredMaxRatio: 0.7 }, { backPressuredRatio: 0.7 }],
    ['has its rates, what waits, and its watermark', { recordsInPerSecond: 5, pendingRecords: 3, watermarkMs: 8 }, { recordsInPerSecond: 5, pendingRecords: 3, watermarkMs: 8 }], // prettier-ignore
    ['without figures is none', { busyMeanRatio: 0.4 }, undefined],
  ])('%s', (_claim, figures, stored) => {
    const batch = new BatchBuilder(KEY.cluster);
    batch.vertex(KEY, VERTEX, { atMs: 7, ...figures });
    const { vertices } = batch.take();
    expect(vertices).toEqual(stored === undefined ? [] : [{ ...KEY, atMs: 7, vertexId: VERTEX, figures: stored }]);
  });
});

describe('a checkpoint', () => {
  const details = (subtasks: number): CheckpointSubtask[] =>
    Array.from({ length: subtasks }, (_, subtask) => ({ vertexId: VERTEX, subtask, acknowledged: true, ackMs: 1, syncMs: subtask })); // prettier-ignore
  it.each([
    ['of 256 subtasks is stored with all their phases', 256, 256],
    ['of more with those that tell what took its time', 257, 2],
  ])('%s', (_claim, subtasks, stored) => {
    const batch = new BatchBuilder(KEY.cluster);
    batch.checkpoint(KEY, checkpointOf(1, 5, { details: details(subtasks) }));
    expect(batch.take().checkpoints[0]?.checkpoint.details).toHaveLength(stored);
  });
});
