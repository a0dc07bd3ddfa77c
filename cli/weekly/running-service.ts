import { request } from 'undici';
import type { Language } from '../../analyzer/text.js';
import type { ReportFormat } from '../../dashboard/contract.js';
import { readSecret } from '../clusters.js';
import type { Config } from '../config/schema.js';
import { UsageError } from '../config/load.js';

/** A fleet's week is read in minutes. */
const TIMEOUT_MS = 600_000;

/** The embedded store has one owner: beside a service that runs, the report is asked of it. Rejects with a `UsageError`. */
export async function askRunningService(
  { server }: Pick<Config, 'server'>,
  asked: {
    readonly week: string;
    readonly format: ReportFormat;
    readonly language: Language;
    readonly owner: string | undefined;
  },
): Promise<string> {
  const query = new URLSearchParams({ format: asked.format, lang: asked.language });
  if (asked.owner !== undefined) query.set('owner', asked.owner);
  const host = server.listen.replace(/^(0\.0\.0\.0|\[::\])(?=:)/, '127.0.0.1');
  const url = `http://${host}${server.basePath}api/v1/reports/${asked.week}?${query.toString()}`;
  const token = server.tokenFile === undefined ? process.env['WEIR_TOKEN'] : readSecret(server.tokenFile);
  const headers = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  try {
    const { statusCode, body } = await request(url, { headers, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
    const text = await body.text();
    if (statusCode === 200) return text;
    throw new Error(`it answers ${statusCode}`);
  } catch (error) {
    throw new UsageError([
      `--data: a running Weir has this history, and ${url} cannot be asked (${error instanceof Error ? error.message : String(error)}); name its configuration with --config`,
    ]);
  }
}
