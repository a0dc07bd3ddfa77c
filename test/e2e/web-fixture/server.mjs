/**
 * A stand-in for the Weir server: serves the built dashboard and canned answers, so that the pages can be developed and
 * tested without Flink. Node built-ins only. `node test/e2e/web-fixture/server.mjs [port] [basePath]`
 * `POST /__fixture/<mode>` changes what it answers: normal, empty, broken, silent (stream cut), single.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { answer } from './answers.mjs';

const WEB = fileURLToPath(new URL('../../../dist/web/', import.meta.url));
const ROUND_MS = 5_000;
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function startFixture({ port = 0, basePath = '/' } = {}) {
  const streams = new Set();
  const state = { mode: 'normal' };
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => problem(response, 500, 'Fixture failed', String(error)));
  });

  async function handle(request, response) {
    const url = new URL(request.url ?? '/', 'http://fixture');
    const path = url.pathname.startsWith(basePath) ? `/${url.pathname.slice(basePath.length)}` : url.pathname;
    const mode = /^\/__fixture\/(\w+)$/.exec(path)?.[1];
    if (mode !== undefined) {
      state.mode = mode;
      if (mode === 'silent') for (const stream of streams) stream.response.destroy();
      response.end(mode);
    } else if (path === '/api/v1/stream') openStream(request, response, url);
    else if (path.startsWith('/api/v1/')) sendAnswer(request, response, url, path);
    else await sendFile(request, response, path);
  }

  function languageOf(request, url) {
    const asked = url.searchParams.get('lang') ?? request.headers['accept-language'] ?? 'en';
    return asked.startsWith('zh') ? 'zh-CN' : 'en';
  }

  function sendAnswer(request, response, url, path) {
    if (state.mode === 'broken') {
      return problem(
        response,
        503,
        'Store not readable',
        'The series store did not answer within 5 s. Weir keeps trying; see /status.',
      );
    }
    const words = path.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
    const body = answer(words, url.searchParams, {
      language: languageOf(request, url),
      nowMs: Date.now(),
      mode: state.mode,
    });
    if (body === undefined) {
      return problem(
        response,
        404,
        'Not known',
        `Weir knows nothing at ${path}. A job leaves this list a week after its last reading.`,
      );
    }
    sendJson(request, response, 200, 'application/json', body);
  }

  function openStream(request, response, url) {
    if (state.mode === 'silent' || state.mode === 'broken')
      return problem(response, 503, 'No stream', 'The stream is cut.');
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const stream = { response, language: languageOf(request, url) };
    streams.add(stream);
    response.on('close', () => streams.delete(stream));
    send(stream);
  }

  function send({ response, language }) {
    const nowMs = Date.now();
    const context = { language, nowMs, mode: state.mode };
    const none = new URLSearchParams();
    const { clusters } = answer(['clusters'], none, context);
    const { jobs } = answer(['jobs'], none, context);
    write(response, { type: 'fleet', atMs: nowMs, clusters, jobs });
    for (const { cluster, jobId } of jobs) write(response, { type: 'job', atMs: nowMs, cluster, jobId });
  }

  const timer = setInterval(() => {
    for (const stream of streams) send(stream);
  }, ROUND_MS);
  server.on('close', () => clearInterval(timer));

  async function sendFile(request, response, path) {
    const file = normalize(path).replace(/^(\.\.[/\\])+/, '');
    const isAsset = file.includes('.') && !file.endsWith('.html') && !file.startsWith('/jobs/');
    const name = isAsset ? file : 'index.html';
    try {
      let body = await readFile(join(WEB, name));
      if (!isAsset) body = Buffer.from(body.toString().replace('<base href="/" />', `<base href="${basePath}" />`));
      const headers = {
        'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
        'Cache-Control': isAsset ? 'public, max-age=31536000, immutable' : 'no-store',
        'Content-Security-Policy': "default-src 'self'",
      };
      sendBody(request, response, 200, headers, body);
    } catch {
      problem(response, 404, 'No such file', name);
    }
  }

  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const at = server.address();
      resolve({
        url: `http://127.0.0.1:${at.port}${basePath}`,
        setMode: (mode) => {
          state.mode = mode;
          if (mode === 'silent') for (const stream of streams) stream.response.destroy();
        },
        close: () => {
          server.closeAllConnections();
          return new Promise((done) => server.close(done));
        },
      });
    });
  });
}

function write(response, event) {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function sendJson(request, response, status, type, body) {
  sendBody(
    request,
    response,
    status,
    { 'Content-Type': type, 'Cache-Control': 'no-store' },
    Buffer.from(JSON.stringify(body)),
  );
}

function sendBody(request, response, status, headers, body) {
  const isZipped = (request.headers['accept-encoding'] ?? '').includes('gzip');
  response.writeHead(status, isZipped ? { ...headers, 'Content-Encoding': 'gzip' } : headers);
  response.end(isZipped ? gzipSync(body) : body);
}

function problem(response, status, title, detail) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startFixture({ port: Number(process.argv[2] ?? 8099), basePath: process.argv[3] ?? '/' });
  process.stdout.write(`${url}\n`);
}
