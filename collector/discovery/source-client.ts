import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import { createHeaderSource, type FlinkAuth } from '../flink/auth.js';
import { failure, quote, showUrl } from '../flink/failures.js';
import { createDispatchers, type Dispatchers } from '../http/dispatchers.js';
import { UnreadableFileError } from '../http/kept-file.js';
import type { ProxyChoice } from '../http/proxy.js';
import type { TlsOptions } from '../http/tls.js';
import type { ReadFailure, Reading } from '../model/index.js';
import {
  MAX_API_CONNECTIONS,
  MAX_EVENT_CHARS,
  MAX_SOURCE_BODY_BYTES,
  SOURCE_TIMEOUT_MS,
  WATCH_SILENCE_MS,
} from './limits.js';

export interface SourceClientOptions {
  readonly auth?: FlinkAuth;
  readonly tls?: TlsOptions;
  readonly proxy?: ProxyChoice;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

/** GET requests to a source of clusters. Redirects are not followed: a login page is no list of clusters. */
export interface SourceClient {
  text(url: string, signal: AbortSignal): Promise<Reading<string>>;
  /** Lines of an answer that lasts. They end when the answer ends, however it does. */
  lines(url: string, signal: AbortSignal): Promise<Reading<AsyncIterable<string>>>;
  close(): Promise<void>;
}

export function createSourceClient(options: SourceClientOptions): SourceClient {
  return new UndiciSourceClient(options);
}

class UndiciSourceClient implements SourceClient {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #headers: () => Promise<Readonly<Record<string, string>>>;
  readonly #dispatchers: Dispatchers;

  constructor(options: SourceClientOptions) {
    const { auth, tls, proxy, clock, timeoutMs = SOURCE_TIMEOUT_MS } = options;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#headers = createHeaderSource(auth, clock);
    this.#dispatchers = createDispatchers({
      connections: MAX_API_CONNECTIONS,
      timeoutMs,
      bodyTimeoutMs: WATCH_SILENCE_MS,
      clock,
      ...(tls === undefined ? {} : { tls }),
      ...(proxy === undefined ? {} : { proxy }),
    });
  }

  async text(url: string, signal: AbortSignal): Promise<Reading<string>> {
    const timed = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    return this.#reading(url, async () => {
      const response = await this.#get(url, timed);
      let body = '';
      const decoder = new TextDecoder();
      for await (const chunk of chunksOf(response)) {
        body += decoder.decode(chunk, { stream: true });
        if (body.length > MAX_SOURCE_BODY_BYTES)
          return failure('too-large', `${showUrl(url)} sent more than ${MAX_SOURCE_BODY_BYTES} bytes.`);
      }
      return refusal(response, body, url) ?? { value: body };
    });
  }

  async lines(url: string, signal: AbortSignal): Promise<Reading<AsyncIterable<string>>> {
    return this.#reading(url, async () => {
      const response = await this.#get(url, signal);
      if (response.statusCode === 200) return { value: linesOf(response) };
      return refusal(response, await response.body.text(), url) ?? { value: linesOf(response) };
    });
  }

  close(): Promise<void> {
    return this.#dispatchers.destroy();
  }

  async #get(url: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { origin, pathname, search } = new URL(url);
    const dispatcher = await this.#dispatchers.forOrigin(origin);
    return dispatcher.request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers: await this.#headers(),
      signal,
    });
  }

  async #reading<T>(url: string, ask: () => Promise<{ readonly value: T } | ReadFailure>): Promise<Reading<T>> {
    try {
      const answer = await ask();
      const atMs = this.#clock.nowMs();
      return 'value' in answer ? { ok: true, value: answer.value, atMs } : { ok: false, failure: answer, atMs };
    } catch (cause) {
      // Whatever is thrown here is an Error: undici and node:fs throw nothing else.
      const error = cause as NodeJS.ErrnoException;
      return { ok: false, failure: thrownFailure(error, url, this.#timeoutMs), atMs: this.#clock.nowMs() };
    }
  }
}

/** Bodies of undici are streams of Buffers. */
const chunksOf = ({ body }: Dispatcher.ResponseData): AsyncIterable<Buffer> => body;

async function* linesOf(response: Dispatcher.ResponseData): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of chunksOf(response)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      // Nothing sensible is that long: whoever reads starts over.
      if (rest.length > MAX_EVENT_CHARS) return;
      yield* lines.filter((line) => line.trim() !== '');
    }
  } catch {
    // A connection that breaks ends the lines; the next request says why, if it matters.
  }
}

function refusal({ statusCode, headers }: Dispatcher.ResponseData, body: string, url: string): ReadFailure | undefined {
  const at = showUrl(url);
  if (statusCode === 200) return undefined;
  const said = quote(/"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1]?.replaceAll('\\"', '"') ?? body);
  const why = `HTTP ${statusCode}${said === '' || said.startsWith('<') ? '' : `: ${said}`}`;
  if (statusCode === 401 && /negotiate/i.test(String(headers['www-authenticate'])))
    return failure(
      'unauthorized',
      `${at} asks for Kerberos (HTTP 401 Negotiate), which Weir does not speak: give it a gateway with another login.`,
      statusCode,
    );
  if (statusCode === 401 || statusCode === 403)
    return failure('unauthorized', `${at} refused access (${why}).`, statusCode);
  if (statusCode >= 300 && statusCode < 400)
    return failure(
      'unavailable',
      `${at} redirects to ${quote(showUrl(String(headers.location)))} (HTTP ${statusCode}), which Weir does not follow.`,
      statusCode,
    );
  if (statusCode === 404) return failure('not-found', `${at} does not exist (${why}).`, statusCode);
  return failure(statusCode >= 500 ? 'unavailable' : 'http', `${at} answered ${why}.`, statusCode);
}

function thrownFailure(error: NodeJS.ErrnoException, url: string, timeoutMs: number): ReadFailure {
  const at = showUrl(url);
  const code = error.code ?? '';
  if (error instanceof UnreadableFileError)
    return failure('unauthorized', `${at} was not asked: ${quote(error.message)}.`);
  if (error.name === 'TimeoutError' || /TIMEOUT/.test(code))
    return failure('timeout', `${at} did not answer within ${timeoutMs / 1000} s.`);
  if (/CERT|SIGNATURE|ISSUER/.test(code))
    return failure('unreachable', `${at}: its TLS certificate is not trusted here (${code}): give its CA.`);
  if (code === 'ECONNREFUSED') return failure('unreachable', `${at} refused the connection.`);
  return failure(
    'unreachable',
    `${at} could not be read (${quote(code === '' ? error.message : `${code}: ${error.message}`)}).`,
  );
}
