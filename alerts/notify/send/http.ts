import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import type { Outcome } from '../outcome.js';

/** Time for one attempt, connection and answer together. */
const TIMEOUT_MS = 15_000;
/** No vendor's answer is longer; more is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface Post {
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answer =
  | { readonly ok: true; readonly status: number; readonly retryAfterMs?: number; readonly body: string }
  | { readonly ok: false; readonly why: string; readonly maybeArrived: boolean };

export interface Http {
  post(post: Post, nowMs: number): Promise<Answer>;
  close(): Promise<void>;
}

/** Posts JSON. Redirects are not followed: a webhook that moved is to be configured anew. */
export function createHttp(proxyOf: (url: URL) => string | undefined, timeoutMs = TIMEOUT_MS): Http {
  // Each message has a connection of its own: one that was closed meanwhile would look like a message that may have arrived.
  const options = { connectTimeout: timeoutMs, pipelining: 0 };
  const direct = new Agent(options);
  const proxies = new Map<string, ProxyAgent>();

  function dispatcherFor(url: URL): Dispatcher {
    const proxy = proxyOf(url);
    if (proxy === undefined) return direct;
    const agent = proxies.get(proxy) ?? new ProxyAgent({ uri: proxy, ...options });
    proxies.set(proxy, agent);
    return agent;
  }

  async function post({ url, body, headers = {} }: Post, nowMs: number): Promise<Answer> {
    if (!URL.canParse(url)) return { ok: false, why: 'there is no URL to send to', maybeArrived: false };
    const target = new URL(url);
    try {
      const response = await request(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'weir', ...headers },
        body: JSON.stringify(body),
        dispatcher: dispatcherFor(target),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const retryAfterMs = retryAfter(response.headers['retry-after'], nowMs);
      return {
        ok: true,
        status: response.statusCode,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        body: await textOf(response.body),
      };
    } catch (error) {
      return { ok: false, why: `${target.host}: ${reasonOf(error)}`, maybeArrived: !NOT_SENT.has(codeOf(error)) };
    }
  }

  return {
    post,
    close: async () => {
      await Promise.all([direct, ...proxies.values()].map((agent) => agent.destroy()));
    },
  };
}

/** Failures before the first byte of the message went out. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  if (error instanceof AggregateError) return codeOf(error) || 'cannot be reached';
  return error instanceof Error ? error.message || codeOf(error) : String(error);
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Seconds or a date (RFC 9110 §10.2.3). */
export function retryAfter(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/**
 * What an HTTP answer means where the body says nothing more: 2xx taken; 408, 425, 429 and 5xx worth another attempt; anything else will
 * be the same tomorrow. After 502 and 504 the message may have passed the proxy that gave up.
 */
export function outcomeOf(answer: Answer): Outcome {
  if (!answer.ok) return { kind: 'later', why: answer.why, maybeArrived: answer.maybeArrived };
  const { status, body, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const why = `HTTP ${status}${body.trim() === '' ? '' : `, ${shortened(body)}`}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return {
      kind: 'later',
      why,
      maybeArrived: status === 502 || status === 504 || status === 408,
      ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }),
    };
  }
  return { kind: 'refused', why };
}

const MAX_QUOTED = 200;

/** An answer in a log line. */
export function shortened(body: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is what this is for
  const line = body.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length <= MAX_QUOTED ? line : `${line.slice(0, MAX_QUOTED)}…`;
}
