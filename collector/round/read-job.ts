import { toCount } from '../flink/decode/fields.decode.js';
import type { JobDetail } from '../model/index.js';
import { isEnded, wantsExceptions } from '../plan/job-turns.js';
import { jobFigures } from './job-figures.js';
import { readCheckpoints } from './read-checkpoints.js';
import { readJobConfiguration } from './read-configuration.js';
import { readVertices } from './read-vertices.js';
import type { JobContext } from './round-context.js';

/** One round of one job. Failures are noted in its record; nothing is thrown for them. */
export async function readJob(context: JobContext): Promise<void> {
  const { client, job, batch, key } = context;
  const round = job.roundsRead;
  const before = job.detail;
  const reading = job.missing.note('/jobs/:jobid', await client.job(job.jobId));
  job.addRound({ atMs: reading.atMs, ok: reading.ok });
  if (!reading.ok) return;
  const changes = job.setDetail(reading.value, reading.atMs);
  batch.states(key, changes);
  const hasEnded = isEnded(reading.value.state);
  const [hasRestarted] = await Promise.all([
    hasEnded ? false : readRestarts(context),
    readVertices(context),
    readCheckpoints(context),
    readJobConfiguration(context, round > 0 && isNewRun(before, reading.value)),
  ]);
  const hasMoved = hasRestarted || changes.length > 0;
  if (wantsExceptions({ jobId: job.jobId, state: reading.value.state, round, hasMoved })) await readExceptions(context);
  const nowMs = context.clock.nowMs();
  batch.job(key, nowMs, reading.value.state, jobFigures(job, nowMs));
  job.roundsRead += 1;
  job.isComplete = hasEnded;
}

/** The job entered RUNNING again: it may have come back with other settings. */
const isNewRun = (before: JobDetail, after: JobDetail): boolean =>
  after.stateSinceMs.RUNNING !== before.stateSinceMs.RUNNING;

async function readRestarts(context: JobContext): Promise<boolean> {
  const { client, job, batch, key } = context;
  const reading = job.missing.note('/jobs/:jobid/metrics', await client.jobMetrics(job.jobId, ['numRestarts']));
  if (!reading.ok) return false;
  const restarts = toCount(reading.value.get('numRestarts'));
  if (restarts === undefined) return false;
  const hasGrown = job.addRestarts({ atMs: reading.atMs, restarts });
  if (hasGrown) batch.event(key, reading.atMs, 'restart', `restart ${restarts}`);
  return hasGrown;
}

async function readExceptions(context: JobContext): Promise<void> {
  const { client, job, batch, key } = context;
  const reading = job.missing.note('/jobs/:jobid/exceptions', await client.exceptions(job.jobId));
  if (reading.ok) batch.exceptions(key, job.exceptions.add(reading.value));
}
