/** Stack traces as Flink's exception history had them (L42, L44), shortened. */

/** L42: user code throws; digits differ from fall to fall. */
export const userFailure = (attempt: number): string =>
  [
    `java.lang.IllegalStateException: injected failure ${attempt} at record ${attempt * 4711}`,
    '\tat lab.Work.apply(Work.java:88)',
    '\tat lab.SlowMap.map(SlowMap.java:31)',
    '\tat org.apache.flink.streaming.api.operators.StreamMap.processElement(StreamMap.java:38)',
    '\tat java.base/java.lang.Thread.run(Thread.java:840)',
  ].join('\n');

/** L44, first: the connection to the killed process breaks. */
export const REMOTE_TRANSPORT = [
  "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager '10.0.0.7/10.0.0.7:41731 [ tm-2 ] '. This might indicate that the remote task manager was lost.",
  '\tat org.apache.flink.runtime.io.network.netty.CreditBasedPartitionRequestClientHandler.channelInactive(CreditBasedPartitionRequestClientHandler.java:154)',
].join('\n');

/** L44, then: the restart still tries to reach it. */
export const UNREACHABLE = [
  'java.util.concurrent.CompletionException: org.apache.flink.runtime.rpc.exceptions.RecipientUnreachableException: Could not send message to tm-2.',
  '\tat java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:332)',
  'Caused by: org.apache.flink.runtime.rpc.exceptions.RecipientUnreachableException: Could not send message to tm-2.',
].join('\n');

/** L44, until the next TaskManager comes. */
export const NO_RESOURCE = [
  'java.util.concurrent.CompletionException: org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.',
  '\tat java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:332)',
  'Caused by: org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.',
].join('\n');

/** L25: the heartbeat of a process that died of its leak. */
export const HEARTBEAT =
  'java.util.concurrent.TimeoutException: The heartbeat of TaskManager with id tm-2 timed out.\n\tat org.apache.flink.runtime.jobmaster.JobMaster$TaskManagerHeartbeatListener.notifyHeartbeatTimeout(JobMaster.java:1419)';

/** L38: each failed checkpoint takes the job down. */
export const TOLERANCE =
  'org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to Checkpoint expired before completing.\n\tat org.apache.flink.runtime.checkpoint.CheckpointFailureManager.checkFailureAgainstCounter(CheckpointFailureManager.java:206)';

/** L28: the text is there only because the task's own thread died of it. */
export const DIRECT_MEMORY =
  'java.lang.OutOfMemoryError: Direct buffer memory\n\tat java.base/java.nio.Bits.reserveMemory(Bits.java:175)\n\tat lab.Leak.map(Leak.java:20)';

/** Named causes in the words of the JVM, Flink, YARN, Kubernetes and Kafka, wrapped as Flink wraps them. */
const passedOn = (cause: string): string =>
  [
    'org.apache.flink.runtime.JobException: Recovery is suppressed by FixedDelayRestartBackoffTimeStrategy',
    '\tat org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.handleFailure(ExecutionFailureHandler.java:176)',
    `Caused by: ${cause}`,
    '\tat lab.Work.apply(Work.java:88)',
  ].join('\n');

export const HEAP = passedOn('java.lang.OutOfMemoryError: Java heap space');
export const METASPACE = passedOn(
  'java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred.',
);
export const OOM_KILLED =
  'java.lang.Exception: TaskExecutor tm-1 is lost: pod terminated, container state terminated, reason=OOMKilled, exitCode=137';
export const BUFFERS = passedOn(
  'java.io.IOException: Insufficient number of network buffers: required 65, but only 24 available. The total number of network buffers is currently set to 2048 of 32768 bytes each.',
);
export const NO_SPACE = passedOn('java.io.IOException: No space left on device');
export const NOT_MAPPED = passedOn(
  'java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint s3://b/chk-7. Cannot map checkpoint/savepoint state for operator 8d4c to the new program, because the operator is not available in the new program.',
);
export const MAX_PARALLELISM = passedOn(
  'java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint s3://b/chk-7. Max parallelism mismatch between checkpoint/savepoint state and new program. Cannot map operator 8d4c with max parallelism 128 to new program with max parallelism 64.',
);
export const FENCED = passedOn(
  'org.apache.kafka.common.errors.InvalidProducerEpochException: Producer attempted to produce with an old epoch.',
);
export const FRAME_SIZE = [
  'java.io.IOException: The rpc invocation size 11534336 exceeds the maximum pekko framesize.',
  '\tat org.apache.flink.runtime.taskexecutor.rpc.RpcCheckpointResponder.acknowledgeCheckpoint(RpcCheckpointResponder.java:48)',
].join('\n');
export const OPEN_FILES = passedOn('java.nio.file.FileSystemException: /tmp/rocksdb/000123.sst: Too many open files');
