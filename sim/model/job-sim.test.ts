import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyGroupOf, subtaskOfKeyGroup } from '../../analyzer/tuning/key-groups.js';
import { DEMO_JOBS } from '../demo/jobs.js';
import { JobSim, STEP_MS } from './job-sim.js';
import { HOT_KEY, keyShares } from './keys.js';
import type { EdgeSpec, JobSpec, KeySpec, VertexSpec } from './spec.js';
import type { VertexState } from './vertex-sim.js';

const MIB = 2 ** 20;
const START_MS = Date.UTC(2026, 0, 5);

/** source → work → sink, with what a test wants to be its own. */
interface Shape {
  readonly perSecond: number;
  readonly parallelism: number;
  readonly workMs: number;
  readonly sinkMs: number;
  readonly outPerIn: number;
  readonly ship: EdgeSpec['ship'];
  readonly keys?: KeySpec;
  readonly recordBytes?: number;
  readonly garbageBytesPerRecord?: number;
  readonly checkpointMs?: number;
}

function job(shape: Shape): JobSim {
  const { perSecond, parallelism, ship } = shape;
  const vertex = (name: string, serviceMs: number, own: Partial<VertexSpec> = {}): VertexSpec => ({
    name,
    parallelism,
    serviceMs,
    maxParallelism: 128,
    cpuShare: 0.5,
    outPerIn: 1,
    recordBytes: shape.recordBytes ?? 1000,
    garbageBytesPerRecord: shape.garbageBytesPerRecord ?? 1000,
    stateBytesPerSubtask: MIB,
    syncMs: 3,
    ...own,
  });
  const spec: JobSpec = {
    name: JSON.stringify(shape),
    vertices: [
      vertex('source', 0.05, { source: { recordsPerSecond: perSecond, dailySwing: 0, backlog: 0 } }),
      vertex('work', shape.workMs, {
        outPerIn: shape.outPerIn,
        ...(shape.keys === undefined ? {} : { keys: shape.keys }),
      }),
      vertex('sink', shape.sinkMs),
    ],
    edges: [
      { from: 'source', to: 'work', ship },
      { from: 'work', to: 'sink', ship: 'REBALANCE' },
    ],
    checkpoints: { intervalMs: shape.checkpointMs ?? 86_400_000, timeoutMs: 600_000, uploadBytesPerSecond: 50 * MIB },
    taskManagers: {
      count: parallelism,
      slots: 1,
      cpuCores: 4,
      heapBytes: 512 * MIB,
      liveBytes: 128 * MIB,
      managedBytes: 0,
    },
  };
  return new JobSim(spec, START_MS);
}

function live(sim: JobSim, seconds: number): void {
  for (let second = 1; second <= seconds; second += 1) sim.step(START_MS + second * STEP_MS);
}

function vertexOf(sim: JobSim, name: string): VertexState {
  const found = sim.vertices.find(({ spec }) => spec.name === name);
  if (found === undefined) throw new Error(`no vertex ${name}`);
  return found;
}

type Counter = 'queue' | 'pending' | 'recordsIn' | 'recordsOut' | 'busyMs' | 'idleMs' | 'backPressuredMs';
const total = ({ subtasks }: VertexState, counter: Counter): number =>
  subtasks.reduce((sum, subtask) => sum + subtask[counter], 0);
/** Share of the time since the start, of the subtask with most of it. */
const shareMax = ({ subtasks }: VertexState, counter: Counter, seconds: number): number =>
  Math.max(...subtasks.map((subtask) => subtask[counter])) / (seconds * 1000);

const shapes: fc.Arbitrary<Shape> = fc.record({
  perSecond: fc.integer({ min: 0, max: 4000 }),
  parallelism: fc.integer({ min: 1, max: 6 }),
  workMs: fc.double({ min: 0.05, max: 8, noNaN: true }),
  sinkMs: fc.double({ min: 0.05, max: 8, noNaN: true }),
  outPerIn: fc.constantFrom(0, 0.1, 1, 3),
  ship: fc.constantFrom<EdgeSpec['ship']>('FORWARD', 'REBALANCE', 'HASH'),
  keys: fc.constantFrom<KeySpec>({ kind: 'uniform', count: 500 }, { kind: 'hot', count: 500, share: 0.6 }),
  checkpointMs: fc.constantFrom(10_000, 86_400_000),
});

describe('whatever the rates, service times and keys', () => {
  const RUNS = { numRuns: 60 };

  it('no record is lost or made: what left a vertex waits at the next or has been read there', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sim = job(shape);
        live(sim, 120);
        const [source, work, sink] = [vertexOf(sim, 'source'), vertexOf(sim, 'work'), vertexOf(sim, 'sink')];
        const arrived = shape.perSecond * 120;
        expect(total(source, 'recordsIn') + total(source, 'pending')).toBeCloseTo(arrived, 3);
        expect(total(work, 'recordsIn') + total(work, 'queue')).toBeCloseTo(total(source, 'recordsOut'), 3);
        expect(total(work, 'recordsOut')).toBeCloseTo(total(work, 'recordsIn') * shape.outPerIn, 3);
        expect(total(sink, 'recordsIn') + total(sink, 'queue')).toBeCloseTo(total(work, 'recordsOut'), 3);
      }),
      RUNS,
    );
  });

  it('busy, idle and backpressured time of a subtask add up to the time that has passed', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sim = job(shape);
        live(sim, 90);
        for (const { subtasks } of sim.vertices) {
          for (const { busyMs, idleMs, backPressuredMs } of subtasks) {
            expect(Math.min(busyMs, idleMs, backPressuredMs)).toBeGreaterThanOrEqual(0);
            expect(busyMs + idleMs + backPressuredMs).toBeCloseTo(90_000, 3);
          }
        }
      }),
      RUNS,
    );
  });

  it('no queue holds more than its buffers', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sim = job(shape);
        for (let second = 1; second <= 60; second += 1) {
          sim.step(START_MS + second * STEP_MS);
          for (const { subtasks, queueLimit } of sim.vertices)
            for (const { queue } of subtasks) expect(queue).toBeLessThanOrEqual(queueLimit * 1.000001);
        }
      }),
      RUNS,
    );
  });

  it('the same day comes out the same again', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const [one, other] = [job(shape), job(shape)];
        live(one, 40);
        live(other, 40);
        expect(one.vertices.map(({ subtasks }) => subtasks)).toEqual(other.vertices.map(({ subtasks }) => subtasks));
      }),
      { numRuns: 10 },
    );
  });
});

describe('pressure', () => {
  const base: Shape = { perSecond: 1000, parallelism: 2, workMs: 0.5, sinkMs: 0.5, outPerIn: 1, ship: 'REBALANCE' };

  it('travels upstream from a sink that is too slow, past the vertex between', () => {
    const sim = job({ ...base, sinkMs: 4 });
    live(sim, 300);
    expect(shareMax(vertexOf(sim, 'sink'), 'busyMs', 300)).toBeGreaterThan(0.95);
    expect(shareMax(vertexOf(sim, 'sink'), 'backPressuredMs', 300)).toBe(0);
    expect(shareMax(vertexOf(sim, 'work'), 'backPressuredMs', 300)).toBeGreaterThan(0.5);
    expect(shareMax(vertexOf(sim, 'source'), 'backPressuredMs', 300)).toBeGreaterThan(0.5);
    expect(total(vertexOf(sim, 'source'), 'pending')).toBeGreaterThan(100_000);
  });

  it('begins above the slow vertex and not below it', () => {
    const sim = job({ ...base, workMs: 4 });
    live(sim, 300);
    expect(shareMax(vertexOf(sim, 'source'), 'backPressuredMs', 300)).toBeGreaterThan(0.5);
    expect(shareMax(vertexOf(sim, 'work'), 'backPressuredMs', 300)).toBe(0);
    expect(shareMax(vertexOf(sim, 'sink'), 'idleMs', 300)).toBeGreaterThan(0.5);
  });

  it('is absent where every vertex can take more than comes', () => {
    fc.assert(
      fc.property(
        fc.record({
          parallelism: fc.integer({ min: 1, max: 6 }),
          load: fc.double({ min: 0.01, max: 0.8, noNaN: true }),
          serviceMs: fc.double({ min: 0.2, max: 5, noNaN: true }),
        }),
        ({ parallelism, load, serviceMs }) => {
          const perSecond = (parallelism * 1000 * load) / serviceMs;
          // The model steps by seconds: small records, so that the buffers hold more than one second of them.
          const sim = job({ ...base, parallelism, perSecond, workMs: serviceMs, sinkMs: serviceMs, recordBytes: 50 });
          live(sim, 200);
          for (const vertex of sim.vertices) expect(total(vertex, 'backPressuredMs')).toBe(0);
          expect(total(vertexOf(sim, 'sink'), 'recordsIn')).toBeGreaterThan(perSecond * 200 * 0.95);
          const busy = total(vertexOf(sim, 'work'), 'busyMs') / (200_000 * parallelism);
          expect(Math.abs(busy - load)).toBeLessThan(0.05);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of a hot key: one subtask is full, its siblings are not, and more subtasks do not help', () => {
    const hot = { kind: 'hot', count: 10_000, share: 0.6 } as const;
    const rates = [4, 8].map((parallelism) => {
      const sim = job({ ...base, parallelism, perSecond: 2000, workMs: 1.5, ship: 'HASH', keys: hot });
      live(sim, 300);
      const busy = vertexOf(sim, 'work').subtasks.map(({ busyMs }) => busyMs / 300_000);
      expect(busy.filter((share) => share > 0.9)).toHaveLength(1);
      expect(busy.filter((share) => share < 0.5)).toHaveLength(parallelism - 1);
      return total(vertexOf(sim, 'work'), 'recordsIn') / 300;
    });
    const [four = 0, eight = 0] = rates;
    expect(eight / four).toBeLessThan(1.15);
  });

  it('of garbage: collecting takes the time of every subtask on that TaskManager', () => {
    const calm = job({ ...base });
    const littered = job({ ...base, garbageBytesPerRecord: 500_000 });
    for (const sim of [calm, littered]) live(sim, 200);
    const collected = (sim: JobSim) => sim.taskManagers.reduce((sum, tm) => sum + tm.collectionMs, 0) / 200_000;
    expect(collected(calm)).toBeLessThan(0.02);
    expect(collected(littered)).toBeGreaterThan(0.2);
    expect(shareMax(vertexOf(littered, 'work'), 'busyMs', 200)).toBeGreaterThan(
      shareMax(vertexOf(calm, 'work'), 'busyMs', 200) + 0.1,
    );
  });
});

describe('keys', () => {
  it('go to the subtask that Flink’s own hash gives them; a hot one takes its share there', () => {
    fc.assert(
      fc.property(
        fc.record({
          parallelism: fc.integer({ min: 1, max: 64 }),
          maxParallelism: fc.integer({ min: 64, max: 1024 }),
          share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        }),
        ({ parallelism, maxParallelism, share }) => {
          const shares = keyShares({ kind: 'hot', count: 2000, share }, parallelism, maxParallelism);
          expect(shares).toHaveLength(parallelism);
          expect(shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
          const home = subtaskOfKeyGroup(keyGroupOf(HOT_KEY, maxParallelism), parallelism, maxParallelism);
          expect(shares[home]).toBeGreaterThanOrEqual(share);
          shares.forEach((each, subtask) => {
            if (subtask !== home) expect(each).toBeLessThanOrEqual(1 - share + 1e-9);
          });
        },
      ),
    );
  });

  it('without a hot one are spread as the key groups are', () => {
    const shares = keyShares({ kind: 'uniform', count: 200_000 }, 4, 128);
    for (const share of shares) expect(Math.abs(share - 0.25)).toBeLessThan(0.02);
  });
});

describe('checkpoints', () => {
  it('come at their interval, complete, and only the last ten are remembered', () => {
    const sim = job({
      perSecond: 100,
      parallelism: 2,
      workMs: 1,
      sinkMs: 1,
      outPerIn: 1,
      ship: 'REBALANCE',
      checkpointMs: 10_000,
    });
    live(sim, 305);
    expect(sim.completedCheckpoints).toBe(30);
    expect(sim.checkpoints.map(({ id }) => id)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    for (const { phases } of sim.checkpoints) expect(phases).toHaveLength(6);
  });

  it('wait behind the records of a full queue', () => {
    const shape = {
      perSecond: 1000,
      parallelism: 2,
      workMs: 0.5,
      outPerIn: 1,
      ship: 'REBALANCE',
      checkpointMs: 30_000,
    } as const;
    const [calm, full] = [job({ ...shape, sinkMs: 0.5 }), job({ ...shape, sinkMs: 6 })];
    const delays = [calm, full].map((sim) => {
      live(sim, 300);
      return Math.max(...(sim.checkpoints.at(-1)?.phases ?? []).map(({ startDelayMs }) => startDelayMs));
    });
    expect(delays[0]).toBeLessThan(3000);
    expect(delays[1]).toBeGreaterThan(3000);
  });
});

describe('what becomes of a job while it runs', () => {
  const shape: Shape = { perSecond: 400, parallelism: 4, workMs: 5, sinkMs: 0.5, outPerIn: 1, ship: 'REBALANCE' };
  const busy = (sim: JobSim, subtask: number): number => (vertexOf(sim, 'work').subtasks[subtask]?.busyMs ?? 0) / 1000;
  const from = (own: Partial<JobSpec>, more: Partial<Shape> = {}): JobSim =>
    new JobSim({ ...job({ ...shape, ...more }).spec, ...own }, START_MS);
  const { taskManagers, vertices } = job(shape).spec;
  const workWith = (own: Partial<VertexSpec>): readonly VertexSpec[] =>
    vertices.map((vertex) => (vertex.name === 'work' ? { ...vertex, ...own } : vertex));
  const readWith = (own: object): readonly VertexSpec[] =>
    vertices.map((vertex) =>
      vertex.source === undefined ? vertex : { ...vertex, source: { ...vertex.source, ...own } },
    );

  it('comes when it is due', () => {
    const sim = from({ turns: [{ afterMs: 60_000, vertices: { work: { serviceMs: 1 } } }] });
    live(sim, 59);
    expect(vertexOf(sim, 'work').spec.serviceMs).toBe(5);
    live(sim, 61);
    expect(vertexOf(sim, 'work').spec.serviceMs).toBe(1);
  });

  it('a machine that gives a quarter of its time makes records dear there, and nowhere else', () => {
    const sim = from({ taskManagers: { ...taskManagers, slow: { index: 2, factor: 1.8 } } });
    live(sim, 100);
    expect(busy(sim, 2) / busy(sim, 1)).toBeCloseTo(1.8, 1);
    expect(sim.taskManagers[2]?.cpuSeconds).toBeCloseTo(sim.taskManagers[1]?.cpuSeconds ?? 0, 0);
  });

  it('dear records of one subtask take its time', () => {
    const sim = from({ vertices: workWith({ dear: { subtask: 1, factor: 1.9 } }) });
    live(sim, 100);
    expect(busy(sim, 1) / busy(sim, 0)).toBeCloseTo(1.9, 1);
  });

  it('who wants more cores than there are gets what there is', () => {
    const sim = from({ taskManagers: { ...taskManagers, cpuCores: 0.25 }, vertices: workWith({ cpuShare: 1 }) });
    live(sim, 200);
    expect(vertexOf(sim, 'work').subtasks[0]?.busyRatio).toBeGreaterThan(0.95);
    const before = sim.taskManagers[0]?.cpuSeconds ?? 0;
    for (let second = 201; second <= 300; second += 1) sim.step(START_MS + second * STEP_MS);
    expect(((sim.taskManagers[0]?.cpuSeconds ?? 0) - before) / 100).toBeCloseTo(0.27, 1);
  });

  it('what records leave behind for ever stays in the heap', () => {
    const sim = from({ vertices: workWith({ leakBytesPerRecord: 1000 }) });
    live(sim, 100);
    const [tm] = sim.taskManagers;
    expect((tm?.liveBytes ?? 0) - taskManagers.liveBytes).toBeCloseTo(100 * 100 * 1000, -6);
  });

  it('partitions go to readers in turn, and a reader fetches what it is handed at most', () => {
    const uneven = from({ vertices: readWith({ partitions: [1, 1, 1, 1, 1] }) });
    live(uneven, 100);
    const read = vertexOf(uneven, 'source').subtasks.map(({ recordsIn }) => recordsIn);
    expect((read[0] ?? 0) / (read[1] ?? 1)).toBeCloseTo(2, 2);
    const bound = from({ vertices: readWith({ fetchRecordsPerSecond: 60 }) });
    live(bound, 100);
    expect(vertexOf(bound, 'source').subtasks.map(({ pending }) => Math.round(pending))).toEqual([
      4000, 4000, 4000, 4000,
    ]);
  });

  it('a silent partition holds event time, and a window with it', () => {
    const own = vertices.map((vertex) => ({
      ...vertex,
      ...(vertex.name === 'work' ? { window: true as const } : {}),
      ...(vertex.source === undefined
        ? {}
        : { source: { ...vertex.source, eventTimeDelayMs: 1000, partitions: [1, 1, 1, 1] } }),
    }));
    const [source] = own.flatMap((vertex) => vertex.source ?? []);
    if (source === undefined) throw new Error('no source');
    const silent = { source: { ...source, partitions: [1, 1, 1, 0] } };
    const sim = from({ vertices: own, turns: [{ afterMs: 60_000, vertices: { source: silent } }] });
    live(sim, 59);
    const emitted = total(vertexOf(sim, 'work'), 'recordsOut');
    expect(emitted).toBeGreaterThan(0);
    for (let second = 60; second <= 200; second += 1) sim.step(START_MS + second * STEP_MS);
    expect(total(vertexOf(sim, 'work'), 'recordsOut') - emitted).toBeLessThan(1500);
    expect(vertexOf(sim, 'work').subtasks[0]?.watermarkMs).toBeLessThan(START_MS + 70_000);
  });

  it('one input does not starve behind another: each has buffers of its own', () => {
    const spec = job({ ...shape, sinkMs: 8 }).spec;
    const other = { ...spec.vertices[0], name: 'other' } as VertexSpec; // A job has a source.
    const sim = new JobSim(
      {
        ...spec,
        vertices: [other, ...spec.vertices],
        edges: [{ from: 'other', to: 'sink', ship: 'REBALANCE' }, ...spec.edges],
      },
      START_MS,
    );
    live(sim, 400);
    const [slow, fast] = ['other', 'work'].map((name) => total(vertexOf(sim, name), 'recordsOut'));
    expect((slow ?? 0) / (fast ?? 1)).toBeGreaterThan(0.7);
    expect((slow ?? 0) / (fast ?? 1)).toBeLessThan(1.5);
  });
});

/** Records per second that reach a vertex when its fullest subtask is full. */
function capacityOf({ parallelism, maxParallelism, serviceMs, keys }: VertexSpec): number {
  const shares = keys === undefined ? [1 / parallelism] : keyShares(keys, parallelism, maxParallelism);
  return 1000 / serviceMs / Math.max(...shares);
}

describe('the demo', () => {
  it('has one job that is well and five that are not, each with names and ids of its own', () => {
    expect(DEMO_JOBS).toHaveLength(6);
    const ids = DEMO_JOBS.map((spec) => new JobSim(spec, START_MS).jobId);
    expect(new Set(ids).size).toBe(6);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  // A demo that is only ill in the morning shows an evening visitor a job that catches up.
  it('is as ill at the trough of the day as at its peak, and as well', () => {
    for (const { name, vertices } of DEMO_JOBS) {
      const { recordsPerSecond = 0, dailySwing = 0 } =
        vertices.find(({ source }) => source !== undefined)?.source ?? {};
      const capacity = Math.min(...vertices.map(capacityOf));
      if (['orders-enrich', 'billing-sink'].includes(name)) {
        expect(recordsPerSecond * (1 - dailySwing)).toBeGreaterThan(capacity * 1.05);
      } else expect(recordsPerSecond * (1 + dailySwing)).toBeLessThan(capacity * 0.95);
    }
  });
});
