import { Router } from 'express';
import type { JobRow } from '../../contract.js';
import { badRequest } from '../problem.js';
import { languageOf, numberParameter, textParameter } from '../query.js';
import type { ServerContext } from './context.js';
import { fleetRows } from './fleet.js';

const MAX_MS = 8.64e15;

/**
 * `/open?cluster=C&job=NAME&at=MS` leads to the page of the job that had that name then. Metrics know jobs by name, pages by
 * id, and the id changes with each redeployment. A job that is not known any more leads to the fleet page, looked for by name.
 */
export function openRoute(context: ServerContext, basePath: string): Router {
  const router = Router();
  router.get('/open', (request, response) => {
    const cluster = textParameter(request, 'cluster');
    const name = textParameter(request, 'job');
    const atMs = numberParameter(request, 'at', 0, MAX_MS);
    if (cluster === undefined || name === undefined)
      throw badRequest('Give the parameters "cluster" and "job" (a name).');
    const named = fleetRows(context, languageOf(request)).filter((job) => job.cluster === cluster && job.name === name);
    const job = jobAt(named, atMs);
    const at = atMs === undefined ? '' : `?at=${Math.round(atMs)}`;
    const target =
      job === undefined
        ? `?q=${encodeURIComponent(name)}`
        : `jobs/${encodeURIComponent(cluster)}/${encodeURIComponent(job.jobId)}${at}`;
    response.redirect(302, `${basePath}${target}`);
  });
  return router;
}

/** The last one that had started by then; else the newest. */
function jobAt(jobs: readonly JobRow[], atMs = Infinity): JobRow | undefined {
  const newestFirst = jobs.toSorted((a, b) => b.startMs - a.startMs);
  return newestFirst.find(({ startMs }) => startMs <= atMs) ?? newestFirst[0];
}
