import type { FlinkVersion } from '../../collector/model/index.js';

export interface RemovedOption {
  /** A name, or the beginning of names where it ends with a dot. */
  readonly key: string;
  readonly since: readonly [major: number, minor: number];
  /** What to set instead, where there is something. */
  readonly instead?: string;
}

const gone = (major: number, minor: number, ...keys: readonly string[]): readonly RemovedOption[] =>
  keys.map((key) => ({ key, since: [major, minor] }));

/**
 * Options that were read and are not any more, under no other name either: the options classes of 1.13.6, 1.17.2,
 * 1.20.3, 2.0.1 and 2.3.0, compared with their deprecated and fallback names. A renamed option that Flink still reads
 * under its old name is not here.
 */
export const REMOVED_OPTIONS: readonly RemovedOption[] = [
  ...gone(
    1,
    17,
    'mesos.',
    'cluster.declarative-resource-management.enabled',
    'execution.checkpointing.prefer-checkpoint-for-recovery',
  ),
  ...gone(1, 20, 'cluster.fine-grained-resource-management.enabled', 'slotmanager.request-timeout'),
  { key: 'cluster.evenly-spread-out-slots', since: [2, 0], instead: 'taskmanager.load-balance.mode' },
  { key: 'taskmanager.heap.size', since: [2, 0], instead: 'taskmanager.memory.process.size' },
  { key: 'taskmanager.heap.mb', since: [2, 0], instead: 'taskmanager.memory.process.size' },
  { key: 'jobmanager.heap.size', since: [2, 0], instead: 'jobmanager.memory.process.size' },
  { key: 'jobmanager.heap.mb', since: [2, 0], instead: 'jobmanager.memory.process.size' },
  { key: 'security.ssl.enabled', since: [2, 0], instead: 'security.ssl.internal.enabled' },
  { key: 'pipeline.default-kryo-serializers', since: [2, 0], instead: 'pipeline.serialization-config' },
  { key: 'pipeline.registered-kryo-types', since: [2, 0], instead: 'pipeline.serialization-config' },
  { key: 'pipeline.registered-pojo-types', since: [2, 0], instead: 'pipeline.serialization-config' },
  ...gone(
    2,
    0,
    'akka.watch.',
    'execution.checkpointing.force',
    'high-availability.job.delay',
    'pipeline.auto-type-registration',
    'pipeline.time-characteristic',
    'state.backend.async',
    'taskmanager.exit-on-fatal-akka-error',
    'taskmanager.network.blocking-shuffle.type',
    'taskmanager.network.memory.buffers-per-channel',
    'taskmanager.network.memory.floating-buffers-per-gate',
    'taskmanager.network.memory.max-buffers-per-channel',
    'taskmanager.network.memory.max-overdraft-buffers-per-gate',
    'taskmanager.network.netty.client.numThreads',
    'taskmanager.network.netty.num-arenas',
    'taskmanager.network.netty.server.backlog',
    'taskmanager.network.netty.server.numThreads',
    'taskmanager.network.numberOfBuffers',
    'taskmanager.registration.initial-backoff',
    'web.ssl.enabled',
  ),
];

/** Keys that are set and that this Flink does not read. Empty while the version is not known. */
export function removedOptions(
  configuration: Readonly<Record<string, string>>,
  version: FlinkVersion | undefined,
): readonly RemovedOption[] {
  if (version === undefined) return [];
  return REMOVED_OPTIONS.filter(({ since: [major, minor] }) => {
    return version.major > major || (version.major === major && version.minor >= minor);
  }).flatMap((option) =>
    Object.keys(configuration)
      .filter((key) => (option.key.endsWith('.') ? key.startsWith(option.key) : key === option.key))
      .map((key) => ({ ...option, key })),
  );
}
