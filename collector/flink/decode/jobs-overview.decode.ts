import { z } from 'zod';
import { defined, type JobSummary } from '../../model/index.js';
import { fromSchema } from './body.decode.js';
import { id32, jobState, taskCounts, timestamp, timestampOrZero } from './fields.decode.js';

const job = z
  .object({
    jid: id32,
    name: z.string(),
    state: jobState,
    'start-time': timestampOrZero,
    'end-time': timestamp,
    'last-modification': timestampOrZero,
    tasks: taskCounts,
  })
  .transform((raw) =>
    defined<JobSummary>({
      jobId: raw.jid,
      name: raw.name,
      state: raw.state,
      startMs: raw['start-time'],
      endMs: raw['end-time'],
      lastModifiedMs: raw['last-modification'],
      tasks: raw.tasks,
    }),
  );

/** `GET /jobs/overview` */
export const decodeJobsOverview = fromSchema<readonly JobSummary[]>(
  z.object({ jobs: z.array(job) }).transform((raw) => raw.jobs),
);
