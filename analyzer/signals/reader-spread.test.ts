import { describe, expect, it } from 'vitest';
import { vary } from '../testing/claims.js';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { only } from '../testing/must.js';
import { EVENT_TIME, HOUR_APART, SILENT_READER } from '../testing/scenarios.js';
import { movingTimes, readerSpreadsOf, type ReaderSpread, type ReaderTime } from './reader-spread.js';
import { signalsOf } from './signals.js';

const spreads = (spec: JobSpec, leastMs = 300_000): readonly ReaderSpread[] => {
  const history = historyOf(spec);
  return readerSpreadsOf(history, signalsOf(history, nowOf(history)).job, leastMs);
};
const times = (spec: JobSpec, vertexId: string): readonly ReaderTime[] => {
  const history = historyOf(spec);
  return history.vertices.filter((vertex) => vertex.vertexId === vertexId).flatMap((vertex) => movingTimes(vertex));
};
const behindBy = (ms: (seconds: number) => number): JobSpec =>
  vary(HOUR_APART, { vertices: { b: { watermark: (seconds) => seconds * 1000 - ms(seconds) } } });

describe('movingTimes', () => {
  it('holds event time against the clock, now and two minutes earlier', () => {
    expect(times(HOUR_APART, 'b')).toMatchObject([{ lagMs: 3_602_000, earlierLagMs: 3_602_000, overMs: 120_000 }]);
  });

  it('leaves out a reader that is silent, or stands', () => {
    expect(times(SILENT_READER, 'src').map(({ subtask }) => subtask)).toEqual([0, 1, 2]);
    expect(
      times(
        behindBy((seconds) => seconds * 1000),
        'b',
      ),
    ).toEqual([]);
  });

  it('knows nothing before two readings two minutes apart', () => {
    expect(times({ ...HOUR_APART, samples: 11 }, 'b')).toEqual([]);
    expect(times({ ...HOUR_APART, samples: 12 }, 'b')).toHaveLength(1);
  });

  it('reads what is asked once a minute', () => {
    expect(times(HOUR_APART, 'j')).toMatchObject([{ overMs: 120_000 }, { overMs: 120_000 }]);
  });
});

describe('readerSpreadsOf', () => {
  it('names where they meet, who is ahead and who is behind', () => {
    const { meetingVertexId, ahead, behind, spreadMs, behindSubtasks, closesInMs } = only(spreads(HOUR_APART));
    expect([meetingVertexId, ahead.vertexId, behind.vertexId, spreadMs]).toEqual(['j', 'a', 'b', 3_600_000]);
    expect([behindSubtasks, closesInMs]).toEqual([[], undefined]);
  });

  it('was there two minutes ago, too', () => {
    expect(spreads(behindBy((seconds) => (seconds > 200 ? 400_000 : 200_000)))).toEqual([]);
  });

  it('says when it will be gone', () => {
    const { closesInMs } = only(spreads(behindBy((seconds) => 3_600_000 - 500 * seconds)));
    // 3450 s that shrink by half a second each second.
    expect((closesInMs ?? 0) / 1000).toBeCloseTo(6896, -1);
  });

  it('names the subtasks that are behind within one source', () => {
    const apart = vary(EVENT_TIME, {
      vertices: {
        src: { watermark: (seconds, subtask) => seconds * 1000 - (subtask === 2 ? 900_000 : 2000) },
      },
    });
    expect(only(spreads(apart))).toMatchObject({ meetingVertexId: 'agg', behindSubtasks: [2], spreadMs: 898_000 });
  });

  it('readers that never meet are not apart', () => {
    const forward = vary(EVENT_TIME, {
      vertices: {
        src: { watermark: (seconds, subtask) => seconds * 1000 - 900_000 * subtask },
        agg: { inputs: { src: 'FORWARD' } },
        sink: { inputs: { agg: 'FORWARD' } },
      },
    });
    expect(spreads(forward)).toEqual([]);
    const { a, b, j } = HOUR_APART.vertices as Record<'a' | 'b' | 'j', JobSpec['vertices'][string]>;
    expect(spreads({ ...HOUR_APART, vertices: { a, b, j: { ...j, inputs: { a: 'HASH' } } } })).toEqual([]);
  });
});
