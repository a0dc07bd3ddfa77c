/** Addresses of the pages: pure text in, pure text out. Paths are relative to the base path and begin with `/`. */

export type Route =
  | { page: 'fleet' }
  | { page: 'job'; cluster: string; jobId: string }
  | { page: 'rules' }
  | { page: 'rule'; id: string }
  | { page: 'status' }
  | { page: 'missing'; path: string };

/** What stays in the address when the page changes. */
const LASTING_KEYS = ['lang', 'theme'];

export function parseRoute(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const words: string[] = [];
  for (const part of parts) {
    const word = decodeWord(part);
    if (word === undefined) return { page: 'missing', path };
    words.push(word);
  }
  const [first, second, third] = words;
  if (first === undefined) return { page: 'fleet' };
  if (first === 'jobs' && second !== undefined && third !== undefined && words.length === 3) {
    return { page: 'job', cluster: second, jobId: third };
  }
  if (first === 'rules' && words.length === 1) return { page: 'rules' };
  if (first === 'rules' && second !== undefined && words.length === 2) return { page: 'rule', id: second };
  if (first === 'status' && words.length === 1) return { page: 'status' };
  return { page: 'missing', path };
}

export function routePath(route: Route): string {
  switch (route.page) {
    case 'fleet':
      return '/';
    case 'job':
      return `/jobs/${encodeURIComponent(route.cluster)}/${encodeURIComponent(route.jobId)}`;
    case 'rules':
      return '/rules';
    case 'rule':
      return `/rules/${encodeURIComponent(route.id)}`;
    case 'status':
      return '/status';
    case 'missing':
      return route.path;
  }
}

/** `/weir/jobs/a/b` under the base `/weir/` → `/jobs/a/b`; `undefined` when the address is not below the base. */
export function belowBase(pathname: string, basePath: string): string | undefined {
  const base = basePath.endsWith('/') ? basePath : `${basePath}/`;
  if (pathname === base.slice(0, -1)) return '/';
  return pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : undefined;
}

/** The query with some keys set; an empty value or `null` takes the key out. */
export function patchQuery(search: string, patch: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === '') params.delete(key);
    else params.set(key, value);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

export function lastingQuery(search: string): string {
  const params = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const key of LASTING_KEYS) {
    const value = params.get(key);
    if (value !== null) kept.set(key, value);
  }
  const text = kept.toString();
  return text === '' ? '' : `?${text}`;
}

/** A list kept in one query value: `a,b` with `key` put in or taken out. */
export function toggleWord(list: string, key: string): string {
  const words = splitWords(list);
  return (words.includes(key) ? words.filter((word) => word !== key) : [...words, key]).join(',');
}

export function splitWords(list: string): string[] {
  return list.split(',').filter((word) => word !== '');
}

function decodeWord(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
