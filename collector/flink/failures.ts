import type { ReadFailure, ReadFailureKind } from '../model/index.js';
import { MAX_QUOTED_CHARS } from './limits.js';
import { maskText } from './mask.js';

/** A URL as it may be shown: without user, password and query. */
export function showUrl(url: string): string {
  const end = url.indexOf('?');
  return maskText(end < 0 ? url : url.slice(0, end));
}

/** The first line of a foreign text, short and without secrets or control characters. */
export function quote(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  const plain = maskText(line.replace(/[\u0000-\u001f\u007f]+/g, ' '));
  return plain.length > MAX_QUOTED_CHARS ? `${plain.slice(0, MAX_QUOTED_CHARS)}…` : plain;
}

export function failure(kind: ReadFailureKind, message: string, status?: number): ReadFailure {
  return status === undefined ? { kind, message } : { kind, message, status };
}

interface NetworkError {
  readonly name: string;
  readonly code?: string | undefined;
  readonly message: string;
}

const TLS_TRUST = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
]);

/** Who should have answered, for the advice in a failure. */
export interface Peer {
  readonly process: string;
  readonly port: string;
}

const REST: Peer = { process: 'the JobManager', port: 'the REST port (8081 by default)' };

/** The failure for a request that brought no answer at all; `error` is what the HTTP client threw. */
export function networkFailure(
  error: NetworkError,
  url: string,
  timeoutMs: number,
  maxBodyBytes: number,
  peer: Peer = REST,
): ReadFailure {
  const at = showUrl(url);
  const code = error.code ?? '';
  if (error.name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code))
    return failure(
      'timeout',
      `${at} did not answer within ${timeoutMs / 1000} s: check that it is ${peer.port} and that ${peer.process} is not overloaded.`,
    );
  // undici says an HTTP proxy's refusal only in words: "Proxy response (403) !== 200 when HTTP Tunneling".
  const refusal = /^Proxy [^(]*\((\d{3})\)/.exec(error.message)?.[1];
  if (refusal !== undefined)
    return failure(
      refusal === '407' ? 'unauthorized' : 'unreachable',
      `${at}: the HTTP proxy on the way refused (HTTP ${refusal}): check the proxy of this cluster, its user and password, and what it lets through.`,
    );
  if (code === 'ECONNREFUSED')
    return failure(
      'unreachable',
      `${at} refused the connection: is ${peer.process} running, and is this ${peer.port}?`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failure('unreachable', `${at}: the host name is unknown here (${code}): check its spelling and the DNS.`);
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return failure('unreachable', `${at}: no route to this host (${code}): check the network and firewall.`);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return failure('too-large', `${at} answered with more than ${maxBodyBytes} bytes: the answer was dropped.`);
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return failure(
      'malformed',
      `${at} sent an answer that is cut off: check proxies between Weir and ${peer.process}.`,
    );
  if (error.name === 'HTTPParserError')
    return failure(
      'not-flink',
      `${at} does not speak HTTP here (${quote(error.message)}): check that this is ${peer.port}; https needs an https:// URL.`,
    );
  if (TLS_TRUST.has(code))
    return failure(
      'unreachable',
      `${at}: its TLS certificate is not trusted (${code}): give the cluster's CA in tls.ca.`,
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return failure('unreachable', `${at}: its TLS certificate is for another name: set tls.servername.`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS'))
    return failure(
      'unreachable',
      `${at}: TLS failed (${quote(error.message)}): check http against https, and tls.cert and tls.key if the cluster asks for a client certificate.`,
    );
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') {
    const advice = url.startsWith('https:')
      ? 'and give tls.cert and tls.key if the cluster asks for a client certificate'
      : 'and whether it wants https';
    return failure(
      'unreachable',
      `${at} closed the connection without an answer: check that this is ${peer.port}, ${advice}.`,
    );
  }
  return failure('unreachable', `${at} could not be read (${quote(code === '' ? error.message : code)}).`);
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly location?: string;
  readonly body: string;
}

const looksLikeHtml = (answer: HttpAnswer): boolean => answer.contentType.includes('html') || HTML.test(answer.body);
const HTML = /^\s*<(!doctype|html|head|body)/i;
const ERRORS = /^\s*\{\s*"errors"\s*:/;

/** Flink's first error line of an error body, or the body's first line. */
function errorLine(body: string): string {
  const match = /"errors"\s*:\s*\[\s*"((?:[^"\\]|\\.)*)"/.exec(body);
  const full = match?.[1] ?? body;
  // Often "Internal server error." comes first and the server's exception second.
  const cause = /<Exception on server side:\\n((?:[^"\\]|\\(?!n).)*)/.exec(body)?.[1];
  return quote((cause ?? full).split('\\n', 1)[0] ?? '');
}

/** 500s that mean "there is no such thing": REST-TRUTH §1.4. */
const GONE = /UnknownTaskExecutorException|FlinkJobNotFoundException/;

/** What nearly every answer is: it needs no look at what could be wrong. */
const isPlain = ({ status, contentType, body }: HttpAnswer): boolean =>
  status === 200 && contentType.startsWith('application/json') && !ERRORS.test(body) && !HTML.test(body);

/** The failure an HTTP answer stands for; undefined when its body is worth decoding. */
export function answerFailure(answer: HttpAnswer, url: string): ReadFailure | undefined {
  const { status } = answer;
  if (isPlain(answer)) return undefined;
  const at = showUrl(url);
  if (status === 401 || status === 403)
    return failure(
      'unauthorized',
      `${at} refused access (HTTP ${status}): check auth and tls of this cluster in the configuration.`,
      status,
    );
  if (status >= 300 && status < 400)
    return failure(
      'not-flink',
      `${at} redirects to ${quote(showUrl(answer.location ?? 'another address'))} (HTTP ${status}), which Weir does not follow: only the same path on the same host or a listed one; give the final URL, with https:// if it is that.`,
      status,
    );
  if (status >= 500) return serverFailure(answer, at);
  if (looksLikeHtml(answer))
    return failure(
      'not-flink',
      `${at} answered with an HTML page, not Flink's REST: check the port and path prefix.`,
      status,
    );
  if (status === 404 && answer.body.includes('File not found.') && url.endsWith('/overview'))
    return failure(
      'not-found',
      `${at} is not there: this is a History Server, which has ended jobs only; write kind: history-server in its entry.`,
      status,
    );
  if (status === 404)
    return failure('not-found', `${at} does not exist (HTTP 404: ${errorLine(answer.body)}).`, status);
  if (status < 200 || status >= 300)
    return failure('http', `${at} answered HTTP ${status}: ${errorLine(answer.body)}`, status);
  // The History Server archives errors and serves them as 200 (REST-TRUTH §5).
  if (ERRORS.test(answer.body))
    return failure('not-found', `${at} has no such data: ${errorLine(answer.body)}`, status);
  return undefined;
}

function serverFailure(answer: HttpAnswer, at: string): ReadFailure {
  const { status } = answer;
  if (GONE.test(answer.body)) return failure('not-found', `${at} is gone: ${errorLine(answer.body)}`, status);
  const said = looksLikeHtml(answer) ? 'an HTML page, probably of a proxy in front of it' : errorLine(answer.body);
  const advice = status === 503 ? 'it may be starting or electing a leader' : 'see the JobManager’s log if it stays';
  return failure('unavailable', `${at} is not available (HTTP ${status}: ${said}): ${advice}.`, status);
}
