import type {
  CheckpointConfig,
  CheckpointStats,
  CheckpointSubtask,
  ClusterOverview,
  JobDetail,
  JobSummary,
  ParallelismRange,
  Reading,
  Rescale,
  TaskManager,
  VertexDetail,
} from '../model/index.js';
import { parseJson, type Decoded } from './decode/body.decode.js';
import { decodeCheckpointConfig } from './decode/checkpoint-config.decode.js';
import { decodeCheckpointDetails, type CheckpointDetails } from './decode/checkpoint-details.decode.js';
import { decodeCheckpointSubtasks } from './decode/checkpoint-subtasks.decode.js';
import { decodeCheckpoints } from './decode/checkpoints.decode.js';
import { decodeClusterConfig, type ClusterConfig } from './decode/cluster-config.decode.js';
import { decodeConfiguration, type Configuration } from './decode/configuration.decode.js';
import { decodeExceptions, type JobExceptions } from './decode/exceptions.decode.js';
import { decodeJobConfig, type JobConfig } from './decode/job-config.decode.js';
import { decodeJob } from './decode/job.decode.js';
import { decodeJobsOverview } from './decode/jobs-overview.decode.js';
import {
  decodeMetricIds,
  decodeMetricSummaries,
  decodeMetricValues,
  type MetricSummaries,
  type MetricValues,
} from './decode/metrics.decode.js';
import { decodeOverview } from './decode/overview.decode.js';
import { decodeRescales, decodeResourceRequirements } from './decode/rescaling.decode.js';
import { decodeTaskManagerDetails, decodeTaskManagers, type TaskManagerDetails } from './decode/taskmanager.decode.js';
import { decodeVertex } from './decode/vertex.decode.js';
import { failure, showUrl } from './failures.js';
import { metricPaths } from './metric-chunks.js';
import type { Endpoint } from './paths.js';
import { createTransport, type FlinkClientOptions, type Pace, type Transport } from './transport.js';

export type { FlinkAuth } from './auth.js';
export type { FlinkClientOptions, FlinkTls, Pace, Transport } from './transport.js';

/** One Flink cluster's REST, read only. Every method brings a `Reading`; none rejects for what the cluster does. */
export interface FlinkClient {
  /** The base URL in use, as it may be shown. */
  readonly url: string;
  clusterConfig(): Promise<Reading<ClusterConfig>>;
  overview(): Promise<Reading<ClusterOverview>>;
  jobs(): Promise<Reading<readonly JobSummary[]>>;
  job(jobId: string): Promise<Reading<JobDetail>>;
  vertex(jobId: string, vertexId: string): Promise<Reading<VertexDetail>>;
  /** `undefined`: this job takes no checkpoints (Flink answers 404). */
  checkpoints(jobId: string): Promise<Reading<CheckpointStats | undefined>>;
  checkpointConfig(jobId: string): Promise<Reading<CheckpointConfig | undefined>>;
  checkpoint(jobId: string, checkpointId: number): Promise<Reading<CheckpointDetails>>;
  checkpointSubtasks(
    jobId: string,
    checkpointId: number,
    vertexId: string,
  ): Promise<Reading<readonly CheckpointSubtask[]>>;
  exceptions(jobId: string): Promise<Reading<JobExceptions>>;
  jobMetrics(jobId: string, ids: readonly string[]): Promise<Reading<MetricValues>>;
  /** Whether `vertex` would be answered without a request to Flink; never where it is missing. */
  knowsSubtasks?(jobId: string, vertexId: string): boolean;
  /** Ids are `<subtask>.<name>`; asked in as few requests as the request line allows. */
  vertexMetrics(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricValues>>;
  /** Names of the metrics that any subtask of the vertex has, without the subtask's number. */
  vertexMetricIds(jobId: string, vertexId: string): Promise<Reading<readonly string[]>>;
  /** Metrics over all subtasks, in one small answer; no entries at all when one of them is not there yet. */
  vertexSummaries(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricSummaries>>;
  /** The same, always from Flink itself, which has more than what a reporter is read for. */
  operatorSummaries(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricSummaries>>;
  jobManagerMetrics(ids: readonly string[]): Promise<Reading<MetricValues>>;
  taskManagers(): Promise<Reading<readonly TaskManager[]>>;
  taskManager(taskManagerId: string): Promise<Reading<TaskManagerDetails>>;
  taskManagerMetrics(taskManagerId: string, ids: readonly string[]): Promise<Reading<MetricValues>>;
  configuration(): Promise<Reading<Configuration>>;
  /** From 1.16 on. */
  jobConfiguration(jobId: string): Promise<Reading<Configuration>>;
  jobConfig(jobId: string): Promise<Reading<JobConfig>>;
  /** Adaptive scheduler only, from 1.18 on; others answer 500. By vertex id. */
  resourceRequirements(jobId: string): Promise<Reading<ReadonlyMap<string, ParallelismRange>>>;
  /** Adaptive scheduler only, from 2.3 on; `undefined`: its history is switched off (Flink answers 404). Oldest first. */
  rescales(jobId: string): Promise<Reading<readonly Rescale[] | undefined>>;
  /** Every request from now on waits for `pace` first; for the collector, which owns the budget. */
  setPace(pace: Pace): void;
  close(): Promise<void>;
}

export function createFlinkClient(options: FlinkClientOptions): FlinkClient {
  return new RestFlinkClient(createTransport(options));
}

/** The same over another way to get Flink's texts: a recording, or the simulated cluster in this process. */
export function createFlinkClientOver(transport: Transport): FlinkClient {
  return new RestFlinkClient(transport);
}

/** What a summary is read for. Without it Flink sends the skew as well (1.20 and later): a seventh of the bytes, no CPU to be seen (docs/benchmarks.md). */
export const SUMMARY_QUERY = '&agg=min,max,avg,sum';

type Decode<T> = (body: unknown, atMs: number) => Decoded<T>;

/** Flink's REST, one request a reading. */
export class RestFlinkClient implements FlinkClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get url(): string {
    return this.#transport.url;
  }

  clusterConfig(): Promise<Reading<ClusterConfig>> {
    return this.#read('/config', '/config', decodeClusterConfig);
  }

  overview(): Promise<Reading<ClusterOverview>> {
    return this.#read('/overview', '/overview', decodeOverview);
  }

  jobs(): Promise<Reading<readonly JobSummary[]>> {
    return this.#read('/jobs/overview', '/jobs/overview', decodeJobsOverview);
  }

  job(jobId: string): Promise<Reading<JobDetail>> {
    return this.#read('/jobs/:jobid', `/jobs/${jobId}`, decodeJob);
  }

  vertex(jobId: string, vertexId: string): Promise<Reading<VertexDetail>> {
    return this.#read('/jobs/:jobid/vertices/:vertexid', `/jobs/${jobId}/vertices/${vertexId}`, decodeVertex);
  }

  async checkpoints(jobId: string): Promise<Reading<CheckpointStats | undefined>> {
    return noneIfNotFound(
      await this.#read('/jobs/:jobid/checkpoints', `/jobs/${jobId}/checkpoints`, decodeCheckpoints),
    );
  }

  async checkpointConfig(jobId: string): Promise<Reading<CheckpointConfig | undefined>> {
    return noneIfNotFound(
      await this.#read('/jobs/:jobid/checkpoints/config', `/jobs/${jobId}/checkpoints/config`, decodeCheckpointConfig),
    );
  }

  checkpoint(jobId: string, checkpointId: number): Promise<Reading<CheckpointDetails>> {
    const path = `/jobs/${jobId}/checkpoints/details/${checkpointId}`;
    return this.#read('/jobs/:jobid/checkpoints/details/:checkpointid', path, decodeCheckpointDetails);
  }

  checkpointSubtasks(
    jobId: string,
    checkpointId: number,
    vertexId: string,
  ): Promise<Reading<readonly CheckpointSubtask[]>> {
    const path = `/jobs/${jobId}/checkpoints/details/${checkpointId}/subtasks/${vertexId}`;
    return this.#read('/jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid', path, (body) =>
      decodeCheckpointSubtasks(body, vertexId),
    );
  }

  exceptions(jobId: string): Promise<Reading<JobExceptions>> {
    return this.#read('/jobs/:jobid/exceptions', `/jobs/${jobId}/exceptions`, decodeExceptions);
  }

  jobMetrics(jobId: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    return this.#readMetrics('/jobs/:jobid/metrics?get', `/jobs/${jobId}/metrics`, ids);
  }

  vertexMetrics(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    const path = `/jobs/${jobId}/vertices/${vertexId}/metrics`;
    return this.#readMetrics('/jobs/:jobid/vertices/:vertexid/metrics?get', path, ids);
  }

  vertexMetricIds(jobId: string, vertexId: string): Promise<Reading<readonly string[]>> {
    const path = `/jobs/${jobId}/vertices/${vertexId}/subtasks/metrics`;
    return this.#read('/jobs/:jobid/vertices/:vertexid/subtasks/metrics', path, decodeMetricIds);
  }

  jobManagerMetrics(ids: readonly string[]): Promise<Reading<MetricValues>> {
    return this.#readMetrics('/jobmanager/metrics?get', '/jobmanager/metrics', ids);
  }

  taskManagers(): Promise<Reading<readonly TaskManager[]>> {
    return this.#read('/taskmanagers', '/taskmanagers', decodeTaskManagers);
  }

  taskManager(taskManagerId: string): Promise<Reading<TaskManagerDetails>> {
    const path = `/taskmanagers/${encodeURIComponent(taskManagerId)}`;
    return this.#read('/taskmanagers/:taskmanagerid', path, decodeTaskManagerDetails);
  }

  taskManagerMetrics(taskManagerId: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    const path = `/taskmanagers/${encodeURIComponent(taskManagerId)}/metrics`;
    return this.#readMetrics('/taskmanagers/:taskmanagerid/metrics?get', path, ids);
  }

  configuration(): Promise<Reading<Configuration>> {
    return this.#read('/jobmanager/config', '/jobmanager/config', decodeConfiguration);
  }

  jobConfiguration(jobId: string): Promise<Reading<Configuration>> {
    const path = `/jobs/${jobId}/jobmanager/config`;
    return this.#read('/jobs/:jobid/jobmanager/config', path, decodeConfiguration);
  }

  jobConfig(jobId: string): Promise<Reading<JobConfig>> {
    return this.#read('/jobs/:jobid/config', `/jobs/${jobId}/config`, decodeJobConfig);
  }

  resourceRequirements(jobId: string): Promise<Reading<ReadonlyMap<string, ParallelismRange>>> {
    const path = `/jobs/${jobId}/resource-requirements`;
    return this.#read('/jobs/:jobid/resource-requirements', path, decodeResourceRequirements);
  }

  async rescales(jobId: string): Promise<Reading<readonly Rescale[] | undefined>> {
    const path = `/jobs/${jobId}/rescales/history`;
    return noneIfNotFound(await this.#read('/jobs/:jobid/rescales/history', path, decodeRescales));
  }

  setPace(pace: Pace): void {
    this.#transport.setPace(pace);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  vertexSummaries(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricSummaries>> {
    return this.operatorSummaries(jobId, vertexId, ids);
  }

  async operatorSummaries(jobId: string, vertexId: string, ids: readonly string[]): Promise<Reading<MetricSummaries>> {
    const endpoint = '/jobs/:jobid/vertices/:vertexid/subtasks/metrics?get';
    const path = `/jobs/${jobId}/vertices/${vertexId}/subtasks/metrics`;
    const paths = metricPaths(path, ids, this.#transport.prefixBytes + SUMMARY_QUERY.length);
    const read = (chunk: string): Promise<Reading<MetricSummaries>> =>
      this.#read(endpoint, chunk + SUMMARY_QUERY, decodeMetricSummaries);
    return merged(await Promise.all(paths.map(read)));
  }

  async #readMetrics(endpoint: Endpoint, path: string, ids: readonly string[]): Promise<Reading<MetricValues>> {
    const paths = metricPaths(path, ids, this.#transport.prefixBytes);
    const readings = await Promise.all(paths.map((chunk) => this.#read(endpoint, chunk, decodeMetricValues)));
    return merged(readings);
  }

  async #read<T>(endpoint: Endpoint, path: string, decode: Decode<T>): Promise<Reading<T>> {
    const reading = await this.#transport.read(endpoint, path);
    if (!reading.ok) return reading;
    const json = parseJson(reading.value);
    const decoded = json.ok ? decode(json.value, reading.atMs) : json;
    if (decoded.ok) return { ok: true, value: decoded.value, atMs: reading.atMs };
    const at = showUrl(this.#transport.url + path);
    const message = `${at} answered in a form no known Flink version uses (${decoded.problem}): is this Flink's REST, and not cut off by a proxy?`;
    return { ok: false, failure: failure('malformed', message), atMs: reading.atMs };
  }
}

/** What several requests brought, as if one had; the first failure is that of all. */
function merged<V>(readings: readonly Reading<ReadonlyMap<string, V>>[]): Reading<ReadonlyMap<string, V>> {
  const [only] = readings;
  // The usual case, for every vertex in every beat.
  if (only !== undefined && readings.length === 1) return only;
  const values = new Map<string, V>();
  let atMs = 0;
  for (const reading of readings) {
    if (!reading.ok) return reading;
    for (const [id, value] of reading.value) values.set(id, value);
    atMs = reading.atMs;
  }
  return { ok: true, value: values, atMs };
}

function noneIfNotFound<T>(reading: Reading<T>): Reading<T | undefined> {
  if (reading.ok || reading.failure.kind !== 'not-found') return reading;
  return { ok: true, value: undefined, atMs: reading.atMs };
}
