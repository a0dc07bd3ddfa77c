import type { JobRecord } from '../history/job-record.js';
import { defined } from '../model/index.js';
import type { JobMetric } from '../store/series-metrics.js';
import type { Figures } from '../store/series-store.js';

/** The job's own figures at `nowMs`, for the series. */
export function jobFigures(job: JobRecord, nowMs: number): Figures<JobMetric> {
  const completed = job.checkpoints.lastCompleted();
  const completedMs = completed?.latestAckMs ?? completed?.triggerMs;
  return defined<Figures<JobMetric>>({
    lagRecords: lagRecords(job),
    restarts: job.restarts.at(-1)?.restarts,
    checkpointAgeMs: completedMs === undefined ? undefined : Math.max(0, nowMs - completedMs),
    checkpointDurationMs: completed?.durationMs,
    checkpointSizeBytes: completed?.checkpointedSizeBytes ?? completed?.stateSizeBytes,
  });
}

/** Records known to all source readers and not yet read; undefined when no reader tells. */
function lagRecords(job: JobRecord): number | undefined {
  const pending = job.vertices.flatMap(
    ({ vertexId, parallelism = 0 }) => job.vertex(vertexId).pendingRecords(parallelism) ?? [],
  );
  return pending.length === 0 ? undefined : pending.reduce((sum, records) => sum + records, 0);
}
