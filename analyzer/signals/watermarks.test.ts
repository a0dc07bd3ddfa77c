import { describe, expect, it } from 'vitest';
import { framesOf } from '../../collector/model/index.js';
import { historyOf, type JobSpec, type VertexSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { EVENT_TIME, HEALTHY, SILENT_READER, TWO_PARTITIONS } from '../testing/scenarios.js';
import { isSilent, NEVER_EMITTED_MS, STANDS_MS } from './event-time.js';
import { isWatermarkTold, watermarksOf, type SubtaskWatermark } from './watermarks.js';

const of = (spec: JobSpec, vertexId: string, subtask: number): SubtaskWatermark =>
  must(watermarksOf(historyOf(spec)).get(vertexId)?.subtasks[subtask]);
const one = (more: Partial<VertexSpec>): SubtaskWatermark =>
  of({ vertices: { src: { parallelism: 1, out: 10, ...more } }, samples: 40 }, 'src', 0);

describe('watermarksOf', () => {
  it('says for how long event time stands, and what went by', () => {
    expect(of(SILENT_READER, 'agg', 0)).toMatchObject({ standsMs: 340_000, recordsMeanwhile: 340 * 200 });
    expect(of(EVENT_TIME, 'agg', 0)).toMatchObject({ standsMs: 0, recordsMeanwhile: 0 });
  });

  it('says for how long a reader is silent, and what it did before', () => {
    expect(of(SILENT_READER, 'src', 3)).toMatchObject({ silentMs: 340_000, records: 7500, recordsOverMs: 60_000 });
    expect(of(SILENT_READER, 'src', 0).silentMs).toBe(0);
  });

  it('has no watermark, and none waiting, for a reader without a partition', () => {
    const reader = of(TWO_PARTITIONS, 'src', 3);
    expect(reader).toMatchObject({ records: 0, standsMs: 400_000 });
    expect([reader.watermarkMs, reader.pendingRecords]).toEqual([undefined, undefined]);
  });

  it('knows the subtask whose event time is lowest, and one without any as lower than all', () => {
    const lowest = (spec: JobSpec): number | undefined => watermarksOf(historyOf(spec)).get('src')?.lowest.subtask;
    expect([lowest(SILENT_READER), lowest(TWO_PARTITIONS), lowest(HEALTHY)]).toEqual([3, 2, 0]);
  });

  it('tells of the readings that it was asked of, whenever somebody looks', () => {
    const { vertices, ...history } = historyOf(EVENT_TIME);
    const growing = vertices.map((vertex) => ({ ...vertex, frames: [...framesOf(vertex)] }));
    const asked = must(watermarksOf({ ...history, vertices: growing }).get('agg'));
    const now = must(watermarksOf(historyOf(EVENT_TIME)).get('agg')).subtasks;
    for (const { frames } of growing) frames.splice(0, frames.length - 1);
    expect(asked.subtasks).toEqual(now);
  });

  it('leaves out tasks that are done', () => {
    expect(watermarksOf(historyOf({ vertices: { src: { parallelism: 2, finished: true } } })).size).toBe(0);
  });

  it('tells a job without event time', () => {
    expect([HEALTHY, EVENT_TIME].map((spec) => isWatermarkTold(watermarksOf(historyOf(spec))))).toEqual([false, true]);
  });
});

describe('isSilent', () => {
  const reader = (more: Partial<SubtaskWatermark>): SubtaskWatermark => ({ ...one({}), ...more });
  const claims: readonly (readonly [string, Partial<SubtaskWatermark>, boolean])[] = [
    ['from two minutes on', { silentMs: STANDS_MS }, true],
    ['not just below', { silentMs: STANDS_MS - 1 }, false],
    ['not while records wait', { silentMs: STANDS_MS, pendingRecords: 1 }, false],
    ['not before five times the usual pause', { silentMs: 299_000, records: 10, recordsOverMs: 600_000 }, false],
    ['from five times the usual pause on', { silentMs: 300_000, records: 10, recordsOverMs: 600_000 }, true],
    ['without a first record a minute later', { silentMs: NEVER_EMITTED_MS, records: 0, pendingRecords: 0 }, true],
    ['not earlier', { silentMs: NEVER_EMITTED_MS - 1, records: 0, pendingRecords: 0 }, false],
  ];
  it.each(claims)('%s', (_claim, more, silent) => {
    expect(isSilent(reader(more), true)).toBe(silent);
  });

  it('without a partition, which the others have, it waits for no first record', () => {
    const { pendingRecords: _, ...told } = reader({ silentMs: STANDS_MS, records: 0 });
    expect([isSilent(told, true), isSilent(told, false)]).toEqual([true, false]);
    expect(isSilent({ ...told, pendingRecords: 0 }, true)).toBe(false);
  });
});
