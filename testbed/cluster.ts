import { onProcessEnd } from './cleanup.js';
import { clusterConfig, type FlinkConfig } from './flink/config.js';
import { fetchFlink } from './flink/download.js';
import { buildJars } from './flink/jars.js';
import { prepareLauncher, type FlinkOptions, type Launcher } from './flink/launcher.js';
import { freePorts } from './flink/ports.js';
import type { ManagedProcess } from './managed-process.js';
import { FlinkRest, type JobSubmission } from './flink/rest.js';
import { makeWorkDir, removeBulk, writeConfig } from './flink/workdir.js';
import { findJdk } from './java.js';
import type { FlinkRelease } from './versions.js';
import { waitFor } from './wait.js';

export interface ClusterOptions {
  release: FlinkRelease;
  /** Part of the work directory's name. */
  label?: string;
  taskManagers?: number;
  slotsPerTaskManager?: number;
  /** Total process memory of a TaskManager, as Flink writes sizes. */
  taskManagerMemory?: string;
  taskManagerJvmOptions?: readonly string[];
  /** Further or other configuration; `$WORK` in a value becomes the work directory. */
  config?: FlinkConfig;
  /** Switches Flink's Prometheus reporter on, one port per process. */
  prometheus?: boolean;
  say?: (line: string) => void;
}

export interface TaskManagerHandle {
  /** Also its id in Flink's REST interface. */
  id: string;
  pid: number;
  running: boolean;
  prometheusUrl?: string;
}

export interface Cluster {
  restUrl: string;
  rest: FlinkRest;
  /** Configuration and logs, kept after the cluster has stopped, and checkpoints, which are not. */
  workDir: string;
  jobManagerPid: number;
  /** The JobManager's Prometheus reporter, where reporters are switched on. */
  jobManagerPrometheusUrl?: string;
  taskManagers: () => TaskManagerHandle[];
  /** Ends a TaskManager as the kernel's out-of-memory killer would. */
  killTaskManager: (index: number) => Promise<void>;
  /** Lets a TaskManager run for that share of its time only, until it ends. */
  starveTaskManager: (index: number, share: number) => void;
  /** Starts one more TaskManager; does not wait for its registration. */
  startTaskManager: () => Promise<TaskManagerHandle>;
  /** Submits one of the testbed's jobs and returns its id. */
  submitJob: (submission: JobSubmission) => Promise<string>;
  cancelJob: (jobId: string) => Promise<void>;
  /** Throws, with the end of its log, when a process that should run has ended. */
  mustRun: () => void;
  stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const REPORTER_TIMEOUT_MS = 30_000;
const MOST_ATTEMPTS = 3;

/** Starts a standalone cluster on the loopback interface and returns once every slot is registered and every reporter answers. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  for (let attempt = 1; ; attempt++) {
    const cluster = await launchCluster(options);
    try {
      await waitForSlots(cluster, options);
      await waitForReporters(cluster);
      return cluster;
    } catch (error) {
      await cluster.stop();
      // A free port can be lost to another process before Flink binds it; anything else will not improve.
      if (attempt === MOST_ATTEMPTS || !/Address already in use|BindException/.test(String(error))) throw error;
    }
  }
}

async function launchCluster(options: ClusterOptions): Promise<Cluster> {
  const { release } = options;
  const jdk = await findJdk();
  const dist = await fetchFlink(release, options.say);
  const jars = await buildJars(dist, jdk);
  const workDir = makeWorkDir(`${release.version}-${options.label ?? 'cluster'}`);
  const [restPort, rpcPort] = await freePorts(2);
  const ofJobManager = await reporter(options);
  const config = clusterConfig({
    workDir,
    restPort: Number(restPort),
    rpcPort: Number(rpcPort),
    slotsPerTaskManager: options.slotsPerTaskManager ?? 2,
    taskManagerProcessMemory: options.taskManagerMemory ?? '1400m',
    // In the file, because the JobManager of 2.3 does not take reporters from its command line; a TaskManager's own port wins.
    extra: { ...withWorkDir(options.config ?? {}, workDir), ...ofJobManager.settings },
  });
  const confDir = writeConfig(workDir, release, config);
  const taskManagerJvmOptions = options.taskManagerJvmOptions ?? [];
  const launcher = await prepareLauncher({ dist, jdk, jars, workDir, confDir, taskManagerJvmOptions });
  return runCluster(
    launcher,
    options,
    workDir,
    { rest: `http://127.0.0.1:${restPort}`, prometheus: ofJobManager.url },
    jars.jobs,
  );
}

async function runCluster(
  launcher: Launcher,
  options: ClusterOptions,
  workDir: string,
  urls: { readonly rest: string; readonly prometheus: string | undefined },
  jar: string,
): Promise<Cluster> {
  const restUrl = urls.rest;
  const rest = new FlinkRest(restUrl);
  // Registered before the processes, so it runs after they have been killed.
  const forget = onProcessEnd(() => removeBulk(workDir));
  const jobManager = launcher.jobManager({});
  const taskManagers: { process: ManagedProcess; prometheusUrl?: string }[] = [];

  const startTaskManager = async (): Promise<TaskManagerHandle> => {
    const { settings, url } = await reporter(options);
    const process = launcher.taskManager(`tm-${taskManagers.length + 1}`, settings);
    const entry = { process, ...(url ? { prometheusUrl: url } : {}) };
    taskManagers.push(entry);
    return handleOf(entry);
  };
  for (let i = 0; i < (options.taskManagers ?? 2); i++) await startTaskManager();

  const killed = new Set<ManagedProcess>();
  const taskManager = (index: number): ManagedProcess => {
    const found = taskManagers[index]?.process;
    if (!found) throw new Error(`no TaskManager ${index}: there are ${taskManagers.length}`);
    return found;
  };
  return {
    restUrl,
    rest,
    workDir,
    jobManagerPid: jobManager.pid,
    ...(urls.prometheus === undefined ? {} : { jobManagerPrometheusUrl: urls.prometheus }),
    taskManagers: () => taskManagers.map(handleOf),
    startTaskManager,
    killTaskManager: async (index) => {
      const victim = taskManager(index);
      killed.add(victim);
      await victim.kill();
    },
    starveTaskManager: (index, share) => taskManager(index).runOnlyFor(share),
    submitJob: (submission) => rest.submit(jar, submission),
    cancelJob: rest.cancel,
    mustRun: () => {
      for (const process of [jobManager, ...taskManagers.map((tm) => tm.process)]) {
        if (!killed.has(process)) process.mustRun();
      }
    },
    stop: async () => {
      await Promise.all([...taskManagers.map((tm) => tm.process.stop()), jobManager.stop()]);
      forget();
      removeBulk(workDir);
    },
  };
}

function handleOf(entry: { process: ManagedProcess; prometheusUrl?: string }): TaskManagerHandle {
  const { process, ...urls } = entry;
  return { id: process.name, pid: process.pid, running: process.running, ...urls };
}

async function waitForSlots(cluster: Cluster, options: ClusterOptions): Promise<void> {
  const slots = (options.taskManagers ?? 2) * (options.slotsPerTaskManager ?? 2);
  await waitFor(async () => ((await cluster.rest.overview())['slots-total'] === slots ? true : undefined), {
    what: `Flink ${options.release.version} at ${cluster.restUrl} offers ${slots} slots (logs in ${cluster.workDir}/log)`,
    timeoutMs: START_TIMEOUT_MS,
    stillPossible: cluster.mustRun,
  });
}

/** Flink only logs that it could not listen on a reporter's port, and runs without. */
async function waitForReporters(cluster: Cluster): Promise<void> {
  const urls = [cluster.jobManagerPrometheusUrl, ...cluster.taskManagers().map(({ prometheusUrl }) => prometheusUrl)];
  for (const url of urls) {
    if (url === undefined) continue;
    await waitFor(async () => ((await fetch(url)).ok ? true : undefined), {
      what: `the reporter at ${url} answers (Address already in use? logs in ${cluster.workDir}/log)`,
      timeoutMs: REPORTER_TIMEOUT_MS,
      stillPossible: cluster.mustRun,
    });
  }
}

async function reporter(options: ClusterOptions): Promise<{ settings: FlinkOptions; url?: string }> {
  if (!options.prometheus) return { settings: {} };
  const [port] = await freePorts(1);
  const settings = {
    'metrics.reporter.prom.factory.class': 'org.apache.flink.metrics.prometheus.PrometheusReporterFactory',
    'metrics.reporter.prom.port': String(port),
  };
  return { settings, url: `http://127.0.0.1:${port}/metrics` };
}

function withWorkDir(config: FlinkConfig, workDir: string): FlinkConfig {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value.replace('$WORK', workDir)]));
}
