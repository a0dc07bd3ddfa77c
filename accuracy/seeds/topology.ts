import type { EdgeSpec } from '../../sim/model/spec.js';
import type { Draw } from './draw.js';

export interface Node {
  readonly name: string;
  readonly role: 'source' | 'work' | 'sink';
  readonly parallelism: number;
  /** Its records are dealt out by their keys. */
  readonly keyed: boolean;
  /** Missing: Flink's default. */
  readonly maxParallelism?: number;
}

/** Vertices from the sources down, and their edges. */
export interface Shape {
  readonly nodes: readonly Node[];
  readonly edges: readonly EdgeSpec[];
}

export interface Size {
  readonly vertices: readonly [number, number];
  readonly subtasks: number;
  /** Of the widest vertices, at least. */
  readonly parallelism: number;
}

/** Parallelisms that 128 key groups divide about evenly among (at most 1.17 times the mean), so that only a fault is uneven. */
export const EVEN = [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64] as const;

/**
 * A random job: one chain from a source to a sink, with diamonds, joins of further sources and side sinks hung on until it
 * has its vertices.
 */
export function drawShape(draw: Draw, size: Size): Shape {
  const wanted = Math.round(draw.logUniform(...size.vertices));
  const widest = drawParallelism(draw, size.parallelism, Math.max(2, Math.floor(size.subtasks / wanted)));
  return new Growing(draw, widest).grow(wanted);
}

function drawParallelism(draw: Draw, least: number, most: number): number {
  const drawn = draw.logUniform(least, Math.max(least, most));
  return EVEN.findLast((one) => one <= drawn && one >= least) ?? least;
}

class Growing {
  readonly #draw: Draw;
  readonly #widest: number;
  readonly #nodes: { node: Node; depth: number }[] = [];
  readonly #edges: EdgeSpec[] = [];
  #count = 0;

  constructor(draw: Draw, widest: number) {
    this.#draw = draw;
    this.#widest = widest;
  }

  grow(wanted: number): Shape {
    const spine = Math.max(3, Math.round(wanted * this.#draw.uniform(0.4, 1)));
    let last = this.#add('source', 0);
    for (let i = 1; i < spine - 1; i += 1) last = this.#connect(last, this.#add('work', i));
    this.#connect(last, this.#add('sink', spine - 1));
    while (this.#nodes.length < wanted) this.#hang(spine);
    const nodes = [...this.#nodes].sort((a, b) => a.depth - b.depth).map(({ node }) => node);
    return { nodes, edges: this.#edges.map((edge) => this.#unchained(edge)) };
  }

  /** Flink makes one vertex of two that a FORWARD edge joins, unless the second has other inputs as well. */
  #unchained(edge: EdgeSpec): EdgeSpec {
    const inputs = this.#edges.filter(({ to }) => to === edge.to).length;
    return edge.ship === 'FORWARD' && inputs < 2 ? { ...edge, ship: 'REBALANCE' } : edge;
  }

  /** A branch beside a part of the chain, a source that joins it, or a sink beside it. */
  #hang(spine: number): void {
    const draw = this.#draw;
    const works = this.#nodes.filter(({ node }) => node.role === 'work');
    const at = draw.pick(works);
    const below = works.filter(({ depth }) => depth > at.depth);
    const what = draw.uniform(0, 1);
    if (what < 0.35 && below.length > 0) {
      const to = draw.pick(below);
      const branch = this.#add('work', (at.depth + to.depth) / 2);
      this.#connect(at.node, branch);
      this.#connect(branch, to.node);
    } else if (what < 0.7) {
      const source = this.#add('source', -1 + at.depth / (2 * spine));
      this.#connect(source, at.node);
    } else {
      this.#connect(at.node, this.#add('sink', at.depth + spine));
    }
  }

  #add(role: Node['role'], depth: number): Node {
    const draw = this.#draw;
    const id = this.#count;
    this.#count += 1;
    const narrow = EVEN.filter((one) => one <= this.#widest && one * 4 >= this.#widest);
    const node: Node = {
      name: role === 'source' ? `Source: in${id}` : role === 'sink' ? `Sink: out${id}` : `op${id}`,
      role,
      parallelism: draw.chance(0.75) || narrow.length === 0 ? this.#widest : draw.pick(narrow),
      keyed: role === 'work' && draw.chance(0.4),
    };
    this.#nodes.push({ node, depth });
    return node;
  }

  #connect(from: Node, to: Node): Node {
    const isForward = from.parallelism === to.parallelism && this.#draw.chance(0.4);
    this.#edges.push({ from: from.name, to: to.name, ship: to.keyed ? 'HASH' : isForward ? 'FORWARD' : 'REBALANCE' });
    return to;
  }
}
