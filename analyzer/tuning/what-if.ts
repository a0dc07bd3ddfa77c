import type { JobHistory } from '../../collector/model/index.js';
import type { Signals, SignalSet } from '../signals/signals.js';
import { text, type Text } from '../text.js';
import { NO_WHOLE_NUMBER, wholeNumber, type AskedChange, type NotPredicted } from './what-if-change.js';
import { forecastLoad, worksOf, type LoadForecast, type LoadInputs } from './what-if-load.js';
import { isDefaultChange, isVertexChange, PARALLELISM_KEY, parallelismsOf } from './what-if-parallelism.js';
import {
  forecastMemory,
  forecastResources,
  isMemoryKey,
  memoryValue,
  SLOTS_KEY,
  type MemoryForecast,
  type ResourceForecast,
} from './what-if-resources.js';
import type { VertexWork } from './what-if-work.js';

/** What changes would bring, by what was measured over the last minute. A change that is not predicted is in no figure. */
export interface WhatIf<C extends AskedChange> extends LoadForecast, ResourceForecast {
  readonly memory?: MemoryForecast;
  /** What must hold for the figures to come true. */
  readonly assumptions: readonly Text[];
  readonly notPredicted: readonly NotPredicted<C>[];
}

/** Predicts changes of one job. It says where it cannot, and never guesses. Pure. */
export function whatIf<C extends AskedChange>(
  changes: readonly C[],
  signals: SignalSet,
  history: JobHistory,
): WhatIf<C> {
  const refused: NotPredicted<C>[] = [];
  const once = withoutRepeats(changes, refused);
  const inputs = loadInputs(signals, history);
  const works = 'why' in inputs ? new Map<string, VertexWork>() : worksOf(inputs);
  const parallelism = parallelismsOf(once, history, works, 'why' in inputs ? inputs.why : undefined, refused);
  const slots = slotsOf(once, refused);
  const memory = memoryOf(once, history, refused);
  for (const change of once) if (!isUnderstood(change)) refused.push({ change, why: NOT_UNDERSTOOD });
  const slotSignal = signals.get('slots');
  return {
    ...('why' in inputs ? NO_LOAD : forecastLoad(inputs, works, parallelism.to)),
    ...forecastResources(
      history,
      slotSignal.ok ? slotSignal.value : { needed: 0, waitingTasks: 0 },
      parallelism.to,
      slots,
      memory?.processBytes.to,
    ),
    ...(memory === undefined ? {} : { memory }),
    assumptions: [
      ...('why' in inputs ? [] : [SAME_RECORDS]),
      ...parallelism.assumptions,
      ...(slots === undefined ? [] : [CORES_FOR_SLOTS]),
      ...(memory === undefined ? [] : [COLLECTION_NOT_SAID]),
    ],
    // In the order asked.
    notPredicted: changes.flatMap((change) => refused.filter((item) => item.change === change)),
  };
}

const NO_LOAD: LoadForecast = { demandKnown: false, vertices: [], sources: [] };

function loadInputs(signals: SignalSet, history: JobHistory): LoadInputs | { readonly why: Text } {
  const load = signals.get('load');
  const lag = signals.get('lag');
  const skew = signals.get('skew');
  const bottlenecks = signals.get('bottlenecks');
  if (!load.ok) return { why: load.reason };
  if (!lag.ok) return { why: lag.reason };
  const orNone = <T>(signal: { readonly ok: true; readonly value: readonly T[] } | { readonly ok: false }) =>
    signal.ok ? signal.value : [];
  return {
    job: signals.job,
    history,
    load: load.value,
    lag: lag.value,
    skew: orNone<Signals['skew'][number]>(skew),
    bottlenecks: orNone<Signals['bottlenecks'][number]>(bottlenecks),
  };
}

function isSlotsChange({ scope, key }: AskedChange): boolean {
  return scope === 'taskmanager' && key === SLOTS_KEY;
}
function isMemoryChange({ scope, key }: AskedChange): boolean {
  return scope === 'taskmanager' && key !== undefined && isMemoryKey(key);
}
function isUnderstood(change: AskedChange): boolean {
  return [isVertexChange, isDefaultChange, isSlotsChange, isMemoryChange].some((is) => is(change));
}

function withoutRepeats<C extends AskedChange>(changes: readonly C[], refused: NotPredicted<C>[]): readonly C[] {
  const taken = new Set<string>();
  return changes.filter((change) => {
    const key = JSON.stringify([change.scope, change.vertexId, change.key]);
    if (!taken.has(key)) return taken.add(key);
    refused.push({ change, why: REPEATED });
    return false;
  });
}

function slotsOf<C extends AskedChange>(changes: readonly C[], refused: NotPredicted<C>[]): number | undefined {
  const change = changes.find(isSlotsChange);
  if (change === undefined) return undefined;
  const slots = wholeNumber(change.to);
  if (slots === undefined) refused.push({ change, why: NO_WHOLE_NUMBER });
  return slots;
}

/** Memory options work together, so where one of them does not fit none is predicted. */
function memoryOf<C extends AskedChange>(
  changes: readonly C[],
  history: JobHistory,
  refused: NotPredicted<C>[],
): MemoryForecast | undefined {
  const options: Record<string, string> = {};
  const kept: C[] = [];
  for (const change of changes.filter(isMemoryChange)) {
    const { key = '' } = change;
    const read = memoryValue(key, change.to);
    if ('why' in read) refused.push({ change, why: read.why });
    else {
      options[key] = read.value;
      kept.push(change);
    }
  }
  if (kept.length === 0) return undefined;
  const forecast = forecastMemory(history, options);
  if (!('why' in forecast)) return forecast;
  for (const change of kept) refused.push({ change, why: forecast.why });
  return undefined;
}

const NOT_UNDERSTOOD = text(
  `Weir predicts the parallelism of a vertex, ${PARALLELISM_KEY} of a job, ${SLOTS_KEY} and taskmanager.memory.* of the TaskManagers, nothing else`,
  `Weir 只能预测顶点的并行度、作业的 ${PARALLELISM_KEY}、TaskManager 的 ${SLOTS_KEY} 与 taskmanager.memory.*`,
);
const REPEATED = text('another change sets the same', '另一项变更设置了同一项');
const SAME_RECORDS = text(
  'what arrives stays as it is, and a record costs what it cost over the last minute',
  '输入保持不变，且每条记录的成本与最近一分钟相同',
);
const CORES_FOR_SLOTS = text(
  'the slots of a TaskManager share its cores, heap and managed memory as before: what that does to the load is not in the figures',
  '同一 TaskManager 的 slot 仍共享核、堆与托管内存：其对负载的影响不在数字之内',
);
const COLLECTION_NOT_SAID = text(
  'what memory does to garbage collection and state access is not in the figures',
  '内存对垃圾回收与状态访问的影响不在数字之内',
);
