import { Router } from 'express';
import type { ShardResponse } from '../../contract.js';
import type { ServerContext } from './context.js';

/** What this process watches, for the other processes of its fleet; nothing where it watches alone. */
export function shardRoutes({ others }: Pick<ServerContext, 'others'>): Router {
  const router = Router();
  router.get('/shard', (_request, response) => {
    const body: ShardResponse = { words: others?.words() ?? [] };
    response.json(body);
  });
  return router;
}
