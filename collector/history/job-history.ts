import { defined, type JobHistory } from '../model/index.js';
import type { ClusterRecord } from './cluster-record.js';
import type { JobRecord } from './job-record.js';

/** What all jobs of a cluster share, brought together once. */
type Shared = Pick<JobHistory, 'taskManagers' | 'clusterSamples'>;

const sharedOf = (cluster: ClusterRecord): Shared => ({
  taskManagers: cluster.taskManagers.map((manager) => manager.toHistory()),
  clusterSamples: [...cluster.samples],
});

/**
 * One job as the analyzer sees it. States, restarts and exceptions of earlier jobs of the same name come first: the
 * identity is cluster and name, a new job id is a new deployment of the same job. Samples are never mixed.
 */
export function toJobHistory(cluster: ClusterRecord, job: JobRecord, shared = sharedOf(cluster)): JobHistory {
  const line = [...cluster.predecessors(job), job];
  return defined<JobHistory>({
    cluster: cluster.name,
    reachable: cluster.failure === undefined,
    failure: cluster.failure,
    flinkVersion: cluster.overview?.flinkVersion,
    jobId: job.jobId,
    jobName: job.name,
    detail: job.detail,
    edges: job.edges,
    vertices: job.vertices.map((summary) => job.vertex(summary.vertexId).toHistory(summary)),
    states: line.flatMap((one) => one.states.all()),
    restarts: line.flatMap((one) => one.restarts),
    exceptions: line.flatMap((one) => one.exceptions.all()),
    checkpointConfig: job.checkpointConfig,
    resourceRequirements: job.resourceRequirements,
    rescales: job.rescales,
    checkpointCounts: job.checkpoints.counts,
    checkpoints: job.checkpoints.all(),
    ...shared,
    jobsOnCluster: cluster.jobsRunning,
    configuration: { ...cluster.configuration, ...job.configuration },
    rounds: [...job.rounds],
    missing: [...cluster.missing.all(), ...job.missing.all()],
    simulated: cluster.simulated,
  });
}

/** All jobs of a cluster, those whose place a later one of the same name has taken left out. */
export function toJobHistories(cluster: ClusterRecord, nowMs: number): readonly JobHistory[] {
  const shared = sharedOf(cluster);
  return cluster.jobs
    .filter((job) => !job.isExpired(nowMs) && !cluster.isSuperseded(job))
    .map((job) => toJobHistory(cluster, job, shared));
}
