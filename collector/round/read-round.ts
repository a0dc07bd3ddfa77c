import type { JobRecord } from '../history/job-record.js';
import { MAX_ENDED_JOBS_READ_PER_ROUND, MAX_JOBS_AT_ONCE } from '../limits.js';
import type { ReadFailure } from '../model/index.js';
import { wantsOverview } from '../plan/job-turns.js';
import { eachLimited } from './each-limited.js';
import { readClusterConfiguration } from './read-configuration.js';
import { readJobManager } from './read-job-manager.js';
import { readJob } from './read-job.js';
import { readTaskManagers } from './read-task-managers.js';
import { forJob, type RoundContext } from './round-context.js';

/**
 * Reads one cluster once. A cluster that does not answer costs one request per URL, because its jobs are asked first;
 * the failure is returned, and everything known before stays.
 */
export async function readRound(context: RoundContext): Promise<ReadFailure | undefined> {
  const { client, cluster, reporters, round } = context;
  const [jobs, reported] = await Promise.all([client.jobs(), reporters?.refresh()]);
  if (reported !== undefined) cluster.missing.note('reporters', reported);
  if (!jobs.ok) return fail(context, jobs.failure, jobs.atMs);
  if (wantsOverview(cluster.overview !== undefined && cluster.failure === undefined, round)) {
    const overview = await client.overview();
    if (!overview.ok) return fail(context, overview.failure, overview.atMs);
    cluster.setOverview(overview.value, overview.atMs);
  }
  cluster.noteRead(jobs.atMs);
  noteNewJobs(context, cluster.setJobs(jobs.value, jobs.atMs));
  noteGoneJobs(cluster.jobs, jobs.atMs);
  await Promise.all([
    readTaskManagers(context),
    readJobManager(context),
    readClusterConfiguration(context),
    eachLimited(jobsToRead(cluster.jobs), MAX_JOBS_AT_ONCE, async (job) => {
      if (context.signal.aborted) return;
      await readJob(forJob(context, job));
      context.handOver();
    }),
  ]);
  cluster.prune(context.clock.nowMs());
  return undefined;
}

function fail(context: RoundContext, failure: ReadFailure, atMs: number): ReadFailure {
  context.cluster.failure = failure;
  for (const job of context.cluster.jobs) if (job.endMs === undefined) job.addRound({ atMs, ok: false });
  return failure;
}

/** A job that goes on under a new id is told, so that nobody takes its fresh counters for a recovery. */
function noteNewJobs(context: RoundContext, added: readonly JobRecord[]): void {
  for (const job of added) {
    const before = context.cluster.predecessors(job).at(-1);
    if (before === undefined) continue;
    const { key } = forJob(context, job);
    context.batch.event(key, job.detail.startMs, 'new-job-id', `${before.jobId} → ${job.jobId}`);
  }
}

/**
 * A job that was running and is listed no more (a JobManager came back without it): nobody knows how it ended, so it keeps
 * its last state, and every round says that it could not be read.
 */
function noteGoneJobs(jobs: readonly JobRecord[], atMs: number): void {
  for (const job of jobs) {
    if (job.goneMs === undefined || job.isEnded) continue;
    job.addRound({ atMs, ok: false });
    const message = `The cluster lists job ${job.jobId} no more; what is shown is the last known.`;
    job.missing.note('/jobs/:jobid', { ok: false, failure: { kind: 'not-found', message }, atMs });
  }
}

/** Running jobs, then some of those that ended and were not read since. */
function jobsToRead(jobs: readonly JobRecord[]): readonly JobRecord[] {
  const listed = jobs.filter((job) => job.goneMs === undefined && !job.isComplete);
  const ended = listed.filter((job) => job.isEnded).sort((a, b) => b.detail.startMs - a.detail.startMs);
  return [...listed.filter((job) => !job.isEnded), ...ended.slice(0, MAX_ENDED_JOBS_READ_PER_ROUND)];
}
