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
