import type { Prices } from '../../reports/cost.js';
import type { Config } from '../config/schema.js';

/** Undefined where no price is configured: then reports count cores and GB only. */
export function pricesOf({ currency, perCoreHour, perGbHour, clusters }: Config['cost']): Prices | undefined {
  const all = [perCoreHour, perGbHour, ...Object.values(clusters).flatMap((one) => [one.perCoreHour, one.perGbHour])];
  if (currency === undefined || all.every((price) => price === undefined)) return undefined;
  return {
    currency,
    ...(perCoreHour === undefined ? {} : { perCoreHour }),
    ...(perGbHour === undefined ? {} : { perGbHour }),
    clusters: Object.fromEntries(
      Object.entries(clusters).map(([name, own]) => [
        name,
        {
          ...(own.perCoreHour === undefined ? {} : { perCoreHour: own.perCoreHour }),
          ...(own.perGbHour === undefined ? {} : { perGbHour: own.perGbHour }),
        },
      ]),
    ),
  };
}
