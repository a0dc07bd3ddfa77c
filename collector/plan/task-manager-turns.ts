/**
 * Between two looks at the list of TaskManagers while nothing happens to a job. It tells slots and who is there, through the
 * ResourceManager's actor: 0.8 ms each time (docs/benchmarks.md), where one that left is noticed as soon as its metrics are gone.
 */
const LISTED_EVERY_MS = 30_000;

export interface ListTurn {
  /** When it was last read; undefined before the first time, and when one of those on it could not be read. */
  readonly listedMs: number | undefined;
  /** When the overview last showed any job changed: slots are taken and given back in the seconds around it. */
  readonly changedMs: number;
  readonly nowMs: number;
  readonly beatMs: number;
}

/** Whether to read the list of TaskManagers. */
export const isListDue = ({ listedMs, changedMs, nowMs, beatMs }: ListTurn): boolean =>
  listedMs === undefined || listedMs - changedMs < beatMs || nowMs - listedMs + beatMs / 2 > LISTED_EVERY_MS;

/** Requests that one TaskManager costs: its metrics. */
export const REQUESTS_PER_TASK_MANAGER = 1;
/** Share of a beat's budget that TaskManagers may take. */
const BUDGET_SHARE = 0.25;
/** However many there are, each is read at least once in so many rounds. */
const MAX_ROUNDS_BETWEEN = 6;

/** The TaskManagers to read in this round: all while the budget allows, else in turns. */
export function taskManagerTurns(ids: readonly string[], round: number, requestsPerBeat: number): readonly string[] {
  const affordable = Math.max(1, Math.floor((requestsPerBeat * BUDGET_SHARE) / REQUESTS_PER_TASK_MANAGER));
  const rounds = Math.min(MAX_ROUNDS_BETWEEN, Math.ceil(ids.length / affordable));
  if (rounds <= 1) return ids;
  return ids.filter((_id, index) => index % rounds === round % rounds);
}

/** Rounds between two looks at the page of a TaskManager, which is 24 kB with 768 tasks (REST-TRUTH §7). */
const ROUNDS_BETWEEN_PAGES = 60;

export const wantsTaskManagerPage = (pageRound: number | undefined, round: number): boolean =>
  pageRound === undefined || round - pageRound >= ROUNDS_BETWEEN_PAGES;

/** Count and time of one garbage collector, by its name on the page. */
export const collectorMetricIds = (name: string): readonly string[] => [
  `Status.JVM.GarbageCollector.${name}.Count`,
  `Status.JVM.GarbageCollector.${name}.Time`,
];

/** `Status.JVM.CPU.Time` is in nanoseconds, `Status.JVM.CPU.Load` is 0–1. */
export const TASK_MANAGER_METRIC_IDS = [
  'Status.JVM.CPU.Load',
  'Status.JVM.CPU.Time',
  'Status.JVM.Memory.Heap.Used',
  'Status.JVM.Memory.Heap.Max',
  'Status.JVM.Memory.Direct.MemoryUsed',
  'Status.Shuffle.Netty.AvailableMemorySegments',
  'Status.Shuffle.Netty.TotalMemorySegments',
  'Status.Flink.Memory.Managed.Used',
  'Status.Flink.Memory.Managed.Total',
  'Status.JVM.Memory.Metaspace.Used',
  'Status.JVM.Memory.Metaspace.Max',
] as const;
