import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY, VERTEX } from '../testing/store-rows.js';
import { VERTEX_METRICS, type VertexMetric } from './series-metrics.js';
import type { SubtaskRow } from './series-store.js';
import { SubtaskRows } from './subtask-rows.js';

const OTHER = 'c'.repeat(32);
const JOBS = [KEY, { ...KEY, jobId: 'd'.repeat(32) }];

/** Object.keys of a const object has exactly its keys. */
const metrics = Object.keys(VERTEX_METRICS) as readonly VertexMetric[];
const figures = fc
  .array(fc.tuple(fc.constantFrom(...metrics), fc.double({ noNaN: true })))
  .map((entries) => Object.fromEntries(entries) as SubtaskRow['figures']); // Of known metrics only.

const row = fc.record({
  job: fc.constantFrom(...JOBS),
  vertexId: fc.constantFrom(VERTEX, OTHER),
  atMs: fc.integer({ min: 0, max: 3 }),
  subtask: fc.nat(300),
  attempt: fc.nat(9),
  figures,
});

describe('rows of subtasks', () => {
  it('come out as they went in, in their order', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), (given) => {
        const rows = new SubtaskRows();
        for (const { job, vertexId, ...one } of given) rows.add(job, vertexId, one);
        expect(rows.length).toBe(given.length);
        expect([...rows]).toEqual(given.map(({ job, ...one }) => ({ ...job, ...one })));
        const times = given.map(({ atMs }) => atMs);
        const span = { oldestMs: Math.min(...times), newestMs: Math.max(...times) };
        expect(rows.times).toEqual(times.length === 0 ? undefined : span);
      }),
    );
  });

  it('leave out what is not known, and keep 0', () => {
    const rows = new SubtaskRows();
    rows.add(KEY, VERTEX, { atMs: 1, subtask: 0, attempt: 0, figures: { busyRatio: 0 } });
    expect([...rows]).toEqual([
      { ...KEY, vertexId: VERTEX, atMs: 1, subtask: 0, attempt: 0, figures: { busyRatio: 0 } },
    ]);
  });

  it('can be gone through more than once: a failed write is tried again', () => {
    const rows = new SubtaskRows();
    rows.add(KEY, VERTEX, { atMs: 1, subtask: 0, attempt: 0, figures: {} });
    expect([...rows]).toEqual([...rows]);
    expect([...rows]).toHaveLength(1);
  });
});
