import type { FlinkVersion, JobHistory } from '../../collector/model/index.js';
import { max } from '../numbers.js';
import { sharesOneGroup } from '../signals/slots.js';
import { layoutOf, type Exchanges, type Places } from './exchanges.js';
import { parseMemorySize } from './values/memory-size.js';

type Configuration = Readonly<Record<string, string>>;

/** Network buffers: what Flink must have to start, and what it takes where there is plenty. */
export interface Buffers {
  readonly required: number;
  readonly wanted: number;
}

/** What the network buffers of one TaskManager have to do. */
export interface NetworkNeed {
  readonly taskManagerId: string;
  readonly total: number;
  /** For its subtasks where they are now. */
  readonly placed: Buffers;
  /** With a subtask of every vertex in each slot, as Flink places them by default; undefined with several sharing groups. */
  readonly packed?: Buffers;
}

/**
 * Buffers of one end of an exchange, as `NettyShuffleUtils` counts them (golden vectors: fixtures/network-buffers.json).
 * A gate needs exclusive buffers for each remote channel and one floating; a partition one for each channel and one more.
 */
export function gateBuffers(remoteChannels: number, rates: BufferRates): Buffers {
  const exclusive = rates.perChannel * remoteChannels;
  return { required: Math.min(exclusive + 1, rates.requiredPerGateMax), wanted: exclusive + rates.floating };
}

export function partitionBuffers(channels: number, rates: BufferRates): Buffers {
  return {
    required: channels + 1,
    wanted: Math.max(channels + 1, rates.perChannel * channels + rates.floating),
  };
}

export interface BufferRates {
  readonly perChannel: number;
  readonly floating: number;
  readonly requiredPerGateMax: number;
}

/** Both figures are fixed from 2.0 on, where their options have no effect. The limit of a gate came with 1.17. */
export function bufferRates(configuration: Configuration, version: FlinkVersion | undefined): BufferRates {
  const { major = 2, minor = 0 } = version ?? {};
  const number = (key: string, otherwise: number): number => {
    const value = Number(configuration[`taskmanager.network.memory.${key}`] ?? otherwise);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  const isFixed = major >= 2;
  const hasLimit = isFixed || minor >= 17;
  return {
    perChannel: isFixed ? 2 : number('buffers-per-channel', 2),
    floating: isFixed ? 8 : number('floating-buffers-per-gate', 8),
    requiredPerGateMax: hasLimit ? number('read-buffer.required-per-gate.max', Infinity) : Infinity,
  };
}

export function segmentBytesOf(configuration: Configuration): number {
  return parseMemorySize(configuration['taskmanager.memory.segment-size'] ?? '') ?? SEGMENT_BYTES;
}

const SEGMENT_BYTES = 32 * 1024;

/**
 * Needs of every TaskManager that runs subtasks of the job; other jobs there only add to them. Undefined while the place
 * of a subtask or the number of buffers is not known.
 */
export function networkNeeds(history: JobHistory): readonly NetworkNeed[] | undefined {
  const known = knownNeeds.get(history);
  if (known !== undefined) return known.needs;
  const needs = newNeeds(history);
  knownNeeds.set(history, { needs });
  return needs;
}

/** Several rules ask for them, each in every beat. */
const knownNeeds = new WeakMap<JobHistory, { readonly needs: readonly NetworkNeed[] | undefined }>();

function newNeeds(history: JobHistory): readonly NetworkNeed[] | undefined {
  const layout = layoutOf(history);
  if (layout === undefined) return undefined;
  const { exchanges, taskManagerIds } = layout;
  const rates = bufferRates(history.configuration, history.flinkVersion);
  const used = history.taskManagers.filter(
    ({ taskManagerId, goneMs }) => goneMs === undefined && taskManagerIds.has(taskManagerId),
  );
  const segmentBytes = segmentBytesOf(history.configuration);
  const isOneGroup = sharesOneGroup(history);
  const needs = used.flatMap((taskManager): NetworkNeed[] => {
    const { taskManagerId, slots, memory, samples } = taskManager;
    const told = samples.findLast(({ networkSegmentsTotal }) => networkSegmentsTotal !== undefined);
    const bytes = memory.networkBytes;
    const total = told?.networkSegmentsTotal ?? (bytes === undefined ? undefined : Math.floor(bytes / segmentBytes));
    if (total === undefined) return [];
    const placed = buffersOf(exchanges, rates, ({ counts }) => counts.get(taskManagerId) ?? 0);
    return [
      {
        taskManagerId,
        total,
        placed,
        ...(isOneGroup ? { packed: buffersOf(exchanges, rates, ({ width }) => Math.min(slots, width)) } : {}),
      },
    ];
  });
  return needs.length < used.length || used.length === 0 ? undefined : needs;
}

/** Buffers of a TaskManager that runs `here` of the subtasks of each vertex. */
function buffersOf(exchanges: readonly Exchanges[], rates: BufferRates, here: (places: Places) => number): Buffers {
  let [required, wanted] = [0, 0];
  for (const { from, to, inputs, outputs, isAllToAll, count } of exchanges) {
    const [readers, writers] = [here(to), here(from)];
    const partition = partitionBuffers(outputs, rates);
    // Channels within a TaskManager need no exclusive buffers. Which those of a pointwise exchange are depends on where
    // each subtask is: they count as local, which they are wherever slots are shared, and is the lower bound.
    const gate = gateBuffers(isAllToAll ? Math.max(0, inputs - writers) : 0, rates);
    required += count * (readers * gate.required + writers * partition.required);
    wanted += count * (readers * gate.wanted + writers * partition.wanted);
  }
  return { required, wanted };
}

/** Share of a TaskManager's buffers in use, its lowest reading since `sinceMs`; undefined with fewer than three. */
export function networkUsedLow(
  { taskManagers }: JobHistory,
  taskManagerId: string,
  sinceMs: number,
): number | undefined {
  const samples = taskManagers.find((tm) => tm.taskManagerId === taskManagerId)?.samples ?? [];
  const free = samples.flatMap(({ atMs, networkSegmentsTotal: total, networkSegmentsAvailable: available }) =>
    atMs < sinceMs || total === undefined || total <= 0 || available === undefined ? [] : [available / total],
  );
  const most = max(free);
  return free.length < 3 || most === undefined ? undefined : 1 - most;
}
