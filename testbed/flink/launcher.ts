import { join } from 'node:path';
import type { Jdk } from '../java.js';
import { classpath, jvmOpens } from './classpath.js';
import type { FlinkDist } from './download.js';
import type { TestbedJars } from './jars.js';
import { memoryFlags } from './memory-flags.js';
import { ManagedProcess } from '../managed-process.js';

export interface LauncherInput {
  dist: FlinkDist;
  jdk: Jdk;
  jars: TestbedJars;
  workDir: string;
  confDir: string;
  taskManagerJvmOptions: readonly string[];
}

/** Starts the JVMs of one cluster. */
export interface Launcher {
  jobManager: (more: FlinkOptions) => ManagedProcess;
  taskManager: (id: string, more: FlinkOptions) => ManagedProcess;
}

/** Settings of a single process, on top of the cluster's configuration file. */
export type FlinkOptions = Readonly<Record<string, string>>;

const JOB_MANAGER = 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint';
const TASK_MANAGER = 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner';

export async function prepareLauncher(input: LauncherInput): Promise<Launcher> {
  const { dist, jdk, confDir } = input;
  const [jobManager, taskManager] = await Promise.all([
    memoryFlags(dist, jdk, confDir, 'jobmanager'),
    memoryFlags(dist, jdk, confDir, 'taskmanager'),
  ]);
  return {
    jobManager: (more) => {
      const args = [JOB_MANAGER, '--configDir', confDir, '--executionMode', 'cluster'];
      return launch(input, 'jobmanager', jobManager.jvm, [...args, ...jobManager.dynamic, ...dashD(more)]);
    },
    taskManager: (id, more) => {
      const args = [TASK_MANAGER, '--configDir', confDir, ...taskManager.dynamic];
      const settings = dashD({ 'taskmanager.resource-id': id, ...more });
      return launch(input, id, [...taskManager.jvm, ...input.taskManagerJvmOptions], [...args, ...settings]);
    },
  };
}

function launch(input: LauncherInput, name: string, jvm: readonly string[], args: readonly string[]): ManagedProcess {
  const { dist, jdk, jars, workDir, confDir } = input;
  const logFile = join(workDir, 'log', `${name}.log`);
  const java = [
    ...jvm,
    ...jvmOpens,
    `-Dlog.file=${logFile}`,
    `-Dlog4j.configurationFile=file:${join(confDir, 'log4j.properties')}`,
    `-Djava.io.tmpdir=${join(workDir, 'tmp')}`,
    '-cp',
    classpath(dist, jars.runtime),
    'weir.testbed.runtime.Launch',
    ...args,
  ];
  const env = { ...process.env, FLINK_CONF_DIR: confDir, FLINK_PLUGINS_DIR: dist.plugins };
  return new ManagedProcess(name, logFile, jdk.java, java, { env });
}

function dashD(options: FlinkOptions): string[] {
  return Object.entries(options).flatMap(([key, value]) => ['-D', `${key}=${value}`]);
}
