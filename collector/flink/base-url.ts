/** Where a cluster's REST is: the origin, the path prefix to put before every path, and the URL as it may be shown. */
export interface BaseUrl {
  readonly origin: string;
  /** Without a slash at its end; empty when the REST is at the root. */
  readonly prefix: string;
  readonly shown: string;
  /** User and password, when the URL carries them. */
  readonly basic?: { readonly username: string; readonly password: string };
}

/** Throws for text that is no http(s) URL: the configuration must be checked before. */
export function parseBaseUrl(text: string): BaseUrl {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`${url.protocol}//${url.host} is no http or https URL.`);
  const prefix = url.pathname.replace(/\/+$/, '');
  const place = { origin: url.origin, prefix, shown: url.origin + prefix };
  if (url.username === '') return place;
  return {
    ...place,
    basic: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
  };
}
