import { wholeMsOf, type SimCheckpoint } from '../model/checkpoint-sim.js';
import type { JobSim } from '../model/job-sim.js';

export function checkpointsBody(job: JobSim, nowMs: number): object {
  const history = [...job.checkpoints].reverse().map((checkpoint) => checkpointBody(job, checkpoint, nowMs));
  return {
    counts: {
      restored: 0,
      total:
        job.completedCheckpoints +
        job.failedCheckpoints +
        history.filter(({ status }) => status === 'IN_PROGRESS').length,
      in_progress: history.filter(({ status }) => status === 'IN_PROGRESS').length,
      completed: job.completedCheckpoints,
      failed: job.failedCheckpoints,
    },
    summary: {},
    latest: {
      completed: history.find(({ status }) => status === 'COMPLETED') ?? null,
      savepoint: null,
      failed: null,
      restored: null,
    },
    history,
  };
}

export function checkpointBody(job: JobSim, checkpoint: SimCheckpoint, nowMs: number): { status: string } {
  const running = nowMs < checkpoint.endMs;
  const acknowledged = checkpoint.phases.filter(
    (phase) => phaseEnd(checkpoint, phase) <= Math.min(nowMs, checkpoint.endMs),
  );
  const bytes = Math.round(checkpoint.phases.reduce((sum, { stateBytes }) => sum + stateBytes, 0));
  const status = running ? 'IN_PROGRESS' : checkpoint.expired ? 'FAILED' : 'COMPLETED';
  return {
    ...{ className: status.toLowerCase(), id: checkpoint.id },
    status,
    ...{
      is_savepoint: false,
      savepointFormat: null,
      trigger_timestamp: checkpoint.triggerMs,
      latest_ack_timestamp: Math.round(
        Math.max(checkpoint.triggerMs, ...acknowledged.map((phase) => phaseEnd(checkpoint, phase))),
      ),
      checkpointed_size: bytes,
      state_size: bytes,
      end_to_end_duration: Math.round(Math.min(nowMs, checkpoint.endMs) - checkpoint.triggerMs),
      alignment_buffered: 0,
      processed_data: 0,
      persisted_data: 0,
      num_subtasks: checkpoint.phases.length,
      num_acknowledged_subtasks: acknowledged.length,
      checkpoint_type: 'CHECKPOINT',
      tasks: {},
      discarded: false,
      ...(status === 'FAILED'
        ? { failure_timestamp: Math.round(checkpoint.endMs), failure_message: 'Checkpoint expired before completing.' }
        : { external_path: `s3://demo/${job.jobId}/chk-${checkpoint.id}` }),
    },
  };
}

function phaseEnd({ triggerMs }: SimCheckpoint, phase: SimCheckpoint['phases'][number]): number {
  return triggerMs + wholeMsOf(phase);
}

export function checkpointSubtasksBody(
  job: JobSim,
  checkpoint: SimCheckpoint,
  vertexId: string,
  nowMs: number,
): object {
  const phases = checkpoint.phases.filter((phase) => phase.vertexId === vertexId);
  return {
    id: checkpoint.id,
    status: checkpointBody(job, checkpoint, nowMs).status,
    num_subtasks: phases.length,
    subtasks: phases.map((phase) => {
      const endMs = phaseEnd(checkpoint, phase);
      if (endMs > Math.min(nowMs, checkpoint.endMs))
        return { className: 'pending', index: phase.subtask, status: 'pending_or_failed' };
      return {
        className: 'completed',
        index: phase.subtask,
        ack_timestamp: Math.round(endMs),
        end_to_end_duration: Math.round(endMs - checkpoint.triggerMs),
        checkpointed_size: Math.round(phase.stateBytes),
        state_size: Math.round(phase.stateBytes),
        checkpoint: { sync: Math.round(phase.syncMs), async: Math.round(phase.asyncMs) },
        alignment: { buffered: 0, processed: 0, persisted: 0, duration: Math.round(phase.alignmentMs) },
        start_delay: Math.round(phase.startDelayMs),
        unaligned_checkpoint: false,
        aborted: false,
        status: 'completed',
      };
    }),
  };
}

export function checkpointConfigBody({ spec }: JobSim): object {
  return {
    mode: 'exactly_once',
    interval: spec.checkpoints.intervalMs,
    timeout: spec.checkpoints.timeoutMs,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: true, delete_on_cancellation: false },
    state_backend: 'EmbeddedRocksDBStateBackend',
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: spec.checkpoints.tolerableFailures ?? 3,
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog: false,
    changelog_periodic_materialization_interval: 600000,
  };
}
