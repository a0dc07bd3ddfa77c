import { request } from 'undici';
import { MAX_ANSWER_BYTES, SERVER_TIMEOUT_MS } from '../limits.js';

/** A series of an answer: its labels, and pairs of seconds and value. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: number])[];
}

/** The part of the Prometheus query API that is used. */
export class QueryApi {
  readonly #url: string;
  readonly #authorization: string | undefined;

  constructor(url: string, authorization: string | undefined) {
    this.#url = url.replace(/\/$/, '');
    this.#authorization = authorization;
  }

  range(query: string, startMs: number, endMs: number, stepMs: number): Promise<readonly AnsweredSeries[]> {
    return this.#ask('/api/v1/query_range', { query, start: seconds(startMs), end: seconds(endMs), step: `${stepMs}ms` }); // prettier-ignore
  }

  instant(query: string, atMs: number): Promise<readonly AnsweredSeries[]> {
    return this.#ask('/api/v1/query', { query, time: seconds(atMs), step: '1ms' });
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly AnsweredSeries[]> {
    // Without these the server moves the times to whole steps, and leaves out the newest half minute.
    const form = new URLSearchParams({ ...parameters, nocache: '1', latency_offset: '1ms' });
    const { statusCode, body } = await request(`${this.#url}${path}`, {
      method: 'POST',
      body: form.toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(this.#authorization === undefined ? {} : { authorization: this.#authorization }),
      },
      headersTimeout: SERVER_TIMEOUT_MS,
      bodyTimeout: SERVER_TIMEOUT_MS,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES)
        throw new Error(`VictoriaMetrics: an answer of more than ${MAX_ANSWER_BYTES} bytes`);
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    if (statusCode !== 200) throw new Error(`VictoriaMetrics: HTTP ${statusCode}: ${text.slice(0, 200)}`);
    return decodeAnswer(JSON.parse(text));
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Decodes `{data:{result:[{metric,values|value}]}}`. */
function decodeAnswer(raw: unknown): readonly AnsweredSeries[] {
  const result = field(field(raw, 'data'), 'result');
  if (!Array.isArray(result)) throw new Error('VictoriaMetrics: the answer is not one of the Prometheus query API');
  return result.map((series: unknown) => {
    const values = field(series, 'values') ?? [field(series, 'value')];
    return {
      labels: Object.fromEntries(
        Object.entries(field(series, 'metric') ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      values: (Array.isArray(values) ? values : []).flatMap((pair: unknown) => pairOf(pair)),
    };
  });
}

function pairOf(pair: unknown): readonly (readonly [number, number])[] {
  if (!Array.isArray(pair)) return [];
  const [at, value] = [Number(pair[0]), Number(pair[1])];
  return Number.isFinite(at) && Number.isFinite(value) ? [[at, value]] : [];
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
