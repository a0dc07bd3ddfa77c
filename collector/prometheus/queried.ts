import { systemClock, type Clock } from '../clock.js';
import { createHeaderSource, type FlinkAuth } from '../flink/auth.js';
import { failure, networkFailure, quote, showUrl, type Peer } from '../flink/failures.js';
import { createDispatchers, type Dispatchers } from '../http/dispatchers.js';
import { UnreadableFileError } from '../http/kept-file.js';
import type { ProxyChoice } from '../http/proxy.js';
import { QueryApi, QueryError, type AnsweredSeries } from '../http/query-api.js';
import type { TlsOptions } from '../http/tls.js';
import type { ReadFailure, Reading } from '../model/index.js';
import type { CollectorObserver } from '../observer.js';
import { ReporterFigures } from './figures.js';
import { MAX_QUERY_BYTES, QUERIED_MAX_AGE_MS, QUERY_TIMEOUT_MS, QUERY_WINDOW_SECONDS } from './limits.js';
import { WANTED_NAMES } from './reporter-names.js';
import { withoutLabels, type Reporters } from './reporters.js';
import { Troubles } from './troubles.js';

export interface QueriedOptions {
  /** The cluster's name, for the observer. */
  readonly name: string;
  /** A server with the query API of Prometheus, path prefix included. */
  readonly url: string;
  /** Labels that the series of this cluster have, such as `{ namespace: 'prod' }`. */
  readonly match: Readonly<Record<string, string>>;
  readonly auth?: FlinkAuth;
  readonly tls?: TlsOptions;
  readonly proxy?: ProxyChoice;
  readonly observer?: CollectorObserver;
  /** Beat of the cluster's rounds, ms. */
  readonly intervalMs: number;
  readonly clock?: Clock;
  /** 0..1, for the jitter of the back-off. */
  readonly random?: () => number;
}

/** The reporters of one cluster as a Prometheus-compatible server has scraped them: one query a round. */
export function createQueriedReporters(options: QueriedOptions): Reporters {
  return new QueriedReporters(options);
}

const SERVER: Peer = { process: 'the server', port: 'its port (9090 by default for Prometheus)' };

class QueriedReporters implements Reporters {
  figures = new ReporterFigures();
  readonly maxAgeMs = QUERIED_MAX_AGE_MS;
  readonly #options: QueriedOptions;
  readonly #clock: Clock;
  readonly #dispatchers: Dispatchers;
  readonly #api: QueryApi;
  readonly #query: string;
  readonly #troubles: Troubles;

  constructor(options: QueriedOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#dispatchers = createDispatchers({
      connections: 1,
      timeoutMs: QUERY_TIMEOUT_MS,
      bodyTimeoutMs: QUERY_TIMEOUT_MS,
      clock: this.#clock,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    });
    this.#api = new QueryApi({
      url: options.url,
      what: showUrl(options.url),
      timeoutMs: QUERY_TIMEOUT_MS,
      maxBytes: MAX_QUERY_BYTES,
      headers: createHeaderSource(options.auth, this.#clock),
      dispatcher: (origin) => this.#dispatchers.forOrigin(origin),
    });
    this.#query = queryOf(options.match);
    this.#troubles = new Troubles(options.intervalMs, options.random ?? Math.random);
  }

  async refresh(): Promise<Reading<undefined>> {
    const atMs = this.#clock.nowMs();
    const problem = this.#troubles.reasonToWait(this.#options.url, atMs) ?? (await this.#ask(atMs));
    return problem === undefined ? { ok: true, value: undefined, atMs } : { ok: false, failure: problem, atMs };
  }

  async close(): Promise<void> {
    await this.#dispatchers.destroy();
  }

  async #ask(atMs: number): Promise<ReadFailure | undefined> {
    const startMs = performance.now();
    const problem = await this.#read(atMs);
    const { name, url, observer } = this.#options;
    observer?.onRequest?.(name, 'prometheus', problem?.kind ?? 'ok', (performance.now() - startMs) / 1000);
    // A server that answers without series costs little, and may have them in the next round.
    this.#troubles.note(url, problem?.kind === 'not-found' ? undefined : problem, this.#clock.nowMs());
    return problem;
  }

  async #read(atMs: number): Promise<ReadFailure | undefined> {
    const at = showUrl(this.#options.url);
    let answer: readonly AnsweredSeries[];
    try {
      answer = await this.#api.instant(this.#query, atMs);
    } catch (error) {
      return this.#failureOf(error as Error, at);
    }
    const { figures, unlabelled } = figuresOf(answer);
    this.figures = figures;
    if (answer.length > 0) return withoutLabels(at, unlabelled);
    const message = `${at} has no series of Flink's reporters in the last ${QUERY_WINDOW_SECONDS} s for ${this.#query}: check prometheus.match, and that the server scrapes this cluster.`;
    return failure('not-found', message);
  }

  #failureOf(error: Error, at: string): ReadFailure {
    if (error instanceof UnreadableFileError)
      return failure('unauthorized', `${at} was not asked: ${quote(error.message)}.`);
    if (error instanceof QueryError && error.code === undefined) return answerFailure(error, at);
    return networkFailure(error, this.#options.url, QUERY_TIMEOUT_MS, MAX_QUERY_BYTES, SERVER);
  }
}

function answerFailure({ status, message }: QueryError, at: string): ReadFailure {
  if (status === 401 || status === 403)
    return failure(
      'unauthorized',
      `${at} refused access (HTTP ${status}): check prometheus.auth and prometheus.tls.`,
      status,
    );
  if (status === undefined || status === 404)
    return failure('http', `${at} has no Prometheus query API here: give the URL before /api/v1/query.`, status);
  return failure(status >= 500 ? 'unavailable' : 'http', quote(message), status);
}

function queryOf(match: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(match).map(([label, value]) => `,${label}=${JSON.stringify(value)}`);
  return `{__name__=~"${WANTED_NAMES}"${matchers.join('')}}[${QUERY_WINDOW_SECONDS}s]`;
}

/** The newest sample of each series, with the time at which it was scraped. */
function figuresOf(answer: readonly AnsweredSeries[]): {
  readonly figures: ReporterFigures;
  readonly unlabelled: number;
} {
  const figures = new ReporterFigures();
  let unlabelled = 0;
  for (const { labels, values } of answer) {
    const [seconds, value] = values.at(-1) ?? [];
    if (seconds === undefined || value === undefined) continue;
    const { __name__: name = '', instance = '' } = labels;
    const atMs = Math.round(seconds * 1000);
    if (!figures.add(instance, atMs, name, new Map(Object.entries(labels)), value)) unlabelled += 1;
  }
  return { figures, unlabelled };
}
