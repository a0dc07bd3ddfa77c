import type { JobSpec, TaskManagerSpec, Turn, VertexSpec } from '../../sim/model/spec.js';
import type { Expectation } from '../../testbed/scenario.js';
import { drawCalmJob, type CalmJob, type Calmness } from './calm-job.js';
import type { Draw } from './draw.js';
import type { Node, Shape } from './topology.js';

/** A kind of fault as physics, and the rule that must name it. */
export interface FaultKind {
  readonly id: string;
  /** What is done to the job, in words. */
  readonly title: string;
  readonly rule: string;
  /** How long it is watched; missing: six minutes. */
  readonly watchMs?: number;
  draw(draw: Draw, name: string): SeededFault;
}

export interface SeededFault {
  readonly spec: JobSpec;
  readonly expect: Expectation;
}

/** A job runs this long before it is watched; what can change while it runs changes then. */
export const HEAD_START_MS = 240_000;

/** 3–60 vertices, 4–500 subtasks; ordinary vertices at most half busy, so that the fault is the only one. */
export function faultyJob(draw: Draw, name: string, own: Partial<Calmness> = {}): CalmJob {
  return drawCalmJob(draw, {
    name,
    size: { vertices: [3, 60], subtasks: 500, parallelism: 2 },
    busyMax: 0.4,
    cpuShare: [0.1, 0.5],
    ...own,
  });
}

export const workOf = ({ nodes }: Pick<Shape, 'nodes'>, isFit: (node: Node) => boolean = () => true): readonly Node[] =>
  nodes.filter((node) => node.role === 'work' && isFit(node));

/** With one node as it must be; edges of its inputs follow what it is. */
export function withNode(shape: Shape, node: Node, own: Partial<Node>): Shape {
  const changed = { ...node, ...own };
  const edges = shape.edges.map((edge) => {
    if (edge.from !== node.name && edge.to !== node.name) return edge;
    const [from, to] = [edge.from, edge.to].map((name) =>
      name === node.name ? changed : shape.nodes.find((one) => one.name === name),
    );
    const isForward = edge.ship === 'FORWARD' && from?.parallelism === to?.parallelism;
    return { ...edge, ship: to?.keyed === true ? 'HASH' : isForward ? 'FORWARD' : 'REBALANCE' } as const;
  });
  return { nodes: shape.nodes.map((one) => (one === node ? changed : one)), edges };
}

/** Time per record at which all subtasks together want so much of their time: 1 is full. */
export function serviceFor({ perSecond }: CalmJob, { name, parallelism }: Node, busy: number): number {
  return (busy * parallelism * 1000) / Math.max(1, perSecond.get(name) ?? 0);
}

/** From the start on. */
export function withVertex(spec: JobSpec, name: string, own: Partial<VertexSpec>): JobSpec {
  return { ...spec, vertices: spec.vertices.map((vertex) => (vertex.name === name ? { ...vertex, ...own } : vertex)) };
}

/** From the moment on in which the watch begins. */
export function thenBecomes(spec: JobSpec, turn: Omit<Turn, 'afterMs'>): JobSpec {
  return { ...spec, turns: [{ afterMs: HEAD_START_MS, ...turn }] };
}

/** The operator of a vertex as labels call it. */
export const operatorOf = (vertex: string): string => vertex.replace(/^(Source|Sink): /, '');

/** TaskManagers of another size, with as many cores a slot. */
export function withSlots({ spec: { taskManagers }, nodes }: CalmJob, slots: number): TaskManagerSpec {
  const widest = Math.max(...nodes.map(({ parallelism }) => parallelism));
  const cpuCores = Math.max(1, Math.ceil((taskManagers.cpuCores * slots) / taskManagers.slots));
  return { ...taskManagers, slots, cpuCores, count: Math.ceil(widest / slots) };
}
