import { request, type Dispatcher } from 'undici';

/** A series of an answer: its labels, and pairs of seconds and value. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: number])[];
}

export interface QueryApiOptions {
  readonly url: string;
  /** What it is called in errors, such as `VictoriaMetrics`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Sent with every request. Rejects when a secret's file cannot be read. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
  /** Which connections to use; undici's own without it. */
  readonly dispatcher?: (origin: string) => Promise<Dispatcher>;
}

/** The server has answered, but not with what was asked. `code` as undici's errors have one. */
export class QueryError extends Error {
  constructor(
    message: string,
    readonly status?: number,
    readonly code?: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  ) {
    super(message);
  }
}

/** The part of the Prometheus query API that is used. Rejects with undici's errors or a {@link QueryError}. */
export class QueryApi {
  readonly #options: QueryApiOptions;
  readonly #url: string;

  constructor(options: QueryApiOptions) {
    this.#options = options;
    this.#url = options.url.replace(/\/$/, '');
  }

  range(query: string, startMs: number, endMs: number, stepMs: number): Promise<readonly AnsweredSeries[]> {
    return this.#ask('/api/v1/query_range', { query, start: seconds(startMs), end: seconds(endMs), step: `${stepMs}ms` }); // prettier-ignore
  }

  /** Of a range selector (`…[60s]`) every sample as it was taken. */
  instant(query: string, atMs: number): Promise<readonly AnsweredSeries[]> {
    return this.#ask('/api/v1/query', { query, time: seconds(atMs), step: '1ms' });
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly AnsweredSeries[]> {
    const { what, timeoutMs, headers, dispatcher } = this.#options;
    // Without these VictoriaMetrics moves the times to whole steps, and leaves out the newest half minute.
    const form = new URLSearchParams({ ...parameters, nocache: '1', latency_offset: '1ms' });
    const url = `${this.#url}${path}`;
    const { statusCode, body } = await request(url, {
      method: 'POST',
      body: form.toString(),
      headers: { ...(await headers?.()), 'content-type': 'application/x-www-form-urlencoded' },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(dispatcher === undefined ? {} : { dispatcher: await dispatcher(new URL(url).origin) }),
    });
    const text = await this.#text(body as AsyncIterable<Buffer>);
    if (statusCode !== 200) throw new QueryError(`${what}: HTTP ${statusCode}: ${text.slice(0, 200)}`, statusCode);
    return decodeAnswer(text, what);
  }

  async #text(body: AsyncIterable<Buffer>): Promise<string> {
    const { what, maxBytes } = this.#options;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        throw new QueryError(`${what}: an answer of more than ${maxBytes} bytes`, undefined, 'UND_ERR_RES_EXCEEDED_MAX_SIZE'); // prettier-ignore
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Decodes `{data:{result:[{metric,values|value}]}}`. */
function decodeAnswer(text: string, what: string): readonly AnsweredSeries[] {
  const result = field(field(parsed(text), 'data'), 'result');
  if (!Array.isArray(result)) throw new QueryError(`${what}: the answer is not one of the Prometheus query API`);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pairOf(pair: unknown): readonly (readonly [number, number])[] {
  if (!Array.isArray(pair)) return [];
  const [at, value] = [Number(pair[0]), Number(pair[1])];
  return Number.isFinite(at) && Number.isFinite(value) ? [[at, value]] : [];
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  // An own property of an object, whatever it is.
  return (value as Readonly<Record<string, unknown>>)[name];
}
