import { describe, expect, it } from 'vitest';
import { causeNamedBy, isClassLoading } from './failure-causes.js';
import * as trace from '../testing/traces.js';

const wrapped = (inner: string): string =>
  `org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\n\tat org.apache.flink.X.y(X.java:1)\nCaused by: java.lang.RuntimeException: x\n\tat a.B.c(B.java:1)\nCaused by: ${inner}\n\tat d.E.f(E.java:2)`;

describe('causeNamedBy', () => {
  const table: readonly (readonly [string, string, string | undefined])[] = [
    ['heap', 'java.lang.OutOfMemoryError: Java heap space', 'mem-heap-oom'],
    ['heap, by time', 'java.lang.OutOfMemoryError: GC overhead limit exceeded', 'mem-heap-oom'],
    [
      'metaspace, in Flink’s long words',
      'java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred.',
      'mem-metaspace',
    ],
    ['direct, Java 8 and 11', 'java.lang.OutOfMemoryError: Direct buffer memory', 'mem-direct-oom'],
    [
      'direct, Java 17',
      'java.lang.OutOfMemoryError: Cannot reserve 65536 bytes of direct buffer memory (allocated: 1, limit: 2)',
      'mem-direct-oom',
    ],
    [
      'direct, Netty',
      'org.apache.flink.shaded.netty4.io.netty.util.internal.OutOfDirectMemoryError: failed to allocate',
      'mem-direct-oom',
    ],
    [
      'Kubernetes',
      'java.lang.Exception: TaskExecutor tm-1 is lost. Pod terminated, reason=OOMKilled, exitCode=137',
      'mem-container-oomkilled',
    ],
    [
      'YARN, over two lines',
      "java.lang.Exception: Container from a bad node.\nDiagnostics: [pid=1] is running 5B beyond the 'PHYSICAL' memory limit.",
      'mem-container-oomkilled',
    ],
    ['an exit code alone names nothing', 'java.lang.Exception: Pod terminated, exitCode=137', undefined],
    [
      'buffers',
      'java.io.IOException: Insufficient number of network buffers: required 65, but only 24 available.',
      'net-insufficient-buffers',
    ],
    ['disk', 'java.io.IOException: No space left on device', 'disk-full'],
    [
      'restore',
      'java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint f:/x. Cannot map checkpoint/savepoint state for operator a',
      'restore-incompatible',
    ],
    [
      'state migration',
      'org.apache.flink.util.StateMigrationException: The new state serializer must not be incompatible with the old state serializer',
      'restore-incompatible',
    ],
    [
      'Kafka fences',
      'org.apache.kafka.common.errors.ProducerFencedException: There is a newer producer',
      'ckpt-kafka-txn-timeout',
    ],
    [
      'checkpoints that took the job down',
      'org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to Checkpoint expired before completing.',
      'ckpt-failing',
    ],
    ['files', 'java.nio.file.FileSystemException: /tmp/x: Too many open files', 'fd-or-thread-leak'],
    [
      'threads',
      'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory',
      'fd-or-thread-leak',
    ],
    ['user code', trace.userFailure(1), undefined],
    ['no slots', trace.NO_RESOURCE, undefined],
  ];
  it.each(table)('%s', (_claim, text, cause) => {
    expect(causeNamedBy(text)?.cause).toBe(cause);
    expect(causeNamedBy(wrapped(text))?.cause).toBe(cause);
  });

  it('the deepest known one decides: what is above only passed it on', () => {
    const text =
      'java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: No space left on device\n\tat a.B.c(B.java:1)';
    expect(causeNamedBy(text)).toEqual({
      cause: 'disk-full',
      words: 'Caused by: java.io.IOException: No space left on device',
    });
  });

  it('a frame is no word of a cause', () => {
    expect(causeNamedBy('a.B: x\n\tat lab.ProducerFencedException.make(P.java:1)')).toBeUndefined();
  });

  it('a large message is the checkpoint’s only where the trace says so', () => {
    const large = 'java.io.IOException: The rpc invocation size 11534336 exceeds the maximum pekko framesize.';
    expect(causeNamedBy(large)).toBeUndefined();
    expect(causeNamedBy(`${large}\n\tat o.a.f.RpcCheckpointResponder.acknowledgeCheckpoint(R.java:1)`)?.cause).toBe(
      'ckpt-metadata-heavy',
    );
  });
});

describe('isClassLoading', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    [
      'the same class from two loaders',
      'java.lang.ClassCastException: class a.B cannot be cast to class a.B (a.B is in unnamed module of loader x)',
      true,
    ],
    ['an ordinary cast', 'java.lang.ClassCastException: class a.B cannot be cast to class a.C', false],
    ['another version of a jar', wrapped('java.lang.NoSuchMethodError: a.B.c()V'), true],
    ['user code', trace.userFailure(1), false],
  ];
  it.each(table)('%s', (_claim, text, is) => {
    expect(isClassLoading(text)).toBe(is);
  });
});
