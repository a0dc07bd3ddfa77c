import { toCount } from '../flink/decode/fields.decode.js';
import type { JobDetail, StateChange } from '../model/index.js';
import {
  isEnded,
  JOB_METRIC_IDS,
  wantsCheckpoints,
  wantsExceptions,
  type CheckpointCounters,
} from '../plan/job-turns.js';
import { isPageDue } from '../plan/page-turns.js';
import { failureEvent, rescaleText, withParallelisms } from './job-changes.js';
import { jobFigures } from './job-figures.js';
import { readCheckpoints } from './read-checkpoints.js';
import { readJobConfiguration } from './read-configuration.js';
import { readVertices } from './read-vertices.js';
import type { JobContext } from './round-context.js';

/** One round of one job. Failures are noted in its record; nothing is thrown for them. */
export async function readJob(context: JobContext): Promise<void> {
  const { job, batch, key } = context;
  const round = job.roundsRead;
  const { detail: before, pageReadMs } = job;
  inherit(context);
  const changes = await readPage(context);
  if (changes === undefined) return;
  const { detail } = job;
  const hasEnded = isEnded(detail.state);
  const counters = hasEnded ? Promise.resolve({ hasRestarted: false }) : readCounters(context);
  const [{ hasRestarted }] = await Promise.all([
    counters,
    readVertices(context),
    counters.then((read) => readCheckpointsIfChanged(context, round, read, changes.length > 0)),
    readJobConfiguration(context, round > 0 && isNewRun(before, detail)),
  ]);
  const hasMoved = hasRestarted || changes.length > 0;
  const hasReadPage = job.pageReadMs !== pageReadMs;
  if (wantsExceptions({ state: detail.state, round, hasMoved, hasReadPage })) await readExceptions(context);
  const nowMs = context.clock.nowMs();
  batch.job(key, nowMs, detail.state, jobFigures(job, nowMs));
  job.roundsRead += 1;
  job.isComplete = hasEnded;
}

/** What has changed by the job's own page, unless that still stands; undefined when it could not be read. */
async function readPage(context: JobContext): Promise<readonly StateChange[] | undefined> {
  const { client, cluster, job, batch, key, clock, beatMs } = context;
  const nowMs = clock.nowMs();
  const { jobId, pageReadMs: readMs, changedMs } = job;
  if (job.detail.state === 'RUNNING' && !isPageDue({ jobId, readMs, changedMs, nowMs, beatMs })) {
    job.addRound({ atMs: cluster.lastReadMs ?? nowMs, ok: true });
    return [];
  }
  const reading = job.missing.note('/jobs/:jobid', await client.job(job.jobId));
  job.addRound({ atMs: reading.atMs, ok: reading.ok });
  if (!reading.ok) return undefined;
  const changes = job.setDetail(reading.value, reading.atMs);
  batch.states(key, changes);
  noteRescale(context, reading.atMs);
  noteVersion(context, reading.atMs);
  return changes;
}

/** The job entered RUNNING again: it may have come back with other settings. */
const isNewRun = (before: JobDetail, after: JobDetail): boolean =>
  after.stateSinceMs.RUNNING !== before.stateSinceMs.RUNNING;

interface Counters {
  readonly hasRestarted: boolean;
  readonly checkpoints?: CheckpointCounters;
}

/** The counters that Flink has of the job itself. */
async function readCounters(context: JobContext): Promise<Counters> {
  const { client, job, batch, key } = context;
  const reading = job.missing.note('/jobs/:jobid/metrics', await client.jobMetrics(job.jobId, JOB_METRIC_IDS));
  if (!reading.ok) return { hasRestarted: false };
  const restarts = toCount(reading.value.get('numRestarts'));
  const hasRestarted = restarts !== undefined && job.addRestarts({ atMs: reading.atMs, restarts });
  if (hasRestarted) batch.event(key, reading.atMs, 'restart', `restart ${restarts}`);
  const completed = toCount(reading.value.get('numberOfCompletedCheckpoints'));
  const failed = toCount(reading.value.get('numberOfFailedCheckpoints'));
  const inProgress = toCount(reading.value.get('numberOfInProgressCheckpoints'));
  if (completed === undefined || failed === undefined || inProgress === undefined) return { hasRestarted };
  return { hasRestarted, checkpoints: { completed, failed, inProgress } };
}

async function readCheckpointsIfChanged(
  context: JobContext,
  round: number,
  { checkpoints, hasRestarted }: Counters,
  hasChanged: boolean,
): Promise<void> {
  const { job } = context;
  if (wantsCheckpoints(round, job.checkpointCounters, checkpoints, hasChanged || hasRestarted))
    await readCheckpoints(context);
  job.checkpointCounters = checkpoints;
}

async function readExceptions(context: JobContext): Promise<void> {
  const { client, job, batch, key } = context;
  const reading = job.missing.note('/jobs/:jobid/exceptions', await client.exceptions(job.jobId));
  if (!reading.ok) return;
  const added = job.exceptions.add(reading.value);
  batch.exceptions(key, added);
  for (const exception of added) batch.happened(key, failureEvent(exception));
}

/** A new run of a job begins with what is known of the one before: what is otherwise now was changed in between. */
function inherit({ cluster, job }: JobContext): void {
  if (job.roundsRead > 0 || job.parallelisms !== undefined) return;
  const before = cluster.predecessors(job).at(-1);
  job.parallelisms = before?.parallelisms ?? new Map();
  job.settings = before?.settings;
  job.flinkVersion = before?.flinkVersion;
}

function noteRescale({ job, batch, key }: JobContext, atMs: number): void {
  const before = job.parallelisms ?? new Map<string, number>();
  const text = rescaleText(before, job.vertices);
  if (text !== undefined) batch.event(key, atMs, 'rescale', text);
  job.parallelisms = withParallelisms(before, job.vertices);
}

function noteVersion({ cluster, job, batch, key }: JobContext, atMs: number): void {
  const now = cluster.overview?.flinkVersion.text;
  if (now === undefined || now === job.flinkVersion) return;
  if (job.flinkVersion !== undefined) batch.event(key, atMs, 'version', `${job.flinkVersion} → ${now}`);
  job.flinkVersion = now;
}
