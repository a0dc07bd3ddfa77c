import { sum } from '../numbers.js';
import type { Topology } from '../graph/topology.js';
import type { LoadSignal } from '../signals/load.js';

/** By source: which part of a vertex's input comes from it. The parts of one vertex add up to 1. */
export type Origins = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Follows what each source emits through the graph, weighted by what flows now (as the demand of capacityOf is). */
export function originsOf(topology: Topology, load: LoadSignal): Origins {
  const origins = new Map<string, ReadonlyMap<string, number>>();
  for (const vertexId of topology.order) {
    const inputs = topology.inputsOf(vertexId);
    if (inputs.length === 0) {
      origins.set(vertexId, new Map([[vertexId, 1]]));
      continue;
    }
    const flows = inputs.map(({ fromVertexId }) => ({
      of: origins.get(fromVertexId),
      flow: load.get(fromVertexId)?.recordsOutPerSecond ?? 0,
    }));
    const total = sum(flows.map(({ flow }) => flow));
    if (total <= 0 || flows.some(({ of }) => of === undefined)) continue;
    const mixed = new Map<string, number>();
    for (const { of = new Map<string, number>(), flow } of flows) {
      for (const [source, part] of of) mixed.set(source, (mixed.get(source) ?? 0) + (part * flow) / total);
    }
    origins.set(vertexId, mixed);
  }
  return origins;
}

/** By how much a vertex's input grows when its sources grow so. */
export function growthAt(vertexId: string, origins: Origins, growth: ReadonlyMap<string, number>): number | undefined {
  const parts = origins.get(vertexId);
  if (parts === undefined) return undefined;
  return sum([...parts].map(([source, part]) => part * (growth.get(source) ?? 0)));
}

const CLOSE_TO = 1e-9;

/**
 * How far each source's flow comes, as a multiple of today's: all rise together, a source stops at what it wants, and
 * where a vertex is full everything that feeds it stops (max-min fairness; backpressure holds back all inputs of a full
 * vertex alike). `wanted` and `limits` are multiples of today's flow, of a source and of a vertex's input.
 */
export function fill(
  wanted: ReadonlyMap<string, number>,
  limits: ReadonlyMap<string, number>,
  origins: Origins,
): ReadonlyMap<string, number> {
  const growth = new Map([...wanted.keys()].map((source) => [source, 0]));
  const rising = new Set(wanted.keys());
  while (rising.size > 0) {
    const steps = [...rising].map((source) => (wanted.get(source) ?? 0) - (growth.get(source) ?? 0));
    for (const [vertexId, limit] of limits) {
      const slope = risingPart(vertexId, rising, origins);
      if (slope > CLOSE_TO) steps.push((limit - (growthAt(vertexId, origins, growth) ?? 0)) / slope);
    }
    const step = Math.max(0, Math.min(...steps));
    if (!Number.isFinite(step)) {
      // Nothing that is known would hold them back.
      for (const source of rising) growth.set(source, Infinity);
      break;
    }
    for (const source of rising) growth.set(source, (growth.get(source) ?? 0) + step);
    const before = rising.size;
    for (const source of [...rising]) {
      const content = (growth.get(source) ?? 0) >= (wanted.get(source) ?? 0) - CLOSE_TO;
      if (content || feedsFull(source, limits, growth, origins)) rising.delete(source);
    }
    // Each step brings at least one source to its end; rounding must not make this a loop without one.
    if (rising.size === before) break;
  }
  return growth;
}

function risingPart(vertexId: string, rising: ReadonlySet<string>, origins: Origins): number {
  return sum([...(origins.get(vertexId) ?? [])].map(([source, part]) => (rising.has(source) ? part : 0)));
}

function feedsFull(
  source: string,
  limits: ReadonlyMap<string, number>,
  growth: ReadonlyMap<string, number>,
  origins: Origins,
): boolean {
  return [...limits].some(
    ([vertexId, limit]) =>
      (origins.get(vertexId)?.get(source) ?? 0) > CLOSE_TO &&
      (growthAt(vertexId, origins, growth) ?? 0) >= limit - CLOSE_TO * Math.max(1, limit),
  );
}
