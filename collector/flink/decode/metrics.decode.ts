import { z } from 'zod';
import { defined } from '../../model/index.js';
import { fromSchema } from './body.decode.js';
import { figure, toText } from './fields.decode.js';

/** Metric texts by id, exactly as Flink sends them; ids Flink does not know are not there. */
export type MetricValues = ReadonlyMap<string, string>;

/** `…/metrics?get=` */
export const decodeMetricValues = fromSchema<MetricValues>(
  z
    .array(z.object({ id: z.string(), value: z.unknown().optional() }))
    .transform((list) => new Map(list.map((metric) => [metric.id, toText(metric.value)]))),
);

/** One metric over all subtasks; a statistic that is no number ("NaN" of a legacy source) is missing. */
export interface MetricSummary {
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly sum?: number;
}

export type MetricSummaries = ReadonlyMap<string, MetricSummary>;

const summary = z
  .object({ id: z.string(), min: figure, max: figure, avg: figure, sum: figure })
  .transform(({ id, min, max, avg, sum }) => [id, defined<MetricSummary>({ min, max, mean: avg, sum })] as const);

/** `…/subtasks/metrics?get=`. Empty as soon as one of the ids, or one subtask's value of it, is not there (fact 5). */
export const decodeMetricSummaries = fromSchema<MetricSummaries>(z.array(summary).transform((list) => new Map(list)));

/** `…/metrics` without `get`: the ids there are. Empty right after a task started: never keep an empty list. */
export const decodeMetricIds = fromSchema<readonly string[]>(
  z.array(z.object({ id: z.string() })).transform((list) => list.map((metric) => metric.id)),
);
