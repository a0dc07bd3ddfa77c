import type { FlinkVersion } from '../../../collector/model/index.js';
import { readInteger } from '../values/java-numbers.js';
import { isSet, readSet, type Configuration, type ConfigOption } from '../values/configuration.js';
import { sizeOf } from './options.js';
import { illegal } from './process-memory.js';

/**
 * `MemoryBackwardsCompatibilityUtils`: `<component>.heap.size`, or else `heap.mb`, stands for a newer option that is not
 * set. Read up to 1.x; from 2.0 on these keys mean nothing.
 *
 * @throws Refusal where Flink refuses
 */
export function withLegacyHeap(
  configuration: Configuration,
  version: FlinkVersion,
  component: 'taskmanager' | 'jobmanager',
  standsFor: ConfigOption,
): Configuration {
  if (version.major >= 2 || isSet(configuration, standsFor)) return configuration;
  const bytes = legacyHeapBytes(configuration, component);
  return bytes === undefined ? configuration : { ...configuration, [standsFor.key]: `${bytes} bytes` };
}

function legacyHeapBytes(configuration: Configuration, component: string): bigint | undefined {
  const size: ConfigOption = { key: `${component}.heap.size` };
  if (isSet(configuration, size)) return sizeOf(configuration, size);
  const mebibytes = readSet(configuration, { key: `${component}.heap.mb` }, readInteger);
  if (mebibytes === undefined) return undefined;
  if (mebibytes < 0) throw illegal(`Configured total process memory size (${mebibytes}MB) must not be less than 0.`);
  return BigInt(mebibytes) << 20n;
}
