import { readFile } from 'node:fs/promises';
import type { Clock } from '../clock.js';
import { TOKEN_FILE_MAX_AGE_MS } from './limits.js';

export interface FlinkAuth {
  readonly bearerToken?: string;
  /** Read again every `TOKEN_FILE_MAX_AGE_MS`, because mounted tokens rotate. Wins over `bearerToken`. */
  readonly bearerTokenFile?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of the next request. Rejects when the token file cannot be read. */
export type HeaderSource = () => Promise<Readonly<Record<string, string>>>;

export function createHeaderSource(auth: FlinkAuth | undefined, clock: Clock): HeaderSource {
  const fixed: Record<string, string> = { accept: 'application/json', 'user-agent': 'flink-weir', ...auth?.headers };
  if (auth?.basic !== undefined) {
    const { username, password } = auth.basic;
    fixed['authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  if (auth?.bearerToken !== undefined) fixed['authorization'] = `Bearer ${auth.bearerToken}`;
  const file = auth?.bearerTokenFile;
  if (file === undefined) return () => Promise.resolve(fixed);
  return rotatingToken(file, fixed, clock);
}

function rotatingToken(file: string, fixed: Readonly<Record<string, string>>, clock: Clock): HeaderSource {
  let headers: Readonly<Record<string, string>> | undefined;
  let readMs = 0;
  return async () => {
    if (headers === undefined || clock.nowMs() - readMs >= TOKEN_FILE_MAX_AGE_MS) {
      const token = (await readFile(file, 'utf8')).trim();
      headers = { ...fixed, authorization: `Bearer ${token}` };
      readMs = clock.nowMs();
    }
    return headers;
  };
}
