import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type CheckpointSpec, type JobSpec, type PhaseSpec } from '../testing/job-builder.js';
import { must, only } from '../testing/must.js';
import { HEALTHY } from '../testing/scenarios.js';
import { checkpointsOf, type CheckpointAnatomy, type PhaseName } from './checkpoints.js';
import { signalsOf } from './signals.js';

type Vertices = JobSpec['vertices'];
const anatomies = (vertices: Vertices, checkpoints: readonly CheckpointSpec[]): readonly CheckpointAnatomy[] => {
  const history = historyOf({ vertices, checkpoints });
  return checkpointsOf(history, signalsOf(history, nowOf(history)).job).anatomies;
};
const one = (
  vertices: Vertices,
  phases: Readonly<Record<string, PhaseSpec | readonly PhaseSpec[]>>,
): CheckpointAnatomy => only(anatomies(vertices, [{ phases }]));

const LINE: Vertices = {
  src: { parallelism: 2 },
  map: { parallelism: 2, inputs: { src: 'REBALANCE' } },
  sink: { parallelism: 2, inputs: { map: 'HASH' } },
};
/** src → a (quick) and b (slow) → u. */
const DIAMOND: Vertices = {
  src: { parallelism: 2 },
  a: { parallelism: 2, inputs: { src: 'REBALANCE' } },
  b: { parallelism: 2, inputs: { src: 'REBALANCE' } },
  u: { parallelism: 2, inputs: { a: 'HASH', b: 'HASH' } },
};
const JOIN: Vertices = {
  fast: { parallelism: 1 },
  slow: { parallelism: 1 },
  slowmap: { parallelism: 1, inputs: { slow: 'FORWARD' } },
  j: { parallelism: 1, inputs: { fast: 'FORWARD', slowmap: 'FORWARD' } },
  sink: { parallelism: 1, inputs: { j: 'FORWARD' } },
};

describe('where the time of a checkpoint went', () => {
  const table: readonly (readonly [string, CheckpointAnatomy, PhaseName, string, number])[] = [
    [
      'L03: the full map, not the idle sink that inherits the delay',
      one(LINE, { map: { start: 10_870 }, sink: { start: 10_860, align: 8 } }),
      'startDelay',
      'map',
      10_870,
    ],
    [
      'L15: the slow branch, not the union that waits for it',
      one(DIAMOND, { b: { start: 13_000 }, u: { start: 7_700, align: 5_400 } }),
      'startDelay',
      'b',
      13_000,
    ],
    [
      'L15: the alignment is where it is spent',
      one(DIAMOND, { b: { start: 13_000 }, u: { start: 7_700, align: 5_400 } }),
      'alignment',
      'u',
      5_400,
    ],
    [
      'L32: the slow map; the join’s alignment and the sink’s delay follow from it',
      one(JOIN, { slowmap: { start: 3170 }, j: { start: 10, align: 3166, sync: 1 }, sink: { start: 3180 } }),
      'startDelay',
      'slowmap',
      3170,
    ],
    [
      'L33: the blocking snapshot',
      one(LINE, { map: { start: 19, sync: 3000, async: 4 }, sink: { start: 3020 } }),
      'sync',
      'map',
      3000,
    ],
    [
      'L33: the delay that the snapshot passes on is not the sink’s',
      one(LINE, { map: { start: 190, sync: 3000 }, sink: { start: 3200 } }),
      'startDelay',
      'map',
      190,
    ],
    ['L34: the upload', one(LINE, { map: { start: 8, sync: 32, async: 21_078 } }), 'async', 'map', 21_078],
    [
      'L39: the one subtask with most of the state',
      one(LINE, { map: [{ async: 400 }, { async: 12_052 }] }),
      'async',
      'map',
      12_052,
    ],
  ];
  it.each(table)('%s', (_claim, anatomy, phase, vertexId, ms) => {
    const peak = must(anatomy.phases[phase]);
    expect([peak.detail.vertexId, peak.ms]).toEqual([vertexId, ms]);
  });

  it('names the subtask that acknowledged last', () => {
    const { critical, durationMs } = one(LINE, { map: [{ async: 400 }, { async: 12_052 }] });
    expect([critical.vertexId, critical.subtask, durationMs]).toEqual(['map', 1, 12_057]);
  });

  it('tells the share of a phase', () => {
    expect(must(one(LINE, { map: { start: 500, async: 500 } }).phases.async).share).toBeCloseTo(0.5);
  });
});

describe('which checkpoints count', () => {
  const slow = { map: { start: 100 } };

  it('keeps the last five with phases', () => {
    expect(
      anatomies(
        LINE,
        Array.from({ length: 8 }, () => ({ phases: slow })),
      ).map(({ id }) => id),
    ).toEqual([4, 5, 6, 7, 8]);
  });

  it('begins ten seconds after the tasks run', () => {
    expect(anatomies(LINE, [{ phases: slow, at: 10 }])).toHaveLength(1);
  });

  const out: readonly (readonly [string, CheckpointSpec])[] = [
    ['triggered in the first ten seconds of the tasks', { phases: slow, at: 9 }],
    ['savepoints', { phases: slow, savepoint: true }],
    ['failed ones', { phases: slow, failed: 'Checkpoint expired before completing.' }],
    ['those whose phases were not read', { durationMs: 900 }],
  ];
  it.each(out)('leaves out %s', (_claim, checkpoint) => {
    expect(anatomies(LINE, [checkpoint])).toEqual([]);
  });

  it('knows the last completed one and the last ten that ended', () => {
    const history = historyOf({
      ...HEALTHY,
      checkpoints: Array.from({ length: 12 }, (_, i) => (i > 9 ? { failed: 'no', durationMs: 5 } : { durationMs: 5 })),
    });
    const signal = checkpointsOf(history, signalsOf(history, nowOf(history)).job);
    expect(signal.ended.map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(must(signal.lastCompleted).id).toBe(10);
  });
});
