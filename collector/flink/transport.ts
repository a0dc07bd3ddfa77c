import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { ReadFailure, Reading } from '../model/index.js';
import { Deadline } from '../http/deadline.js';
import { createDispatchers, type Dispatchers } from '../http/dispatchers.js';
import { UnreadableFileError } from '../http/kept-file.js';
import type { ProxyChoice } from '../http/proxy.js';
import type { TlsOptions } from '../http/tls.js';
import type { CollectorObserver } from '../observer.js';
import { createHeaderSource, type FlinkAuth, type HeaderSource } from './auth.js';
import { parseBaseUrl, type BaseUrl } from './base-url.js';
import { answerFailure, failure, networkFailure, quote, showUrl, type HttpAnswer } from './failures.js';
import { createGate, type Gate } from './gate.js';
import { DEFAULT_TIMEOUT_MS, MAX_BODY_BYTES, MAX_CONNECTIONS, MAX_REDIRECTS, MAX_RETRIES_ON_RESET } from './limits.js';
import { assertAllowed, type Endpoint } from './paths.js';
import { redirectedBase } from './redirect.js';

export type FlinkTls = TlsOptions;

export interface FlinkClientOptions {
  /** The cluster's name, for the observer. */
  readonly name: string;
  /** Base URLs, path prefix included; several for one cluster with JobManager HA. At least one. */
  readonly urls: readonly string[];
  readonly timeoutMs?: number;
  readonly maxConnections?: number;
  readonly maxBodyBytes?: number;
  readonly auth?: FlinkAuth;
  readonly tls?: FlinkTls;
  /** Which proxy to go through; none without it. */
  readonly proxy?: ProxyChoice;
  readonly observer?: CollectorObserver;
  readonly clock?: Clock;
}

/** One GET per call, as text. Knows nothing of what the text means. */
export interface Transport {
  /** The base URL in use, as it may be shown. */
  readonly url: string;
  /** Bytes the base URL's path prefix adds to a request line. */
  readonly prefixBytes: number;
  read(endpoint: Endpoint, path: string): Promise<Reading<string>>;
  /** Every request from now on waits for `pace` first. */
  setPace(pace: Pace): void;
  close(): Promise<void>;
}

/** Resolves when the next request may be sent: the budget of the cluster's owner. */
export type Pace = () => Promise<void>;

/** Failures after which another JobManager of an HA list is worth a try. */
const isElsewhere = (kind: ReadFailure['kind']): boolean =>
  kind === 'unreachable' || kind === 'timeout' || kind === 'unavailable' || kind === 'not-flink';

export function createTransport(options: FlinkClientOptions): Transport {
  return new UndiciTransport(options);
}

class UndiciTransport implements Transport {
  readonly #bases: readonly BaseUrl[];
  readonly #dispatchers: Dispatchers;
  readonly #headers: HeaderSource;
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #maxBodyBytes: number;
  readonly #name: string;
  readonly #observer: CollectorObserver | undefined;
  #pace: Pace | undefined;
  #current = 0;
  /** Where a base URL has sent us with a redirect; asked directly from then on. */
  readonly #moved = new Map<BaseUrl, BaseUrl>();

  constructor(options: FlinkClientOptions) {
    this.#name = options.name;
    this.#observer = options.observer;
    this.#bases = options.urls.map(parseBaseUrl);
    if (this.#bases.length === 0) throw new Error(`Cluster ${options.name} has no URL.`);
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    const connections = options.maxConnections ?? MAX_CONNECTIONS;
    const ofUrl = this.#bases.find((base) => base.basic !== undefined)?.basic;
    const auth = options.auth ?? (ofUrl === undefined ? undefined : { basic: ofUrl });
    this.#headers = createHeaderSource(auth, this.#clock);
    this.#gate = createGate(connections);
    this.#dispatchers = createDispatchers({
      connections,
      timeoutMs: this.#timeoutMs,
      bodyTimeoutMs: this.#timeoutMs,
      maxBodyBytes: this.#maxBodyBytes,
      clock: this.#clock,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    });
  }

  get url(): string {
    return this.#base().shown;
  }

  get prefixBytes(): number {
    return Math.max(...[...this.#bases, ...this.#moved.values()].map((base) => Buffer.byteLength(base.prefix)));
  }

  async read(endpoint: Endpoint, path: string): Promise<Reading<string>> {
    assertAllowed(endpoint, path);
    const first = this.#current;
    let reading = await this.#readFrom(this.#base(), endpoint, path);
    for (let step = 1; step < this.#bases.length && !reading.ok && isElsewhere(reading.failure.kind); step += 1) {
      const index = (first + step) % this.#bases.length;
      const base = this.#bases[index];
      if (base === undefined) break;
      const other = await this.#readFrom(base, endpoint, path);
      if (!other.ok && isElsewhere(other.failure.kind)) continue;
      // This one answers as Flink does: stay with it.
      this.#current = index;
      reading = other;
    }
    return reading;
  }

  setPace(pace: Pace): void {
    this.#pace = pace;
  }

  async close(): Promise<void> {
    await this.#dispatchers.destroy();
  }

  #base(): BaseUrl {
    const base = this.#bases[this.#current];
    if (base === undefined) throw new Error('The current base URL is always one of the list.');
    return base;
  }

  /** One answer from one JobManager; waits for a free connection first, so that the timeout measures only Flink. */
  async #readFrom(base: BaseUrl, endpoint: Endpoint, path: string): Promise<Reading<string>> {
    await this.#pace?.();
    const release = await this.#gate();
    const startMs = performance.now();
    try {
      const reading = await this.#attempt(base, path, MAX_RETRIES_ON_RESET);
      const seconds = (performance.now() - startMs) / 1000;
      this.#observer?.onRequest?.(this.#name, endpoint, reading.ok ? 'ok' : reading.failure.kind, seconds);
      return reading;
    } finally {
      release();
    }
  }

  async #attempt(base: BaseUrl, path: string, retries: number): Promise<Reading<string>> {
    const url = base.origin + base.prefix + path;
    try {
      const answer = await this.#follow(base, path);
      const atMs = this.#clock.nowMs();
      const failed = answerFailure(answer, url);
      return failed === undefined ? { ok: true, value: answer.body, atMs } : { ok: false, failure: failed, atMs };
    } catch (cause) {
      // Whatever is thrown here is an Error: undici and node:fs throw nothing else.
      const error = cause as NodeJS.ErrnoException;
      if (retries > 0 && isReset(error)) return this.#attempt(base, path, retries - 1);
      return { ok: false, failure: this.#thrownFailure(error, url), atMs: this.#clock.nowMs() };
    }
  }

  #thrownFailure(error: NodeJS.ErrnoException, url: string): ReadFailure {
    if (error instanceof UnreadableFileError)
      return failure('unauthorized', `${showUrl(url)} was not asked: ${quote(error.message)}.`);
    return networkFailure(error, url, this.#timeoutMs, this.#maxBodyBytes);
  }

  /** Follows redirects that keep the path; the last answer otherwise. Where they lead is asked first from then on. */
  async #follow(base: BaseUrl, path: string): Promise<HttpAnswer> {
    const start = this.#moved.get(base) ?? base;
    let at = start;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#get(at, path).catch((error: unknown) => {
        // The place it had moved to is gone: the next try begins where the configuration says.
        this.#moved.delete(base);
        throw error;
      });
      const next = isRedirect(answer) ? redirectedBase(at, path, answer.location, this.#bases) : undefined;
      if (next === undefined || redirects === MAX_REDIRECTS) {
        if (answer.status >= 300) this.#moved.delete(base);
        else if (at !== start) this.#moved.set(base, at);
        return answer;
      }
      at = next;
    }
  }

  async #get(base: BaseUrl, path: string): Promise<HttpAnswer> {
    const deadline = new Deadline(this.#timeoutMs);
    try {
      return await this.#getUntil(deadline, base, path);
    } finally {
      deadline.met();
    }
  }

  async #getUntil(deadline: Deadline, base: BaseUrl, path: string): Promise<HttpAnswer> {
    const headers = await this.#headers();
    const dispatcher = await this.#dispatchers.forOrigin(base.origin);
    const response = await dispatcher.request({
      origin: base.origin,
      path: base.prefix + path,
      method: 'GET',
      headers,
      signal: deadline,
    });
    const body = await response.body.text();
    const header = (name: string): string | undefined => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const location = header('location');
    return {
      status: response.statusCode,
      contentType: header('content-type') ?? '',
      body,
      ...(location === undefined ? {} : { location }),
    };
  }
}

function isRedirect(answer: HttpAnswer): answer is HttpAnswer & { readonly location: string } {
  return answer.status >= 300 && answer.status < 400 && answer.location !== undefined;
}

/** The server closed a kept-alive connection while we were using it; a GET may simply be sent again. */
function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'UND_ERR_SOCKET';
}
