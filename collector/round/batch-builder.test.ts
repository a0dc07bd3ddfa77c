import { describe, expect, it } from 'vitest';
import type { VertexReading } from '../model/index.js';
import { KEY, VERTEX } from '../testing/store-rows.js';
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
