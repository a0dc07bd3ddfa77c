import type { FlinkVersion } from '../../../collector/model/index.js';
import { readSet, type Configuration } from '../values/configuration.js';
import { isAtLeast } from '../values/flink-version.js';
import { readInteger } from '../values/java-numbers.js';
import { Refusal } from '../values/refusal.js';

/** By what a version and its configuration count network buffers (`NettyShuffleEnvironmentConfiguration`). */
export interface BufferRules {
  readonly version: FlinkVersion;
  readonly perChannel: number;
  readonly floating: number;
  /** What a gate may require at most, where it is set. From 1.17 on. */
  readonly requiredPerGateMax?: number;
  readonly sortMinBuffers: number;
  /** A blocking partition of so many channels sorts its records. */
  readonly sortMinParallelism: number;
}

const NETWORK = 'taskmanager.network.';
const PER_GATE_MAX = `${NETWORK}memory.read-buffer.required-per-gate.max`;
const FLOATING = `${NETWORK}memory.floating-buffers-per-gate`;
const INTEGER_MAX = 2_147_483_647;

/** @throws Refusal where the TaskManager would not start */
export function bufferRules(configuration: Configuration, version: FlinkVersion): BufferRules {
  const read = (key: string): number | undefined => readSet(configuration, { key }, readInteger);
  // The figures of a channel and of a gate are fixed from 2.0 on, where their options have no effect.
  const isFixed = isAtLeast(version, 2, 0);
  const perChannel = isFixed ? undefined : read(`${NETWORK}memory.buffers-per-channel`);
  const floating = (isFixed ? undefined : read(FLOATING)) ?? 8;
  const hasLimit = isAtLeast(version, 1, 17);
  const requiredPerGateMax = hasLimit ? read(PER_GATE_MAX) : undefined;
  if (requiredPerGateMax !== undefined && requiredPerGateMax < 1)
    throw illegal(`At least one buffer is required for each gate, please increase the value of ${PER_GATE_MAX}.`);
  if (hasLimit && floating < 1)
    throw illegal(`The configured floating buffer should be at least 1, please increase the value of ${FLOATING}.`);
  const sortsByDefault = isAtLeast(version, 1, 15);
  const sortMinParallelism = isFixed ? undefined : read(`${NETWORK}sort-shuffle.min-parallelism`);
  return {
    version,
    perChannel: perChannel ?? 2,
    floating,
    ...(requiredPerGateMax === undefined ? {} : { requiredPerGateMax }),
    sortMinBuffers: read(`${NETWORK}sort-shuffle.min-buffers`) ?? (sortsByDefault ? 512 : 64),
    sortMinParallelism: sortMinParallelism ?? (sortsByDefault ? 1 : INTEGER_MAX),
  };
}

export const illegal = (message: string): Refusal => new Refusal('IllegalArgumentException', message);
