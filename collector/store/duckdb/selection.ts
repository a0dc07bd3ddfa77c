import type { Parameters } from './database.js';

export interface Selection {
  readonly conditions: readonly string[];
  readonly parameters: Parameters;
}

/** Equality conditions on the columns that are given; values travel as parameters only. */
export function selection(
  job: { readonly cluster?: string; readonly jobName?: string; readonly jobId?: string },
  more: Readonly<Record<string, string | number | undefined>>,
): Selection {
  const wanted = { cluster: job.cluster, job_name: job.jobName, job_id: job.jobId, ...more };
  const given = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    conditions: given.map(([name]) => `${name} = $${name}`),
    parameters: Object.fromEntries(given),
  };
}
