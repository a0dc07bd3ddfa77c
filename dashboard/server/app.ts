import express, { Router, type Express } from 'express';
import { requireToken } from './auth.js';
import { compressJson, sendText } from './compress.js';
import { openApiDocument } from './openapi.js';
import { notFound, problemHandler } from './problem.js';
import type { ServerContext } from './routes/context.js';
import { fleetRoutes } from './routes/fleet.js';
import { jobRoutes } from './routes/job.js';
import { openRoute } from './routes/open.js';
import { peerJobRoutes } from './routes/peer-jobs.js';
import { reportRoutes, sendReport } from './routes/reports.js';
import { rulesRoutes } from './routes/rules.js';
import { shardRoutes } from './routes/shard.js';
import { snoozeRoutes } from './routes/snooze.js';
import { statusRoutes } from './routes/status.js';
import { autoscalerRoutes } from './routes/autoscaler.js';
import { whatIfRoutes } from './routes/what-if.js';
import { staticFiles } from './static-files.js';

export interface AppOptions {
  readonly context: ServerContext;
  /** Folder with the built dashboard. */
  readonly webDir: string;
  readonly token: string | undefined;
  /** Path prefix behind a proxy, with a slash at both ends. */
  readonly basePath: string;
  readonly onBug: (error: Error) => void;
}

const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

export function createApp(options: AppOptions): Express {
  const { basePath, token, onBug } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
    });
    next();
  });
  const site = createSite(options);
  // Some proxies take the prefix off, others do not, and probes come without one: all are answered.
  const mounts = basePath === '/' ? ['/'] : [basePath.replace(/\/$/, ''), '/'];
  for (const mount of mounts) app.use(mount, requireToken(token), site);
  app.use((request) => {
    throw notFound(`${request.method} ${request.originalUrl} is nothing that Weir answers.`);
  });
  app.use(problemHandler(onBug));
  return app;
}

function createSite({ context, webDir, basePath, token }: AppOptions): Router {
  const site = Router();
  site.get('/healthz', (_request, response) => {
    response.type('text').send('ok\n');
  });
  site.get('/readyz', (_request, response) => {
    const ready = context.watch.ready();
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'the first round is under way\n');
  });
  site.get('/metrics', async (request, response) => {
    response.set('Content-Type', context.metrics.contentType);
    await sendText(request, response, await context.metrics.render());
  });
  site.get('/reports/:isoWeek', (request, response) => sendReport(context, request, response, 'html'));
  site.use(openRoute(context, basePath));
  site.use('/api/v1', createApi(context, basePath, token !== undefined));
  site.use(staticFiles(webDir, basePath));
  return site;
}

function createApi(context: ServerContext, basePath: string, hasToken: boolean): Router {
  const api = Router();
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  api.use(compressJson);
  api.get('/openapi.json', (_request, response) => {
    response.json(openApiDocument(context.version, basePath));
  });
  api.use(peerJobRoutes(context), fleetRoutes(context), jobRoutes(context), rulesRoutes(context));
  api.use(
    autoscalerRoutes(context),
    whatIfRoutes(context),
    reportRoutes(context),
    snoozeRoutes(context, hasToken),
    statusRoutes(context),
  );
  api.use(shardRoutes(context));
  api.use((request) => {
    throw notFound(
      `${request.method} ${request.originalUrl} is not part of the API. See ${basePath}api/v1/openapi.json.`,
    );
  });
  return api;
}
