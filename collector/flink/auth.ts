import type { Clock } from '../clock.js';
import { createKeptFile } from '../http/kept-file.js';

export interface FlinkAuth {
  readonly bearerToken?: string;
  /** Read again now and then, because mounted tokens rotate. Wins over `bearerToken`. */
  readonly bearerTokenFile?: string;
  readonly basic?: { readonly username: string } & ({ readonly password: string } | { readonly passwordFile: string });
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of the next request. Rejects when a secret's file cannot be read. */
export type HeaderSource = () => Promise<Readonly<Record<string, string>>>;

export function createHeaderSource(auth: FlinkAuth | undefined, clock: Clock): HeaderSource {
  const fixed: Record<string, string> = { accept: 'application/json', 'user-agent': 'flink-weir', ...auth?.headers };
  const authorization = authorizationSource(auth, clock);
  if (authorization === undefined) return () => Promise.resolve(fixed);
  return async () => ({ ...fixed, authorization: await authorization() });
}

function authorizationSource(auth: FlinkAuth | undefined, clock: Clock): (() => Promise<string>) | undefined {
  if (auth?.bearerTokenFile !== undefined) {
    const token = createKeptFile(auth.bearerTokenFile, 'the bearer token file', clock);
    return async () => `Bearer ${(await token()).trim()}`;
  }
  if (auth?.bearerToken !== undefined) return () => Promise.resolve(`Bearer ${auth.bearerToken ?? ''}`);
  const basic = auth?.basic;
  if (basic === undefined) return undefined;
  if ('password' in basic) return () => Promise.resolve(basicHeader(basic.username, basic.password));
  const password = createKeptFile(basic.passwordFile, 'the password file', clock);
  return async () => basicHeader(basic.username, (await password()).split(/\r?\n/, 1)[0] ?? '');
}

const basicHeader = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
