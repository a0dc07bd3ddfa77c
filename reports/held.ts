import { present, sum } from '../analyzer/numbers.js';
import { defined } from '../collector/model/index.js';
import { hoursOf, priced, type Cost, type Prices, type ResourceHours, type Resources } from './cost.js';
import { WEEK_MS } from './iso-week.js';

/** What a job holds of its TaskManagers, and the slots that this has. */
export interface Held {
  readonly resources?: Resources | undefined;
  readonly slots?: number | undefined;
}

/** One TaskManager that is there. */
export interface HeldFrom {
  readonly slots: number;
  readonly cpuCores?: number | undefined;
  readonly processBytes?: number | undefined;
}

/**
 * What a job holds: its TaskManagers whole where it is alone on its cluster; on a shared cluster its slots' share of the
 * TaskManagers that run it. Its slots are its highest parallelism (one slot sharing group, Flink's default).
 */
export function heldOf(
  taskManagers: readonly HeldFrom[],
  parallelism: number | undefined,
  jobsRunning: number | undefined,
): { readonly resources?: Resources; readonly slots?: number } {
  const registered = sum(taskManagers.map((one) => one.slots));
  const slots = jobsRunning === 1 ? registered : Math.min(registered, parallelism ?? 0);
  if (slots === 0) return {};
  const total = (figures: readonly (number | undefined)[]): number | undefined =>
    figures.some((figure) => figure === undefined) ? undefined : (sum(present(figures)) * slots) / registered;
  const cores = total(taskManagers.map(({ cpuCores }) => cpuCores));
  const memoryBytes = total(taskManagers.map(({ processBytes }) => processBytes));
  const resources: Resources = {
    ...(cores === undefined ? {} : { cores }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
  return { resources, slots };
}

/**
 * Slots and memory for a week: slots as cores of the job's own TaskManagers and, where no memory is named, their memory.
 * Undefined where neither is known.
 */
export function costOfWeek(
  { slots, memoryBytes }: { readonly slots: number; readonly memoryBytes: number },
  held: Held,
  cluster: string,
  prices: Prices | undefined,
): Cost | undefined {
  const cores = slots === 0 ? undefined : times(slots, perSlot(held.resources?.cores, held.slots));
  const bytes = memoryBytes === 0 ? times(slots, perSlot(held.resources?.memoryBytes, held.slots)) : memoryBytes;
  const { coreHours, gbHours } = hoursOf(
    defined<Resources>({ cores, memoryBytes: bytes === 0 ? undefined : bytes }),
    WEEK_MS,
  );
  if (coreHours === undefined && gbHours === undefined) return undefined;
  // No slots are no cores, which has a price, also where nobody knows how many cores a slot has.
  const { money } = priced(
    defined<ResourceHours>({ coreHours: slots === 0 ? 0 : coreHours, gbHours }),
    cluster,
    prices,
  );
  return defined<Cost>({ coreHours, gbHours, money });
}

const times = (slots: number, each: number | undefined): number | undefined =>
  each === undefined ? undefined : slots * each;

const perSlot = (whole: number | undefined, slots: number | undefined): number | undefined =>
  whole === undefined || slots === undefined || slots <= 0 ? undefined : whole / slots;
