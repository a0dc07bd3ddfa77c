import type { Language, Problem } from '../../contract.ts';

/** A failed request, already in words a person can act on. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
  ) {
    super(detail);
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;

export function apiPath(words: readonly string[], query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return `api/v1/${words.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

export interface Answer<T> {
  body: T;
  /** The server's clock minus the browser's, when the server says its time. */
  clockOffsetMs: number | undefined;
}

const warmed = new Map<string, Promise<Response>>();

/** Asks already while the page's code is still on its way; the first `getJson` of that path takes the answer. */
export function warm(path: string, language: Language): void {
  const coming = ask(path, language);
  coming.catch(() => undefined);
  warmed.set(path, coming);
}

export async function getJson<T>(path: string, language: Language, signal: AbortSignal): Promise<Answer<T>> {
  const early = warmed.get(path);
  warmed.delete(path);
  const response = await (early ?? ask(path, language, signal));
  if (!response.ok) throw await toError(response);
  // The server is our own and `contract.ts` is compiled into both sides, so its answer is trusted here.
  const body = (await response.json()) as T;
  return { body, clockOffsetMs: clockOffset(response) };
}

/** Asks a question that has a body; it changes nothing on the server. */
export async function postJson<T>(path: string, body: unknown, language: Language, signal: AbortSignal): Promise<T> {
  const response = await fetch(new URL(path, document.baseURI), {
    method: 'POST',
    headers: { Accept: 'application/json', 'Accept-Language': language, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw await toError(response);
  return (await response.json()) as T; // As above.
}

function ask(path: string, language: Language, signal?: AbortSignal): Promise<Response> {
  const headers = { Accept: 'application/json', 'Accept-Language': language };
  return fetch(new URL(path, document.baseURI), signal === undefined ? { headers } : { headers, signal });
}

async function toError(response: Response): Promise<ApiError> {
  const text = await response.text();
  const problem = readProblem(text);
  return new ApiError(
    response.status,
    problem.title ?? `HTTP ${response.status}`,
    problem.detail ?? response.statusText,
  );
}

function readProblem(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function clockOffset(response: Response): number | undefined {
  const serverMs = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(serverMs) ? undefined : serverMs - Date.now();
}
