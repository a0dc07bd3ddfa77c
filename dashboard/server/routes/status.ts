import { Router, type Response } from 'express';
import type { StatusResponse, StreamEvent } from '../../contract.js';
import { presentCluster } from '../present/cluster.js';
import { languageOf } from '../query.js';
import { ApiProblem } from '../problem.js';
import type { ServerContext } from './context.js';
import { fleetClusters, fleetRows } from './fleet.js';

/** Browsers that may listen at once; each costs one socket and a few kB per round. */
const MAX_STREAMS = 200;
/** A comment keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 20_000;

export function statusRoutes(context: ServerContext): Router {
  const router = Router();
  const streams = new Set<Response>();

  router.get('/status', (_request, response) => {
    const health = context.store.health();
    const body: StatusResponse = {
      version: context.version,
      startedMs: context.startedMs,
      demo: context.demo,
      clusters: context.watch.statuses().map((status) => ({
        ...presentCluster(status),
        intervalMs: context.intervalMs,
        ...(status.stretchedToMs === undefined ? {} : { stretchedToMs: status.stretchedToMs }),
      })),
      discoveries: context.discoveries().map(({ failure, ...status }) => ({
        ...status,
        ...(failure === undefined ? {} : { failure: failure.message }),
      })),
      store: {
        kind: health.kind,
        healthy: health.ok,
        droppedSamples: health.droppedRows,
        notes: [
          ...(health.lastError === undefined ? [] : [health.lastError]),
          ...health.damagedFiles.map(
            ({ movedTo, reason }) => `a damaged file was moved aside to ${movedTo}: ${reason}`,
          ),
        ],
      },
    };
    response.json(body);
  });

  router.get('/stream', (request, response) => {
    if (streams.size >= MAX_STREAMS) {
      throw new ApiProblem(503, 'Too many listeners', `${MAX_STREAMS} pages listen already; close some and reload.`);
    }
    const language = languageOf(request);
    const send = (event: StreamEvent): void => {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    };
    const sendFleet = (): void =>
      send({
        type: 'fleet',
        atMs: context.nowMs(),
        clusters: fleetClusters(context),
        jobs: fleetRows(context, language),
      });
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.flushHeaders();
    streams.add(response);
    sendFleet();
    const unsubscribe = context.watch.onChange(({ cluster, atMs, jobIds }) => {
      sendFleet();
      for (const jobId of jobIds) send({ type: 'job', atMs, cluster, jobId });
    });
    const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
    response.on('close', () => {
      streams.delete(response);
      unsubscribe();
      clearInterval(keepAlive);
    });
  });

  return router;
}
