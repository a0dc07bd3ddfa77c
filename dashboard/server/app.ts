import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { requireToken } from './auth.js';
import { openApiDocument } from './openapi.js';
import { notFound, problemHandler } from './problem.js';
import type { ServerContext } from './routes/context.js';
import { fleetRoutes } from './routes/fleet.js';
import { jobRoutes } from './routes/job.js';
import { rulesRoutes } from './routes/rules.js';
import { statusRoutes } from './routes/status.js';

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
const YEAR_MS = 31_536_000_000;

export function createApp({ context, webDir, token, basePath, onBug }: AppOptions): Express {
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
  app.use(requireToken(token));
  app.get('/healthz', (_request, response) => {
    response.type('text').send('ok\n');
  });
  app.get('/readyz', (_request, response) => {
    const ready = context.watch.ready();
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'the first round is under way\n');
  });
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', context.metrics.contentType).send(await context.metrics.render());
  });

  const api = express.Router();
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  api.get('/openapi.json', (_request, response) => {
    response.json(openApiDocument(context.version));
  });
  api.use(fleetRoutes(context), jobRoutes(context), rulesRoutes(context), statusRoutes(context));
  api.use((request) => {
    throw notFound(`${request.method} ${request.originalUrl} is not part of the API. See /api/v1/openapi.json.`);
  });
  app.use('/api/v1', api);

  app.use('/assets', express.static(join(webDir, 'assets'), { immutable: true, maxAge: YEAR_MS, fallthrough: false }));
  app.use(express.static(webDir, { index: false }));
  app.get('/{*path}', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(pageFor(webDir, basePath));
  });
  app.use(problemHandler(onBug));
  return app;
}

/** The single page; its base tag carries the path prefix. */
function pageFor(webDir: string, basePath: string): string {
  const file = join(webDir, 'index.html');
  if (!existsSync(file)) throw notFound('The dashboard is not built. Run: npm run build');
  return readFileSync(file, 'utf8').replace('<base href="/"', () => `<base href="${basePath}"`);
}
