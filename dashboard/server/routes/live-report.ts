import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { ApiProblem, notFound } from '../problem.js';
import type { ServerContext } from './context.js';

/**
 * What is known of a job whose cluster answers: predictions stand on how it runs now.
 *
 * @param nothing the problem's title while the cluster cannot be read
 * @throws ApiProblem 404 for a job that is not known, 503 while its cluster cannot be read
 */
export function liveReport({ watch }: ServerContext, cluster: string, jobId: string, nothing: string): JobReport {
  const report = watch.report(cluster, jobId);
  if (report === undefined) throw notFound(`No job ${jobId} is known on cluster "${cluster}". See /api/v1/jobs.`);
  if (!report.reachable) {
    throw new ApiProblem(
      503,
      nothing,
      `Cluster "${cluster}" cannot be read, so how the job runs now is not known. Ask again when it answers.`,
    );
  }
  return report;
}
