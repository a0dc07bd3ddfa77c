import { sum } from '../../numbers.js';
import { isAtLeast } from '../values/flink-version.js';
import { illegal, type BufferRules } from './buffer-rules.js';

/** Ends of an exchange as `ResultPartitionType` has them: streaming, or batch with its stages one after the other. */
export type ExchangeType = 'PIPELINED_BOUNDED' | 'BLOCKING';

/** A gate or a partition of a subtask, with its channels. */
export type End = readonly [type: ExchangeType, channels: number];

export interface TaskEnds {
  readonly gates: readonly End[];
  readonly partitions: readonly End[];
}

/** Buffers of a gate. */
export interface GateBuffers {
  readonly requiredFloating: number;
  readonly floatingMax: number;
  readonly exclusivePerRemoteChannel: number;
}

/** Buffers of a partition; `max` is `Infinity` where there is no limit. */
export interface PartitionBuffers {
  readonly required: number;
  readonly max: number;
}

/** What the network buffers of a subtask come to, with every channel remote. */
export interface TaskBuffers {
  readonly gates: readonly GateBuffers[];
  readonly partitions: readonly PartitionBuffers[];
  /** What must be there for it to start. */
  readonly required: number;
  /** What it takes where there is plenty. */
  readonly target: number;
  /** What the JobManager asks for under fine-grained resources. From 1.14 on. */
  readonly announced?: number;
}

/** `InputGateSpecUtils`: a batch gate requires no more than this, where nothing is set. */
const BATCH_GATE_MAX = 1000;
/** `NettyShuffleUtils`: buffers per channel of a partition that sorts, at most. */
const SORTED_PER_CHANNEL_MAX = 4;

/** `SingleInputGateFactory`, from 1.17 on by `InputGateSpecUtils.createGateBuffersSpec`. */
export function gateBuffers([type, channels]: End, rules: BufferRules): GateBuffers {
  const { perChannel, floating } = rules;
  if (!isAtLeast(rules.version, 1, 17))
    return { requiredFloating: 1, floatingMax: floating, exclusivePerRemoteChannel: perChannel };
  const limit = rules.requiredPerGateMax ?? (type === 'BLOCKING' ? BATCH_GATE_MAX : Infinity);
  const required = Math.min(limit, perChannel * channels + 1);
  // Above the limit exclusive buffers turn into floating ones.
  const exclusive = channels === 0 ? perChannel : Math.min(perChannel, Math.floor((required - 1) / channels));
  return {
    requiredFloating: required - exclusive * channels,
    floatingMax: perChannel * channels + floating - exclusive * channels,
    exclusivePerRemoteChannel: exclusive,
  };
}

/** `ResultPartitionFactory`, from 1.14 on by `NettyShuffleUtils.getMinMaxNetworkBuffersPerResultPartition`. */
export function partitionBuffers([type, channels]: End, rules: BufferRules): PartitionBuffers {
  const isSorted = type === 'BLOCKING' && channels >= rules.sortMinParallelism;
  const required = isSorted ? rules.sortMinBuffers : channels + 1;
  const max = maxOf(type, channels, isSorted, rules);
  return { required, max: isAtLeast(rules.version, 1, 14) ? Math.max(required, max) : max };
}

function maxOf(type: ExchangeType, channels: number, isSorted: boolean, rules: BufferRules): number {
  if (type === 'PIPELINED_BOUNDED') return rules.perChannel * channels + rules.floating;
  return isSorted && isAtLeast(rules.version, 1, 15) ? SORTED_PER_CHANNEL_MAX * channels : Infinity;
}

/** @throws Refusal where Flink would refuse to make the pools, however many buffers there are */
export function taskBuffers(ends: TaskEnds, rules: BufferRules): TaskBuffers {
  const partitions = ends.partitions.map((end) => partitionBuffers(end, rules));
  const gates = ends.gates.map((end) => gateBuffers(end, rules));
  for (const { required, max } of partitions) checkPool(required, max);
  for (const { requiredFloating, floatingMax } of gates) checkPool(requiredFloating, floatingMax);
  const exclusive = sum(
    gates.map(({ exclusivePerRemoteChannel }, index) => exclusivePerRemoteChannel * (ends.gates[index]?.[1] ?? 0)),
  );
  return {
    gates,
    partitions,
    required: exclusive + sum(gates.map((gate) => gate.requiredFloating)) + sum(partitions.map((end) => end.required)),
    target: exclusive + sum(gates.map((gate) => gate.floatingMax)) + sum(partitions.map((end) => end.max)),
    ...(isAtLeast(rules.version, 1, 14) ? { announced: announcedOf(ends, partitions, rules) } : {}),
  };
}

/** `NettyShuffleUtils.computeNetworkBuffersForAnnouncing`: a batch partition gives its buffers back in time, so only what it requires. */
function announcedOf(ends: TaskEnds, partitions: readonly PartitionBuffers[], rules: BufferRules): number {
  const gates = ends.gates.map(([, channels]) => rules.perChannel * channels + rules.floating);
  const written = partitions.map(({ required, max }, index) =>
    ends.partitions[index]?.[0] === 'BLOCKING' ? required : max,
  );
  return sum(gates) + sum(written);
}

/** `LocalBufferPool`. @throws Refusal */
export function checkPool(required: number, max: number): void {
  if (max < required)
    throw illegal(`Maximum number of memory segments (${max}) should not be smaller than minimum (${required}).`);
}
