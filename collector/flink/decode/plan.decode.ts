import { z } from 'zod';
import type { Edge, ShipStrategy } from '../../model/index.js';
import { id32, optionalText } from './fields.decode.js';

const SHIP_STRATEGIES: ReadonlySet<string> = new Set<ShipStrategy>([
  'FORWARD',
  'HASH',
  'REBALANCE',
  'RESCALE',
  'BROADCAST',
  'GLOBAL',
  'SHUFFLE',
  'CUSTOM',
]);

function toShipStrategy(raw: string | undefined): ShipStrategy {
  const word = (raw ?? '').toUpperCase();
  // The set holds members of the type only.
  return SHIP_STRATEGIES.has(word) ? (word as ShipStrategy) : 'UNKNOWN';
}

const input = z.object({ id: id32, ship_strategy: optionalText, exchange: optionalText });
const node = z.object({ id: id32, inputs: z.array(input).optional() });

/** The plan inside `GET /jobs/:jobid`. It is `{}` while the job initialises, and has no `type` in 1.13. */
export const plan = z
  .object({ type: optionalText, nodes: z.array(node).optional() })
  .optional()
  .transform((raw) => ({ type: raw?.type, edges: (raw?.nodes ?? []).flatMap(toEdges) }));

const toEdges = (to: z.infer<typeof node>): readonly Edge[] =>
  (to.inputs ?? []).map((from) => ({
    fromVertexId: from.id,
    toVertexId: to.id,
    shipStrategy: toShipStrategy(from.ship_strategy),
    // `blocking…` and `hybrid_…` partitions go to disk, so the producer never waits for the consumer.
    blocking: /^(blocking|hybrid)/i.test(from.exchange ?? ''),
  }));
