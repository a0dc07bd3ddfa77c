import { defaultMaxParallelism } from '../../testbed/key-groups.js';
import { queueLimitOn } from '../../sim/model/job-sim.js';
import type { JobSpec, TaskManagerSpec, VertexSpec } from '../../sim/model/spec.js';
import type { Draw } from './draw.js';
import { drawShape, type Node, type Shape, type Size } from './topology.js';

const MIB = 2 ** 20;
/** Keys enough that each subtask gets about the same. */
const KEYS_PER_SUBTASK = 2000;

/** A job that is well, and what passes through each of its vertices. */
export interface CalmJob {
  readonly spec: JobSpec;
  readonly nodes: readonly Node[];
  readonly perSecond: ReadonlyMap<string, number>;
}

export interface Calmness {
  readonly size: Size;
  /** Busy of the busiest vertices. */
  readonly busyMax: number;
  /** Of the time that records take, the part that is computing. */
  readonly cpuShare: readonly [number, number];
  readonly name: string;
  readonly stepMs?: number;
  /** Makes the drawn job one in which a certain fault can be; undefined where this one cannot be made so. */
  readonly reshape?: (shape: Shape) => Shape | undefined;
}

/** Jobs that are drawn until one is of a shape that the fault needs. */
const TRIES = 500;

export function drawCalmJob(draw: Draw, calm: Calmness): CalmJob {
  for (let i = 0; i < TRIES; i += 1) {
    const drawn = drawShape(draw, calm.size);
    const shape = calm.reshape === undefined ? drawn : calm.reshape(drawn);
    if (shape !== undefined) return fill(draw, shape, calm);
  }
  throw new Error(`${calm.name}: no job of ${TRIES} has the shape that is needed`);
}

function fill(draw: Draw, shape: Shape, calm: Calmness): CalmJob {
  const perReader = draw.logUniform(40, 250) * draw.uniform(0.7, 1.3);
  const outPerIn = new Map(shape.nodes.map((node) => [node.name, outOf(draw, node, shape)]));
  const perSecond = ratesOf(shape, outPerIn, (parallelism) => perReader * parallelism * draw.uniform(0.7, 1.3));
  // A slot holds one subtask of each vertex: the more there are, the less each of them does.
  const busyMax = calm.busyMax * Math.min(1, 10 / shape.nodes.length);
  const drawn = shape.nodes.map((node) =>
    vertexOf(draw, node, perSecond.get(node.name) ?? 0, outPerIn.get(node.name) ?? 1, busyMax, calm.cpuShare),
  );
  const stepMs = calm.stepMs ?? 1000;
  const vertices = withRecordBytes(draw, drawn, shape, perSecond, stepMs);
  const taskManagers = taskManagersFor(draw, vertices, shape, perSecond);
  return {
    nodes: shape.nodes,
    perSecond,
    spec: {
      name: calm.name,
      vertices: withGarbage(draw, vertices, perSecond, taskManagers),
      edges: shape.edges,
      checkpoints: {
        intervalMs: draw.pick([10_000, 30_000, 60_000]),
        timeoutMs: 600_000,
        uploadBytesPerSecond: draw.uniform(40, 120) * MIB,
        sizeSwing: draw.uniform(0, 0.3),
      },
      taskManagers,
      ...(calm.stepMs === undefined ? {} : { stepMs }),
    },
  };
}

/** Where records go to several places, each gets a part: otherwise a diamond would double them. */
function outOf(draw: Draw, { name, role }: Node, { edges }: Shape): number {
  const outputs = edges.filter(({ from }) => from === name).length;
  if (role === 'sink') return 1;
  return outputs > 1 ? 1 / outputs : draw.pick([1, 1, 1, 0.9, 1.1]);
}

function ratesOf(
  { nodes, edges }: Shape,
  outPerIn: ReadonlyMap<string, number>,
  offered: (parallelism: number) => number,
): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  for (const { name, role, parallelism } of nodes) {
    const inputs = edges.filter(({ to }) => to === name);
    const arriving = inputs.reduce((sum, { from }) => sum + (rates.get(from) ?? 0) * (outPerIn.get(from) ?? 1), 0);
    rates.set(name, role === 'source' ? offered(parallelism) : arriving);
  }
  return rates;
}

function vertexOf(
  draw: Draw,
  { name, role, parallelism, keyed, maxParallelism }: Node,
  perSecond: number,
  outPerIn: number,
  busyMax: number,
  cpuShare: readonly [number, number],
): VertexSpec {
  const isSource = role === 'source';
  const busy = isSource ? draw.uniform(0.02, 0.12) : draw.uniform(0.1, 1) * busyMax;
  return {
    name,
    parallelism,
    maxParallelism: maxParallelism ?? defaultMaxParallelism(parallelism),
    serviceMs: (busy * parallelism * 1000) / Math.max(1, perSecond),
    cpuShare: draw.uniform(...cpuShare),
    outPerIn,
    recordBytes: 200,
    garbageBytesPerRecord: 0,
    stateBytesPerSubtask: keyed ? draw.logUniform(0.2, 30) * MIB : draw.uniform(1000, 50_000),
    syncMs: draw.uniform(1, 8),
    ...(isSource
      ? { source: { recordsPerSecond: perSecond, dailySwing: 0, backlog: 0, jitter: draw.uniform(0, 0.1) } }
      : {}),
    ...(keyed ? { keys: { kind: 'uniform', count: KEYS_PER_SUBTASK * parallelism } } : {}),
  };
}

/** Steps that the records of one must fit into a queue, so that a calm vertex never waits for the model's own tick. */
const STEPS_QUEUED = 3;

/** One size for all records of the job: large ones fill the buffers within seconds, small ones within minutes. */
function withRecordBytes(
  draw: Draw,
  vertices: readonly VertexSpec[],
  { edges }: Shape,
  perSecond: ReadonlyMap<string, number>,
  stepMs: number,
): readonly VertexSpec[] {
  const ofOneByte = vertices.map((vertex) => ({ ...vertex, recordBytes: 1 }));
  const parallelism = new Map(vertices.map((vertex) => [vertex.name, vertex.parallelism]));
  const outPerIn = new Map(vertices.map((vertex) => [vertex.name, vertex.outPerIn]));
  const largest = edges.map((edge) => {
    const sent = (perSecond.get(edge.from) ?? 0) * (outPerIn.get(edge.from) ?? 1);
    const perStep = (sent / (parallelism.get(edge.to) ?? 1)) * (stepMs / 1000);
    return queueLimitOn({ vertices: ofOneByte }, edge) / (STEPS_QUEUED * Math.max(1, perStep));
  });
  const recordBytes = Math.max(10, Math.floor(Math.min(20_000, ...largest) * draw.uniform(0.4, 1)));
  return vertices.map((vertex) => ({ ...vertex, recordBytes }));
}

/** Machines with about twice the cores that the job uses. */
const CORES_USED_SHARE = 0.5;

function taskManagersFor(
  draw: Draw,
  vertices: readonly VertexSpec[],
  { edges }: Shape,
  perSecond: ReadonlyMap<string, number>,
): TaskManagerSpec {
  const widest = Math.max(...vertices.map(({ parallelism }) => parallelism));
  const slots = draw.pick([1, 2, 4, 8].filter((one) => one <= widest));
  const coresPerSlot = vertices.reduce(
    (sum, { name, parallelism, serviceMs, cpuShare }) =>
      sum + (((perSecond.get(name) ?? 0) / parallelism) * serviceMs * cpuShare) / 1000,
    0,
  );
  return {
    count: Math.ceil(widest / slots),
    slots,
    cpuCores: Math.max(slots, Math.ceil((slots * coresPerSlot) / CORES_USED_SHARE)),
    heapBytes: Math.round(draw.uniform(600, 3000)) * MIB,
    liveBytes: draw.uniform(20, 55) * MIB,
    managedBytes: draw.pick([256, 512, 1024]) * MIB,
    networkBytes: networkFor(vertices, edges, SLOTS_MAX),
  };
}

/** A fault may come with machines of other sizes: then this is too much, and never too little. */
const SLOTS_MAX = 8;
const NETWORK_MIN_BYTES = 64 * MIB;
const SEGMENT_BYTES = 32 * 1024;

/**
 * Network memory with room: two buffers a channel and eight a gate on both sides (Flink's guide to network memory tuning),
 * half again as much.
 */
function networkFor(vertices: readonly VertexSpec[], edges: Shape['edges'], slots: number): number {
  const parallelism = new Map(vertices.map((vertex) => [vertex.name, vertex.parallelism]));
  const buffers = edges.reduce((sum, { from, to, ship }) => {
    const channels = ship === 'FORWARD' ? 2 : (parallelism.get(from) ?? 0) + (parallelism.get(to) ?? 0);
    return sum + 2 * channels + 16;
  }, 0);
  return Math.max(NETWORK_MIN_BYTES, Math.ceil(1.5 * buffers * slots) * SEGMENT_BYTES);
}

/** A collection every three to thirty seconds. */
function withGarbage(
  draw: Draw,
  vertices: readonly VertexSpec[],
  perSecond: ReadonlyMap<string, number>,
  { slots, heapBytes }: TaskManagerSpec,
): readonly VertexSpec[] {
  const records =
    slots * vertices.reduce((sum, { name, parallelism }) => sum + (perSecond.get(name) ?? 0) / parallelism, 0);
  const garbageBytesPerRecord = (heapBytes * 0.5) / (draw.logUniform(3, 30) * Math.max(1, records));
  return vertices.map((vertex) => ({ ...vertex, garbageBytesPerRecord }));
}
