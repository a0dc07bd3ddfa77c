import type { JobHistory } from '../../collector/model/index.js';
import type { SlotSignal } from '../signals/slots.js';
import { defined } from '../signals/load.js';
import { bytes, text, type Text } from '../text.js';
import { budgetFor, type TaskManagerBudget } from './memory/budget.js';
import { parseMemorySize } from './values/memory-size.js';
import { slotsNeededFor } from './slots.js';
import type { FromTo } from './what-if-load.js';

export const SLOTS_KEY = 'taskmanager.numberOfTaskSlots';
const MEMORY_PREFIX = 'taskmanager.memory.';
const PROCESS_KEY = `${MEMORY_PREFIX}process.size`;

/** Options that Flink's model for a total process size reads. */
const SIZES = [
  'process.size',
  'jvm-metaspace.size',
  'jvm-overhead.min',
  'jvm-overhead.max',
  'framework.heap.size',
  'framework.off-heap.size',
  'task.off-heap.size',
  'managed.size',
  'network.min',
  'network.max',
].map((name) => MEMORY_PREFIX + name);
const FRACTIONS = ['jvm-overhead.fraction', 'managed.fraction', 'network.fraction'].map((name) => MEMORY_PREFIX + name);
/** With one of these set, memory is not cut from the process size alone, and the model above is not Flink's. */
const OTHER_TOTALS = ['flink.size', 'task.heap.size'].map((name) => MEMORY_PREFIX + name);

export function isMemoryKey(key: string): boolean {
  return key.startsWith(MEMORY_PREFIX);
}

/** The value as Flink would read it, or why it would not. */
export function memoryValue(key: string, to: string | number): { readonly value: string } | { readonly why: Text } {
  const value = String(to).trim();
  if (SIZES.includes(key)) {
    return parseMemorySize(value) === undefined
      ? { why: text(`"${value}" is no memory size; write it as 2048m`, `"${value}" 不是内存大小，应写作 2048m`) }
      : { value };
  }
  if (FRACTIONS.includes(key)) {
    const fraction = value === '' ? NaN : Number(value);
    return fraction >= 0 && fraction < 1
      ? { value }
      : { why: text(`"${value}" is no fraction from 0 to 1`, `"${value}" 不是 0 到 1 之间的小数`) };
  }
  return {
    why: text(
      `Weir computes memory from the total process size, and ${key} is not part of that`,
      `Weir 由进程总内存推算，${key} 不在其中`,
    ),
  };
}

export interface MemoryForecast {
  readonly processBytes: FromTo;
  readonly from?: TaskManagerBudget;
  readonly to: TaskManagerBudget;
}

/** How a TaskManager's memory is cut after the options are set, by Flink's model. */
export function forecastMemory(
  history: JobHistory,
  options: Readonly<Record<string, string>>,
): MemoryForecast | { readonly why: Text } {
  const { configuration } = history;
  const other = OTHER_TOTALS.find((key) => configuration[key] !== undefined);
  if (other !== undefined) {
    return {
      why: text(
        `memory here follows ${other}, not the process size alone`,
        `此处的内存由 ${other} 决定，而非仅由进程总内存决定`,
      ),
    };
  }
  const from = processBytesOf(history);
  const to = options[PROCESS_KEY] === undefined ? from : parseMemorySize(options[PROCESS_KEY]);
  if (to === undefined) return { why: text('the total process size is not known', '进程总内存未知') };
  const before = from === undefined ? undefined : budgetFor(from, configuration, history.flinkVersion);
  const after = budgetFor(to, { ...configuration, ...options }, history.flinkVersion);
  if (after === undefined) {
    return {
      why: text(
        `the parts do not fit into ${bytes(to)}: Flink would refuse to start`,
        `各部分放不进 ${bytes(to)}：Flink 会拒绝启动`,
      ),
    };
  }
  return { processBytes: defined({ from, to }), to: after, ...(before === undefined ? {} : { from: before }) };
}

function processBytesOf({ taskManagers, configuration }: JobHistory): number | undefined {
  const here = taskManagers.find(({ goneMs }) => goneMs === undefined);
  return here?.memory.totalProcessBytes ?? parseMemorySize(configuration[PROCESS_KEY] ?? '');
}

export interface ResourceForecast {
  readonly slots: {
    readonly needed: FromTo;
    readonly perTaskManager: FromTo;
    /** Free on the cluster now. */
    readonly free?: number;
  };
  /** TaskManagers that it takes for this job and what else runs there, beside those that are registered now. */
  readonly taskManagers: { readonly registered?: number; readonly needed: FromTo };
  readonly cost: { readonly slots: number; readonly taskManagers?: number; readonly memoryBytes?: number };
}

export function forecastResources(
  history: JobHistory,
  slots: SlotSignal,
  parallelisms: ReadonlyMap<string, number>,
  slotsPerTaskManager: number | undefined,
  processTo: number | undefined,
): ResourceForecast {
  const neededFrom = slotsNeededFor(history, new Map());
  const neededTo = slotsNeededFor(history, parallelisms);
  const perTo = slotsPerTaskManager ?? slots.perTaskManager;
  const { taskManagers: registered, total, available } = slots;
  const others = total === undefined || available === undefined ? 0 : Math.max(0, total - available - neededFrom);
  const taskManagersFor = (needed: number, per: number | undefined): number | undefined =>
    per === undefined ? undefined : Math.ceil((needed + others) / per);
  const tmTo = taskManagersFor(neededTo, perTo);
  const extra = tmTo === undefined || registered === undefined ? undefined : Math.max(0, tmTo - registered);
  const processFrom = processBytesOf(history);
  const process = processTo ?? processFrom;
  return {
    slots: {
      needed: { from: neededFrom, to: neededTo },
      perTaskManager: defined({ from: slots.perTaskManager, to: perTo }),
      ...defined({ free: available }),
    },
    taskManagers: {
      needed: defined({ from: taskManagersFor(neededFrom, slots.perTaskManager), to: tmTo }),
      ...defined({ registered }),
    },
    cost: {
      slots: neededTo - neededFrom,
      ...defined({
        taskManagers: extra,
        memoryBytes:
          extra === undefined || registered === undefined || process === undefined
            ? undefined
            : extra * process + registered * (process - (processFrom ?? process)),
      }),
    },
  };
}
