import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { failure, networkFailure, quote, showUrl, type Peer } from '../flink/failures.js';
import type { ReadFailure } from '../model/index.js';
import { MAX_TEXT_BYTES, SCRAPE_TIMEOUT_MS } from './limits.js';
import { TextScanner, type OnSeries } from './text-scanner.js';

/** How one target's text was read; undefined when all is well. */
export type ScrapeProblem = ReadFailure | undefined;

export interface ScrapeOptions {
  readonly dispatcher: Dispatcher;
  readonly url: string;
  readonly isWanted: (name: string) => boolean;
  readonly onSeries: OnSeries;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
}

/** Reads one Prometheus text as it arrives, packed if the target can; never rejects for what the target does. */
export async function scrape(options: ScrapeOptions): Promise<ScrapeProblem> {
  const { dispatcher, url, maxBytes = MAX_TEXT_BYTES, timeoutMs = SCRAPE_TIMEOUT_MS } = options;
  try {
    const { origin, pathname, search } = new URL(url);
    const response = await dispatcher.request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers: { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'gzip' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.statusCode !== 200) {
      await response.body.dump();
      return badStatus(url, response.statusCode);
    }
    const isPacked = response.headers['content-encoding'] === 'gzip';
    return await scan(isPacked ? unpacked(response.body) : response.body, options, maxBytes);
  } catch (cause) {
    // undici and zlib throw nothing but errors.
    const error = cause as NodeJS.ErrnoException;
    if (error.code?.startsWith('Z_') === true)
      return failure('malformed', `${showUrl(url)} sent a text that cannot be unpacked (${quote(error.message)}).`);
    return networkFailure(error, url, timeoutMs, maxBytes, REPORTER);
  }
}

const REPORTER: Peer = { process: 'the Flink process', port: "its Prometheus reporter's port (9249 by default)" };

function unpacked(body: Readable): Readable {
  const gunzip = createGunzip();
  body.once('error', (error) => gunzip.destroy(error));
  gunzip.once('close', () => body.destroy());
  return body.pipe(gunzip);
}

async function scan(body: Readable, options: ScrapeOptions, maxBytes: number): Promise<ScrapeProblem> {
  const scanner = new TextScanner(options.isWanted, options.onSeries);
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBytes)
      return failure(
        'too-large',
        `${showUrl(options.url)} answered with more than ${maxBytes} bytes: the rest was left.`,
      );
    scanner.push(decoder.decode(piece, { stream: true }));
  }
  scanner.end();
  if (scanner.malformed === 0) return undefined;
  const lines = `${scanner.malformed} of its lines`;
  return scanner.series > scanner.malformed
    ? failure('malformed', `${showUrl(options.url)}: ${lines} are not Prometheus text and were left out.`)
    : failure('not-flink', `${showUrl(options.url)} does not answer with Prometheus text: check the port and path.`);
}

function badStatus(url: string, status: number): ReadFailure {
  const at = showUrl(url);
  if (status === 401 || status === 403)
    return failure(
      'unauthorized',
      `${at} refused access (HTTP ${status}): Weir asks reporters without a login.`,
      status,
    );
  if (status === 404)
    return failure('not-found', `${at} does not exist (HTTP 404): Flink's reporter answers under /metrics.`, status);
  return failure(status >= 500 ? 'unavailable' : 'http', `${at} answered HTTP ${status}.`, status);
}
