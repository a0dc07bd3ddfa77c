import { Router } from 'express';
import { ApiProblem } from '../problem.js';
import { PEER_HEADER } from '../watch/shard-exchange.js';
import type { ServerContext } from './context.js';

/**
 * Jobs that another process watches, where records stay with each process: what is asked of one is asked of that process
 * (`shard.peers`). Where all share a store the other routes answer from it.
 */
export function peerJobRoutes({ watch, others }: Pick<ServerContext, 'watch' | 'others'>): Router {
  const router = Router();
  router.use('/jobs/:cluster/:jobId', async (request, response, next) => {
    const { cluster = '', jobId = '' } = request.params as Record<string, string | undefined>; // The path names both.
    if (request.method !== 'GET') return next();
    // One process asks another at most once: two that each take the other for the watcher must not go round.
    if (others?.knownMs(cluster, jobId) === undefined || request.get(PEER_HEADER) !== undefined) return next();
    if (watch.statuses().some(({ name }) => name === cluster)) return next();
    const answer = await others
      .askFor(cluster, pathOf(request.originalUrl), request.get('accept-language') ?? 'en')
      .catch(() => {
        throw new ApiProblem(
          503,
          'Away',
          `The Weir process that watches ${cluster} does not answer: look at that process.`,
        );
      });
    if (answer === undefined) return next();
    response.status(answer.status).type(answer.contentType).send(answer.body);
  });
  return router;
}

/** The part after `/api/v1`, whatever prefix a proxy has put before it. */
const pathOf = (url: string): string => url.slice(url.indexOf('/jobs/', url.indexOf('/api/v1/')));
