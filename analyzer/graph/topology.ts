import type { Edge } from '../../collector/model/index.js';

/** The job graph, asked the questions that diagnosis asks. Streaming graphs have no cycles (iterations ended with 1.20). */
export interface Topology {
  readonly vertexIds: readonly string[];
  readonly edges: readonly Edge[];
  /** Sources first; each vertex after everything that feeds it. */
  readonly order: readonly string[];
  inputsOf(vertexId: string): readonly Edge[];
  outputsOf(vertexId: string): readonly Edge[];
  isSource(vertexId: string): boolean;
  isSink(vertexId: string): boolean;
  /** All vertices upstream of this one. */
  ancestorsOf(vertexId: string): ReadonlySet<string>;
  /** All vertices that get the records of a subtask of this one in the subtask of the same number, and only those. */
  forwardFrom(vertexId: string): ReadonlySet<string>;
  /** Vertices connected with this one, whatever the direction; itself included. The same set for each of them. */
  componentOf(vertexId: string): ReadonlySet<string>;
}

/** By the array of edges, which a job keeps as long as its graph. */
const known = new WeakMap<readonly Edge[], Topology>();

export function topologyOf(vertexIds: readonly string[], edges: readonly Edge[]): Topology {
  const before = known.get(edges);
  if (before !== undefined && isSameList(before.vertexIds, vertexIds)) return before;
  const topology = newTopology(vertexIds, edges);
  known.set(edges, topology);
  return topology;
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);

function newTopology(vertexIds: readonly string[], edges: readonly Edge[]): Topology {
  const inputs = grouped(edges, (edge) => edge.toVertexId);
  const outputs = grouped(edges, (edge) => edge.fromVertexId);
  const inputsOf = (id: string): readonly Edge[] => inputs.get(id) ?? [];
  const outputsOf = (id: string): readonly Edge[] => outputs.get(id) ?? [];
  return {
    vertexIds,
    edges,
    order: sourcesFirst(vertexIds, inputsOf),
    inputsOf,
    outputsOf,
    isSource: (id) => inputsOf(id).length === 0,
    isSink: (id) => outputsOf(id).length === 0,
    ancestorsOf: (id) => reach(id, (at) => inputsOf(at).map((edge) => edge.fromVertexId)),
    forwardFrom: (id) =>
      reach(id, (at) =>
        outputsOf(at)
          .filter(({ shipStrategy }) => shipStrategy === 'FORWARD')
          .map((edge) => edge.toVertexId),
      ),
    componentOf: componentsBy((at) => [
      ...inputsOf(at).map((edge) => edge.fromVertexId),
      ...outputsOf(at).map((edge) => edge.toVertexId),
    ]),
  };
}

/** Each part of the graph is walked once, whichever of its vertices is asked for: several signals ask for all of them. */
function componentsBy(neighbours: (id: string) => readonly string[]): Topology['componentOf'] {
  const components = new Map<string, ReadonlySet<string>>();
  return (id) => {
    const known = components.get(id);
    if (known !== undefined) return known;
    const component = new Set([id, ...reach(id, neighbours)]);
    for (const member of component) components.set(member, component);
    return component;
  };
}

function grouped(edges: readonly Edge[], key: (edge: Edge) => string): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group === undefined) groups.set(key(edge), [edge]);
    else group.push(edge);
  }
  return groups;
}

function reach(from: string, next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...next(from)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || id === from) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}

function sourcesFirst(vertexIds: readonly string[], inputsOf: (id: string) => readonly Edge[]): string[] {
  const order: string[] = [];
  const placed = new Set<string>();
  const visiting = new Set<string>();
  const place = (id: string): void => {
    if (placed.has(id) || visiting.has(id)) return;
    visiting.add(id);
    for (const edge of inputsOf(id)) place(edge.fromVertexId);
    placed.add(id);
    order.push(id);
  };
  vertexIds.forEach(place);
  return order;
}
