import { z } from 'zod';
import { fromSchema } from './body.decode.js';

/** Metric texts by id, exactly as Flink sends them; ids Flink does not know are not there. */
export type MetricValues = ReadonlyMap<string, string>;

/** `…/metrics?get=` */
export const decodeMetricValues = fromSchema<MetricValues>(
  z
    .array(z.object({ id: z.string(), value: z.unknown().optional() }))
    .transform((list) => new Map(list.map((metric) => [metric.id, String(metric.value ?? '')]))),
);

/** `…/metrics` without `get`: the ids there are. Empty right after a task started: never keep an empty list. */
export const decodeMetricIds = fromSchema<readonly string[]>(
  z.array(z.object({ id: z.string() })).transform((list) => list.map((metric) => metric.id)),
);
