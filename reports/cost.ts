/** Processor and memory that a job holds at one moment; what is not known is missing. */
export interface Resources {
  readonly cores?: number;
  readonly memoryBytes?: number;
}

/** The same over time. GB·h are of 2^30 bytes, as Flink and Kubernetes (`Gi`) count memory. */
export interface ResourceHours {
  readonly coreHours?: number;
  readonly gbHours?: number;
}

/** Resource hours, and what they cost where prices are configured. */
export interface Cost extends ResourceHours {
  readonly money?: number;
}

export interface Price {
  readonly perCoreHour?: number;
  readonly perGbHour?: number;
}

/** `cost:` of the configuration: one price, and those of single clusters. */
export interface Prices extends Price {
  /** ISO 4217, `EUR`. */
  readonly currency: string;
  readonly clusters: Readonly<Record<string, Price>>;
}

export const GB_BYTES = 2 ** 30;
const HOUR_MS = 3_600_000;

/** What `resources` come to when they are held for so long. */
export function hoursOf({ cores, memoryBytes }: Resources, ms: number): ResourceHours {
  const hours = ms / HOUR_MS;
  return {
    ...(cores === undefined ? {} : { coreHours: cores * hours }),
    ...(memoryBytes === undefined ? {} : { gbHours: (memoryBytes / GB_BYTES) * hours }),
  };
}

/** Sums figure by figure; one that is known nowhere stays missing. */
export function sumOfCosts(parts: readonly Cost[]): Cost {
  const keys = ['coreHours', 'gbHours', 'money'] as const;
  const sums = keys.flatMap((key) => {
    const known = parts.flatMap((part) => part[key] ?? []);
    return known.length === 0 ? [] : [[key, known.reduce((total, value) => total + value, 0)] as const];
  });
  return Object.fromEntries(sums);
}

/**
 * The price of resource hours on a cluster: the cluster's own price before the general one, part by part. No money where a
 * part that has a price is not known: half a bill would read as a whole one.
 */
export function priced(hours: ResourceHours, cluster: string, prices: Prices | undefined): Cost {
  if (prices === undefined) return hours;
  const own = prices.clusters[cluster];
  const perCoreHour = own?.perCoreHour ?? prices.perCoreHour ?? 0;
  const perGbHour = own?.perGbHour ?? prices.perGbHour ?? 0;
  if (perCoreHour === 0 && perGbHour === 0) return hours;
  if (perCoreHour !== 0 && hours.coreHours === undefined) return hours;
  if (perGbHour !== 0 && hours.gbHours === undefined) return hours;
  return { ...hours, money: perCoreHour * (hours.coreHours ?? 0) + perGbHour * (hours.gbHours ?? 0) };
}
