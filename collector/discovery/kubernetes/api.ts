import type { Clock } from '../../clock.js';
import type { ProxyChoice } from '../../http/proxy.js';
import type { ReadFailure, Reading } from '../../model/index.js';
import { createSourceClient, type SourceClient } from '../source-client.js';
import type { ApiAccess, ApiAccessResult } from './api-access.js';

/** The API server, logged in. */
export interface KubernetesApi {
  text(path: string, signal: AbortSignal): Promise<Reading<string>>;
  lines(path: string, signal: AbortSignal): Promise<Reading<AsyncIterable<string>>>;
  /** How it is reached; undefined before the first request. */
  access(): ApiAccess | undefined;
  close(): Promise<void>;
}

interface Session {
  readonly access: ApiAccess;
  readonly client: SourceClient;
}

export interface KubernetesApiOptions {
  readonly find: () => Promise<ApiAccessResult>;
  /** For an API server whose kubeconfig names no proxy. */
  readonly proxy?: ProxyChoice;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

export function createKubernetesApi({ find, proxy, clock, timeoutMs }: KubernetesApiOptions): KubernetesApi {
  let current: Promise<Session | ReadFailure> | undefined;
  let access: ApiAccess | undefined;

  async function logIn(): Promise<Session | ReadFailure> {
    const found = await find();
    if (!found.ok) {
      // The next request looks again.
      current = undefined;
      return found.failure;
    }
    access = found.value;
    const { auth, tls, proxy: own } = access;
    const through: ProxyChoice | undefined = own === undefined ? proxy : () => own;
    const client = createSourceClient({
      auth,
      tls,
      clock,
      ...(through === undefined ? {} : { proxy: through }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return { access, client };
  }

  /** Ends a session whose login was refused, and what still runs on it, unless another request has done so already. */
  async function renewed(refused: Promise<Session | ReadFailure>): Promise<void> {
    if (current !== refused) return;
    current = undefined;
    const session = await refused;
    if ('client' in session) await session.client.close();
  }

  /**
   * A refused login is tried once more with everything read again: token, certificate or kubeconfig may just have been
   * replaced.
   */
  async function ask<T>(request: (session: Session) => Promise<Reading<T>>): Promise<Reading<T>> {
    const isFresh = current === undefined;
    const used = (current ??= logIn());
    const session = await used;
    if (!('client' in session)) return { ok: false, failure: session, atMs: clock.nowMs() };
    const reading = await request(session);
    if (reading.ok || reading.failure.status !== UNAUTHORIZED) return reading;
    await renewed(used);
    return isFresh ? reading : ask(request);
  }

  return {
    text: (path, signal) => ask((session) => session.client.text(session.access.server + path, signal)),
    lines: (path, signal) => ask((session) => session.client.lines(session.access.server + path, signal)),
    access: () => access,
    async close() {
      const session = await current;
      if (session !== undefined && 'client' in session) await session.client.close();
    },
  };
}

const UNAUTHORIZED = 401;
