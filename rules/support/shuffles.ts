import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { LoadSignal, VertexLoad } from '../../analyzer/signals/load.js';

/** A rebalance from one vertex to the next that has no other input, and the bytes that go over it. */
export interface Rebalance {
  readonly from: VertexLoad;
  readonly to: VertexLoad;
  readonly bytesPerSecond: number;
}

/** Less than this is not worth a word: 20 MB/s serialised and read again are about a fifth of a core (diagnosis §5.1). */
export const SHUFFLE_BYTES = {
  default: 20_000_000,
  unit: 'bytes/s',
  description: 'bytes a second over the exchange from which it is said',
} as const;

export function rebalancesOf({ topology }: JobFacts, load: LoadSignal): readonly Rebalance[] {
  return topology.edges.flatMap(({ shipStrategy, blocking, fromVertexId, toVertexId }) => {
    if (shipStrategy !== 'REBALANCE' || blocking) return [];
    const [from, to] = [load.get(fromVertexId), load.get(toVertexId)];
    if (from === undefined || to === undefined || topology.inputsOf(toVertexId).length !== 1) return [];
    const bytesPerSecond = to.bytesInPerSecond ?? 0;
    return [{ from, to, bytesPerSecond }];
  });
}
