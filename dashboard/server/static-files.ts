import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Router, type Request, type Response } from 'express';
import { COMPRESS_FROM_BYTES } from './compress.js';
import { notFound } from './problem.js';

/** Files kept in memory; the dashboard has about fifteen. Beyond it the oldest goes. */
const MAX_CACHED_FILES = 64;
/** No file of the dashboard comes near this; one that does is a mistake in the build. */
const MAX_FILE_BYTES = 8 * 2 ** 20;
/** The highest that is still quick: 160 kB in about 20 ms, once. */
const BROTLI_QUALITY = 9;
const YEAR_SECONDS = 31_536_000;

/** Names that the build gives to assets: no folder, nothing hidden, nothing that leads elsewhere. */
const ASSET_NAME = /^\w[\w.-]*$/;
const TEXT_TYPES = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.map']);

interface CachedFile {
  readonly stamp: string;
  readonly plain: Buffer;
  /** Missing where compressing gains nothing. */
  readonly gzip?: Buffer;
  readonly brotli?: Buffer;
}

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/**
 * The built dashboard: its assets, whose names change with their content, and one page for every other address. Each file is
 * compressed once and kept; a new build is noticed by the file's time.
 */
export function staticFiles(webDir: string, basePath: string): Router {
  const router = Router();
  const cache = new Map<string, Promise<CachedFile>>();

  async function cached(path: string, rewrite?: (text: string) => string): Promise<CachedFile | undefined> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true || found.size > MAX_FILE_BYTES) return undefined;
    const stamp = `${found.mtimeMs}/${found.size}`;
    const known = await cache.get(path)?.catch(() => undefined);
    if (known?.stamp === stamp) return known;
    cache.delete(path);
    const [oldest] = cache.keys();
    if (cache.size >= MAX_CACHED_FILES && oldest !== undefined) cache.delete(oldest);
    const coming = load(path, stamp, rewrite);
    cache.set(path, coming);
    return coming;
  }

  router.get('/assets/:name', async (request, response) => {
    const { name } = request.params;
    const file = ASSET_NAME.test(name) ? await cached(join(webDir, 'assets', name)) : undefined;
    if (file === undefined) throw notFound(`The dashboard has no file assets/${name}. Reload the page.`);
    response.set('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`).type(extname(name));
    send(request, response, file);
  });
  router.get('/assets{/*rest}', (request) => {
    throw notFound(`The dashboard has no file ${request.path}.`);
  });

  router.get('/{*path}', async (request, response) => {
    const page = await cached(join(webDir, 'index.html'), (text) =>
      text.replace('<base href="/"', () => `<base href="${basePath}"`),
    );
    if (page === undefined) throw notFound('The dashboard is not built. Run: npm run build');
    response.set('Cache-Control', 'no-cache').type('html');
    send(request, response, page);
  });

  return router;
}

async function load(path: string, stamp: string, rewrite: (text: string) => string = (text) => text) {
  const read = await readFile(path);
  if (!TEXT_TYPES.has(extname(path))) return { stamp, plain: read };
  const plain = Buffer.from(rewrite(read.toString('utf8')));
  if (plain.length < COMPRESS_FROM_BYTES) return { stamp, plain };
  const [packed, tighter] = await Promise.all([
    gzipped(plain, { level: constants.Z_BEST_COMPRESSION }),
    brotlied(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  ]);
  return { stamp, plain, gzip: packed, brotli: tighter };
}

function send(request: Request, response: Response, file: CachedFile): void {
  response.vary('Accept-Encoding');
  if (file.brotli !== undefined && request.acceptsEncodings('br') !== false) {
    response.set('Content-Encoding', 'br').send(file.brotli);
  } else if (file.gzip !== undefined && request.acceptsEncodings('gzip') !== false) {
    response.set('Content-Encoding', 'gzip').send(file.gzip);
  } else {
    response.send(file.plain);
  }
}
