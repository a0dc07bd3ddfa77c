/** A vertex as `VertexInfo` holds it. */
export interface PlannedVertex {
  readonly vertexId: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** 0 where they are not known. */
  readonly sourcePartitions: number;
  /** Ship strategy by input vertex: of two edges from one vertex the autoscaler sees the last. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** `JobTopology` */
export interface Plan {
  /** Inputs before what reads them. */
  readonly vertices: readonly PlannedVertex[];
  get(vertexId: string): PlannedVertex | undefined;
  outputCount(vertexId: string): number;
}

/** `JobTopology.returnVerticesInTopologicalOrder`; a cycle, which Flink's plans do not have, is left out. */
export function planOf(vertices: readonly PlannedVertex[]): Plan {
  const byId = new Map(vertices.map((vertex) => [vertex.vertexId, vertex]));
  const sorted = new Map<string, PlannedVertex>();
  for (let before = -1; before < sorted.size;) {
    before = sorted.size;
    for (const vertex of vertices)
      if ([...vertex.inputs.keys()].every((input) => sorted.has(input))) sorted.set(vertex.vertexId, vertex);
  }
  return {
    vertices: [...sorted.values()],
    get: (vertexId) => byId.get(vertexId),
    outputCount: (vertexId) => vertices.filter(({ inputs }) => inputs.has(vertexId)).length,
  };
}
