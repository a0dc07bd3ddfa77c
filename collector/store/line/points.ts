import type { IPoint } from 'influx';
import { JOB_STATES, type JobState } from '../../model/index.js';
import type { Figures, JobKey, JobRow, StoredBatch } from '../series-store.js';
import { toTag } from './text.js';

/** Measurements of samples; each figure is a field of its own. */
export const SUBTASK = 'weir_subtask';
export const VERTEX = 'weir_vertex';
export const TASK_MANAGER = 'weir_task_manager';
export const JOB = 'weir_job';
export const SAMPLE_MEASUREMENTS = [SUBTASK, VERTEX, TASK_MANAGER, JOB] as const;
/** Field of a job's state: its place in `JOB_STATES`, to which words are only ever appended. */
export const STATE = 'state';

/** The samples of a batch that are not older than `oldestMs`, in milliseconds. A server would take back the whole request for one old point. */
export function samplePoints(batch: StoredBatch, oldestMs: number): IPoint[] {
  const points: IPoint[] = [];
  const add = (
    measurement: string,
    atMs: number,
    tags: Record<string, string>,
    fields: Record<string, number>,
  ): void => {
    if (atMs >= oldestMs && Object.keys(fields).length > 0)
      points.push({ measurement, tags, fields, timestamp: String(Math.round(atMs)) });
  };
  for (const row of batch.subtasks)
    add(SUBTASK, row.atMs, { ...jobTags(row), vertex_id: toTag(row.vertexId), subtask: String(row.subtask) }, finite(row.figures)); // prettier-ignore
  for (const row of batch.vertices)
    add(VERTEX, row.atMs, { ...jobTags(row), vertex_id: toTag(row.vertexId) }, finite(row.figures));
  for (const row of batch.taskManagers)
    add(TASK_MANAGER, row.atMs, { cluster: toTag(row.cluster), task_manager_id: toTag(row.taskManagerId) }, finite(row.figures)); // prettier-ignore
  for (const row of batch.jobs)
    add(JOB, row.atMs, jobTags(row), { ...finite(row.figures), [STATE]: stateNumber(row.state) });
  return points;
}

export const jobTags = ({ cluster, jobName, jobId }: JobKey): Record<string, string> => ({
  cluster: toTag(cluster),
  job_name: toTag(jobName),
  job_id: toTag(jobId),
});

const stateNumber = (state: JobRow['state']): number => JOB_STATES.indexOf(state);
export const stateOf = (number: number | undefined): JobState => JOB_STATES[number ?? -1] ?? 'UNKNOWN';

/** One server refuses a number that is none, the other takes it silently. */
function finite(figures: Figures<string>): Record<string, number> {
  const fields: Record<string, number> = {};
  for (const [name, value] of Object.entries(figures)) if (Number.isFinite(value)) fields[name] = value as number; // Number.isFinite says so.
  return fields;
}
