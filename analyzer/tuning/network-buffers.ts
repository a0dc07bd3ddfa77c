import type { JobHistory } from '../../collector/model/index.js';
import { max } from '../numbers.js';
import { sharesOneGroup } from '../signals/slots.js';
import { layoutOf, type Exchanges, type Places } from './exchanges.js';
import { bufferRules, type BufferRules } from './network/buffer-rules.js';
import { gateBuffers, partitionBuffers, type GateBuffers, type PartitionBuffers } from './network/task-buffers.js';
import type { Configuration } from './values/configuration.js';
import { NEWEST_FLINK } from './values/flink-version.js';
import { parseMemorySize } from './values/memory-size.js';
import { attempt } from './values/refusal.js';

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
  const { taskManagerIds } = layout;
  const exchanges = withBuffers(layout.exchanges, rulesOf(history));
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
    const placed = buffersOf(exchanges, ({ counts }) => counts.get(taskManagerId) ?? 0);
    return [
      {
        taskManagerId,
        total,
        placed,
        ...(isOneGroup ? { packed: buffersOf(exchanges, ({ width }) => Math.min(slots, width)) } : {}),
      },
    ];
  });
  return needs.length < used.length || used.length === 0 ? undefined : needs;
}

/** Exchanges with what their ends need that does not depend on where they are. */
interface BufferedExchanges extends Exchanges {
  readonly gate: GateBuffers;
  readonly partition: PartitionBuffers;
}

const withBuffers = (exchanges: readonly Exchanges[], rules: BufferRules): readonly BufferedExchanges[] =>
  exchanges.map((exchange) => ({
    ...exchange,
    gate: gateBuffers(['PIPELINED_BOUNDED', exchange.inputs], rules),
    partition: partitionBuffers(['PIPELINED_BOUNDED', exchange.outputs], rules),
  }));

/** A job that runs has a configuration that Flink takes; what reads otherwise here is masked or cut. */
function rulesOf({ configuration, flinkVersion = NEWEST_FLINK }: JobHistory): BufferRules {
  const rules = attempt(() => bufferRules(configuration, flinkVersion));
  return rules.ok ? rules.value : bufferRules({}, flinkVersion);
}

/** Buffers of a TaskManager that runs `here` of the subtasks of each vertex. */
function buffersOf(exchanges: readonly BufferedExchanges[], here: (places: Places) => number): Buffers {
  let [required, wanted] = [0, 0];
  for (const { from, to, inputs, isAllToAll, gate, partition, count } of exchanges) {
    const [readers, writers] = [here(to), here(from)];
    // Channels within a TaskManager need no exclusive buffers. Which those of a pointwise exchange are depends on where
    // each subtask is: they count as local, which they are wherever slots are shared, and is the lower bound.
    const exclusive = gate.exclusivePerRemoteChannel * (isAllToAll ? Math.max(0, inputs - writers) : 0);
    required += count * (readers * (exclusive + gate.requiredFloating) + writers * partition.required);
    wanted += count * (readers * (exclusive + gate.floatingMax) + writers * partition.max);
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
