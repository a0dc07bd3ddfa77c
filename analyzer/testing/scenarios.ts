/**
 * Labelled faults with the figures that real Flink showed (CALIBRATION §3). Tests spread them and change what they
 * claim something about.
 */
import type { JobSpec, VertexSpec } from './job-spec.js';

const CALM_SOURCE: VertexSpec = { parallelism: 2, busy: 0.02, out: 250, lag: [2, 0] };

/** L01: a healthy job at low load. */
export const HEALTHY: JobSpec = {
  vertices: {
    src: CALM_SOURCE,
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.06, in: 250 },
    agg: { parallelism: 2, inputs: { map: 'HASH' }, busy: 0.06, in: 250 },
  },
  checkpoints: Array.from({ length: 10 }, () => ({ phases: { agg: { start: 13, align: 2, sync: 2, async: 14 } } })),
};

/** L03: a lookup of 5 ms in a map: 400 of 600 records/s. */
export const SLOW_LOOKUP: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 200, lag: [30_000, 200] },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 200 },
    sink: { parallelism: 2, inputs: { map: 'HASH' }, busy: 0.01, in: 200 },
  },
};

/** L04 on an idle machine of eight cores: plain computing, a core per subtask. */
export const CPU_BOUND: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 867, lag: [30_000, 866] },
    agg: { parallelism: 2, inputs: { src: 'HASH' }, busy: 1, in: 867 },
  },
  taskManagers: [{ slots: 4, hostCores: 8, cores: 1.99 }],
};

/** L04 on two cores: nothing is left. */
export const CPU_SATURATED: JobSpec = { ...CPU_BOUND, taskManagers: [{ slots: 2, hostCores: 2, cores: 1.99 }] };

/** L05: one key has 39 % of the records of an aggregation of four. */
export const HOT_KEY: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 1640, lag: [150_000, 686] },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, busy: [0.25, 0.24, 1, 0.26], in: [427, 425, 2000, 428] },
  },
};

/** L06: 128 key groups over 96 subtasks. Every third pair owns two groups. */
const P96 = 96;
const groupsAt = (subtask: number): number =>
  Math.floor(((subtask + 1) * 128 - 1) / P96) - Math.floor((subtask * 128 + P96 - 1) / P96) + 1;
export const KEY_GROUPS: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.03, out: 3200, lag: [8, 0] },
    agg: {
      parallelism: P96,
      maxParallelism: 128,
      inputs: { src: 'HASH' },
      busy: (_s, subtask) => 0.45 * groupsAt(subtask),
      in: (_s, subtask) => 50 * groupsAt(subtask),
    },
  },
};

/** L07: four keys for four subtasks: one gets nothing, two get a key more. */
export const FEW_KEYS: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.02, out: 512, lag: [0, 0] },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, busy: [0.45, 0, 0.94, 0.94], in: [203, 0, 420, 400] },
  },
};

/** L11: five equal partitions for four readers: the first reads two. */
export const FIVE_PARTITIONS: JobSpec = {
  vertices: {
    src: {
      parallelism: 4,
      busy: [0.02, 0.02, 0.03, 0.03],
      bp: [0.07, 0, 0, 0],
      out: [401, 200, 200, 200],
      lag: [4, 0],
    },
    map: { parallelism: 4, inputs: { src: 'FORWARD' }, busy: [0.87, 0.41, 0.43, 0.44], in: [401, 200, 200, 200] },
  },
};

/** L12: the first of four partitions gets 836 of 1148 records/s, and its subtask of the map 1.5 ms of work for each. */
export const HEAVY_PARTITION: JobSpec = {
  vertices: {
    src: {
      parallelism: 4,
      busy: [0, 0.02, 0.02, 0.02],
      bp: [1, 0, 0, 0],
      out: [686, 104, 104, 104],
      waiting: (seconds, subtask) => (subtask === 0 ? 21_000 + 150 * seconds : 0),
    },
    map: { parallelism: 4, inputs: { src: 'FORWARD' }, busy: [1, 0.16, 0.16, 0.16], in: [686, 104, 104, 104] },
  },
};

/** L12b: the keys of one subtask cost four times as much; records are even. Its sibling on the TaskManager is normal. */
export const DEAR_SUBTASK: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.04, out: 598, lag: [2, 0], on: [0, 1] },
    agg: {
      parallelism: 4,
      inputs: { src: 'HASH' },
      busy: [0.2, 0.19, 0.74, 0.19],
      in: [318, 312, 316, 294],
      on: [0, 0, 1, 1],
    },
  },
  taskManagers: [
    { slots: 2, cores: 0.05 },
    { slots: 2, cores: 0.05 },
  ],
};

/** L22: the second TaskManager gets a fifth of its time; 2000 records/s offered, 609 pass. */
export const NOISY_TASKMANAGER: JobSpec = {
  vertices: {
    src: {
      parallelism: 2,
      busy: 0,
      bp: 1,
      out: [343, 237],
      waiting: (seconds, subtask) => 38_000 + (subtask === 0 ? 657 : 763) * seconds,
      on: [0, 1],
    },
    map: {
      parallelism: 4,
      inputs: { src: 'HASH' },
      busy: [0.44, 1, 1, 0.41],
      in: [154, 160, 153, 142],
      on: [0, 1, 1, 0],
    },
  },
  taskManagers: [
    { slots: 2, cores: 0.2 },
    { slots: 2, cores: 0.15 },
  ],
};

/** L13: `windowAll` behind four source subtasks. */
export const WINDOW_ALL: JobSpec = {
  vertices: {
    src: { parallelism: 4, bp: 1, busy: 0, out: [368, 745, 362, 438], lag: [125_000, 1211] },
    wall: { parallelism: 1, maxParallelism: 1, inputs: { src: 'REBALANCE' }, busy: 1, in: 1913 },
  },
};

/** L18: the slow map is chained to its source: one vertex, no edge that could show pressure. */
export const CHAINED: JobSpec = {
  vertices: { all: { name: 'Source: src -> map -> Sink: sink', parallelism: 2, busy: 1, in: 150, lag: [27_000, 300] } },
};

/** L24: half of the time goes into garbage collection. */
export const GC_PRESSURE: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 700 },
    map: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 700 },
  },
  taskManagers: [
    { gcRatio: 0.73, youngPerSecond: 186, fullPerSecond: 12, cores: 1.44, heap: { low: 300, high: 500, max: 512 } },
  ],
};

/** L54: the producer is faster than the job: 600 of 400 records/s. */
export const TOO_SLOW: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 200, lag: [24_000, 200] },
    agg: { parallelism: 2, inputs: { src: 'HASH' }, busy: 1, in: 200 },
  },
};

/** L55: looks the same, but the lag falls by 400 records/s. */
export const CATCHING_UP: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 300, lag: [200_000, -400] },
    agg: { parallelism: 2, inputs: { src: 'HASH' }, busy: 1, in: 300 },
  },
};

/** Z01: four subtasks where .4 of one would do. */
export const OVER_PROVISIONED: JobSpec = {
  vertices: {
    src: { parallelism: 4, busy: 0.03, out: 50, lag: [1, 0] },
    agg: { parallelism: 4, inputs: { src: 'HASH' }, busy: 0.1, in: 50 },
  },
  taskManagers: [{ slots: 4 }],
};

/** Z02: each record becomes three; 400/s offered, 4 ms per record in the aggregation. */
export const FAN_OUT: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0, bp: 0.95, out: 83.5, lag: [9000, 233] },
    split: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 0.04, bp: 0.96, in: 83.5, out: 250 },
    agg: { parallelism: 2, inputs: { split: 'HASH' }, busy: 1, in: 250 },
  },
};

/** Z03: the second bottleneck hides behind the first; 2000/s offered, 1333/s pass. */
export const HIDDEN_SECOND: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.01, bp: 0.99, out: 666.5, lag: [47_000, 667] },
    parse: { parallelism: 2, inputs: { src: 'REBALANCE' }, busy: 1, in: 666.5, out: 166.6 },
    agg: { parallelism: 2, inputs: { parse: 'HASH' }, busy: 0.5, in: 166.6 },
  },
};

/** Z06: right-sized, two thirds busy. */
export const RIGHT_SIZED: JobSpec = {
  vertices: {
    src: { parallelism: 2, busy: 0.04, out: 300, lag: [2, 0] },
    agg: { parallelism: 3, inputs: { src: 'HASH' }, busy: 0.66, in: [202, 202, 196] },
  },
};

/** Event time that follows the clock, two seconds behind. */
const onTime = (seconds: number): number => seconds * 1000 - 2000;

/** A healthy job with windows: event time moves everywhere, nothing comes too late. */
export const EVENT_TIME: JobSpec = {
  samples: 40,
  vertices: {
    src: { parallelism: 4, busy: 0.02, out: 125, lag: [2, 0], watermark: onTime },
    agg: {
      parallelism: 2,
      inputs: { src: 'HASH' },
      busy: 0.02,
      in: 250,
      out: 5,
      watermark: onTime,
      metrics: { 'agg.numLateRecordsDropped': 0 },
    },
    sink: { parallelism: 2, inputs: { agg: 'REBALANCE' }, busy: 0.01, in: 5, watermark: onTime },
  },
  checkpoints: Array.from({ length: 10 }, () => ({ phases: { agg: { start: 9, bytes: 400_000 } } })),
};

/** L50: one reader of four is silent after 60 s, and no idleness is configured. */
const untilSilence = (seconds: number): number => onTime(Math.min(seconds, 60));
export const SILENT_READER: JobSpec = {
  ...EVENT_TIME,
  vertices: {
    src: {
      parallelism: 4,
      busy: 0.02,
      out: (seconds, subtask) => (subtask === 3 && seconds > 60 ? 0 : 125),
      lag: [0, 0],
      watermark: (seconds, subtask) => (subtask === 3 ? untilSilence(seconds) : onTime(seconds)),
    },
    agg: {
      parallelism: 2,
      inputs: { src: 'HASH' },
      busy: 0.02,
      in: 200,
      out: (seconds) => (seconds > 70 ? 0 : 5),
      watermark: untilSilence,
      metrics: { 'agg.numLateRecordsDropped': 0 },
    },
    sink: {
      parallelism: 2,
      inputs: { agg: 'REBALANCE' },
      busy: 0.01,
      in: (seconds) => (seconds > 70 ? 0 : 5),
      watermark: untilSilence,
    },
  },
};

/** L10: two partitions for four readers; no window ever sees a watermark. */
export const TWO_PARTITIONS: JobSpec = {
  ...EVENT_TIME,
  vertices: {
    src: {
      parallelism: 4,
      busy: [0.03, 0.03, 0, 0],
      out: [504, 504, 0, 0],
      lag: [0, 0],
      noSplit: [2, 3],
      watermark: (seconds, subtask) => (subtask < 2 ? onTime(seconds) : undefined),
    },
    win: {
      parallelism: 4,
      inputs: { src: 'HASH' },
      busy: 0.01,
      in: 252,
      out: 0,
      metrics: { 'win.numLateRecordsDropped': 0 },
    },
  },
};

/** L51: two sources one hour apart in event time meet in a window; what the first sends is kept for that hour. */
const KIB = 1024;
export const HOUR_APART: JobSpec = {
  samples: 30,
  vertices: {
    a: { parallelism: 1, busy: 0.04, out: 200, lag: [0, 0], watermark: onTime },
    b: { parallelism: 1, busy: 0.05, out: 200, lag: [1, 0], watermark: (seconds) => onTime(seconds) - 3_600_000 },
    j: {
      parallelism: 2,
      inputs: { a: 'HASH', b: 'HASH' },
      busy: 0.01,
      in: 200,
      out: 3,
      watermark: (seconds) => onTime(seconds) - 3_600_000,
      metrics: { 'j.numLateRecordsDropped': 0 },
    },
  },
  checkpoints: Array.from({ length: 13 }, (_, i) => ({
    phases: { j: { start: 70, async: 400, bytes: (40 + 20 * i) * 48 * KIB } },
  })),
};

/** L14: a window of 30 s that computes 12 s when it ends, and takes no records meanwhile. */
const firing = (seconds: number): number => [0.5, 0.95, 0.03][(seconds / 10) % 3] ?? 0;
export const BURSTY_WINDOW: JobSpec = {
  vertices: {
    src: {
      parallelism: 2,
      busy: 0.03,
      bp: (seconds) => [0.2, 0.9, 0][(seconds / 10) % 3] ?? 0,
      out: (seconds) => [230, 40, 504][(seconds / 10) % 3] ?? 0,
      lag: [3, 0],
    },
    win: {
      parallelism: 2,
      inputs: { src: 'HASH' },
      busy: firing,
      in: (seconds) => [230, 20, 524][(seconds / 10) % 3] ?? 0,
    },
  },
};
