import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import type { ProxyChoice } from './proxy.js';
import { createTlsSource, type TlsMaterial, type TlsOptions, type TlsSource } from './tls.js';

export interface DispatcherOptions {
  readonly connections: number;
  /** For connecting and for the head of an answer. */
  readonly timeoutMs: number;
  /** Longest silence within a body. */
  readonly bodyTimeoutMs: number;
  /** No limit when missing: a watch streams for as long as it lasts. */
  readonly maxBodyBytes?: number;
  readonly tls?: TlsOptions;
  readonly proxy?: ProxyChoice;
  readonly clock: Clock;
}

/** undici's connection pools: one directly, one for each proxy; made anew when a certificate file has changed. */
export interface Dispatchers {
  /** Rejects with an `UnreadableFileError`, and throws for a proxy that is no URL. */
  forOrigin(origin: string): Promise<Dispatcher>;
  destroy(): Promise<void>;
}

export function createDispatchers(options: DispatcherOptions): Dispatchers {
  return new ReloadingDispatchers(options);
}

const DIRECT = '';
/**
 * Longer than the longest beat: with undici's 4 s each beat would connect anew, with TLS at a handshake each. Flink's own server has
 * no limit; a proxy that closes earlier is met as any closed connection is, by asking once more.
 */
const KEPT_ALIVE_MS = 75_000;
/** A cluster has a few addresses; redirects lead to no other. */
const MAX_ORIGINS = 64;

class ReloadingDispatchers implements Dispatchers {
  readonly #options: DispatcherOptions;
  readonly #tls: TlsSource;
  #material: TlsMaterial | undefined;
  #pools = new Map<string, Dispatcher>();
  readonly #proxies = new Map<string, string>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#tls = createTlsSource(options.tls ?? {}, options.clock);
  }

  async forOrigin(origin: string): Promise<Dispatcher> {
    const material = await this.#tls();
    if (material !== this.#material) this.#retire(material);
    const proxy = this.#proxyFor(origin);
    const known = this.#pools.get(proxy);
    if (known !== undefined) return known;
    const pool = proxy === DIRECT ? this.#direct(material) : this.#through(proxy, material);
    this.#pools.set(proxy, pool);
    return pool;
  }

  /** Chosen once: what the environment says does not change while Weir runs. */
  #proxyFor(origin: string): string {
    const known = this.#proxies.get(origin);
    if (known !== undefined) return known;
    const proxy = this.#options.proxy?.(new URL(origin)) ?? DIRECT;
    if (this.#proxies.size < MAX_ORIGINS) this.#proxies.set(origin, proxy);
    return proxy;
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  /** What runs on the old certificate may end; what comes next uses the new one. */
  #retire(material: TlsMaterial): void {
    this.#material = material;
    for (const pool of this.#pools.values()) void pool.close();
    this.#pools = new Map();
  }

  #direct(material: TlsMaterial): Dispatcher {
    return new Agent({ ...this.#common(), connect: { timeout: this.#options.timeoutMs, ...material } });
  }

  #through(proxy: string, material: TlsMaterial): Dispatcher {
    const { timeoutMs } = this.#options;
    return new ProxyAgent({
      ...this.#common(),
      uri: proxy,
      // Plain http goes the plain way: many proxies allow CONNECT to port 443 only.
      proxyTunnel: false,
      requestTls: { timeout: timeoutMs, ...material },
      proxyTls: { timeout: timeoutMs, ...(material.ca === undefined ? {} : { ca: material.ca }) },
    });
  }

  #common(): Agent.Options {
    const { connections, timeoutMs, bodyTimeoutMs, maxBodyBytes } = this.#options;
    return {
      connections,
      pipelining: 1,
      keepAliveTimeout: KEPT_ALIVE_MS,
      headersTimeout: timeoutMs,
      bodyTimeout: bodyTimeoutMs,
      ...(maxBodyBytes === undefined ? {} : { maxResponseSize: maxBodyBytes }),
    };
  }
}
