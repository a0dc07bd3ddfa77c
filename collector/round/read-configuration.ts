import { capabilitiesOf } from '../flink/capabilities.js';
import type { Configuration } from '../flink/decode/configuration.decode.js';
import type { JobConfig } from '../flink/decode/job-config.decode.js';
import type { ClusterRecord } from '../history/cluster-record.js';
import { hasCheckpointPages, ROUNDS_BETWEEN_CONFIGURATIONS } from '../plan/job-turns.js';
import { checkpointOptions, configurationText, requirementOptions } from './job-changes.js';
import { isAdaptive, readRescaling } from './read-rescaling.js';
import type { JobContext, RoundContext } from './round-context.js';

const isDue = (lastRound: number | undefined, round: number): boolean =>
  lastRound === undefined || round - lastRound >= ROUNDS_BETWEEN_CONFIGURATIONS;

/** The cluster's configuration: at first sight, then now and then, because a JobManager may come back with another one. */
export async function readClusterConfiguration(context: RoundContext): Promise<void> {
  const { client, cluster, round } = context;
  if (!isDue(cluster.configurationRound, round)) return;
  const reading = cluster.missing.note('/jobmanager/config', await client.configuration());
  if (!reading.ok) return;
  cluster.configuration = reading.value;
  cluster.configurationRound = round;
}

/** A job's own settings: at first sight, after a restart, then now and then. */
export async function readJobConfiguration(context: JobContext, hasMoved: boolean): Promise<void> {
  const { client, cluster, job } = context;
  if (!hasCheckpointPages(job.detail.state)) return;
  if (!hasMoved && !isDue(job.configurationRound, job.roundsRead)) return;
  const version = cluster.overview?.flinkVersion;
  const hasOwnOptions = version !== undefined && capabilitiesOf(version).jobManagerConfigOfJob;
  const [checkpointConfig, jobConfig, options] = await Promise.all([
    client.checkpointConfig(job.jobId),
    client.jobConfig(job.jobId),
    hasOwnOptions ? client.jobConfiguration(job.jobId) : undefined,
  ]);
  job.missing.note('/jobs/:jobid/checkpoints/config', checkpointConfig);
  job.missing.note('/jobs/:jobid/config', jobConfig);
  if (checkpointConfig.ok) job.checkpointConfig = checkpointConfig.value;
  if (!jobConfig.ok) return;
  // Archived and application-mode clusters may lack the page; the cluster's own configuration then stands alone.
  job.configuration = { ...(options?.ok === true ? options.value : {}), ...asOptions(jobConfig.value) };
  job.configurationRound = job.roundsRead;
  // From 1.16 on the job's options hold those of the cluster; before, these stand beside them.
  const all = options === undefined ? clusterOptions(cluster) : options.ok ? options.value : undefined;
  if (all === undefined) return;
  const isWhole = !isAdaptive(all) || (version !== undefined && (await readRescaling(context, version)));
  if (checkpointConfig.ok && isWhole) noteSettings(context, all, jobConfig.atMs);
}

/** Only what was read whole is compared: a page that fails once is no change. */
function noteSettings({ job, batch, key }: JobContext, options: Configuration, atMs: number): void {
  const settings = {
    ...options,
    ...job.configuration,
    ...checkpointOptions(job.checkpointConfig),
    ...requirementOptions(job.resourceRequirements, job.vertices),
  };
  const text = job.settings === undefined ? undefined : configurationText(job.settings, settings);
  if (text !== undefined) batch.event(key, atMs, 'configuration', text);
  job.settings = settings;
}

const clusterOptions = ({ configuration, configurationRound }: ClusterRecord): Configuration | undefined =>
  configurationRound === undefined ? undefined : configuration;

/**
 * What the job's code has set, under the option that would set the same. The restart strategy is a sentence, so it
 * keeps its own name, which is no option of Flink's.
 */
function asOptions(config: JobConfig): Readonly<Record<string, string>> {
  return {
    ...(config.parallelism === undefined ? {} : { 'parallelism.default': String(config.parallelism) }),
    ...(config.objectReuse === undefined ? {} : { 'pipeline.object-reuse': String(config.objectReuse) }),
    ...(config.restartStrategy === undefined ? {} : { 'execution-config.restart-strategy': config.restartStrategy }),
  };
}
