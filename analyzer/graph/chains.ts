import type { Edge, JobHistory, VertexHistory } from '../../collector/model/index.js';

/** Edges that Flink would have made part of a chain, and hands records over between tasks instead. */
export interface BrokenChains {
  readonly edges: readonly Edge[];
  /** No vertex of the job holds more than one operator: chaining is off for all of it. */
  readonly everywhere: boolean;
}

/** How Flink joins the names of chained operators. */
const CHAIN = ' -> ';

/**
 * What makes two operators chainable, as far as a job graph shows it: a forward exchange in a pipeline, the same parallelism,
 * the same slot sharing group, and one input (`StreamingJobGraphGenerator.isChainable`). What an operator itself
 * wants (`disableChaining`, `startNewChain`) it does not show.
 */
export function brokenChainsOf({ edges, vertices }: JobHistory): BrokenChains {
  const byId = new Map(vertices.map((vertex) => [vertex.vertexId, vertex]));
  const inputs = new Map<string, number>();
  for (const { toVertexId } of edges) inputs.set(toVertexId, (inputs.get(toVertexId) ?? 0) + 1);
  const broken = edges.filter((edge) => {
    const [from, to] = [byId.get(edge.fromVertexId), byId.get(edge.toVertexId)];
    const isOnlyInput = inputs.get(edge.toVertexId) === 1;
    return edge.shipStrategy === 'FORWARD' && !edge.blocking && isOnlyInput && isAlike(from, to);
  });
  return { edges: broken, everywhere: vertices.every(({ name }) => !name.includes(CHAIN)) };
}

function isAlike(a: VertexHistory | undefined, b: VertexHistory | undefined): boolean {
  return (
    a?.parallelism !== undefined &&
    a.parallelism === b?.parallelism &&
    (a.slotSharingGroupId ?? '') === (b.slotSharingGroupId ?? '')
  );
}
