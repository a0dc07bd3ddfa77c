import type { FlinkVersion } from '../../../collector/model/index.js';
import { attempt, type Attempt } from '../values/refusal.js';
import { deriveJobManagerMemory, type JobManagerMemory } from './job-manager-memory.js';
import type { Configuration } from '../values/configuration.js';
import type { Deployment } from './options.js';
import { deriveTaskManagerMemory, type TaskManagerMemory } from './task-manager-memory.js';

/**
 * The memory that Flink gives a TaskManager of this configuration, to the byte, or its refusal. Checked against vectors
 * of Flink's own classes, 1.13.6 to 2.3.0 (`fixtures/memory.json`).
 */
export function taskManagerMemory(
  configuration: Configuration,
  version: FlinkVersion,
  deployment: Deployment = 'standalone',
): Attempt<{ readonly memory: TaskManagerMemory; readonly slots: number }> {
  return attempt(() => deriveTaskManagerMemory(configuration, version, deployment));
}

/** The memory that Flink gives a JobManager of this configuration, to the byte, or its refusal. */
export function jobManagerMemory(
  configuration: Configuration,
  version: FlinkVersion,
  deployment: Deployment = 'standalone',
): Attempt<JobManagerMemory> {
  return attempt(() => deriveJobManagerMemory(configuration, version, deployment));
}
