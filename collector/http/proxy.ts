/** The HTTP proxy through which a URL is reached; undefined: directly. */
export type ProxyChoice = (url: URL) => string | undefined;

/** This machine is never behind a proxy. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The proxy that the customary variables name: HTTP_PROXY for http, HTTPS_PROXY for https, none for the hosts of NO_PROXY.
 * In lower case they win, as with curl.
 */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyChoice {
  const variable = (name: string): string | undefined => {
    const value = env[name.toLowerCase()] ?? env[name];
    return value === undefined || value === '' ? undefined : value;
  };
  const excluded = (variable('NO_PROXY') ?? '')
    .split(/[\s,]+/)
    .map((entry) => entry.toLowerCase())
    .filter((entry) => entry !== '');
  return (url) => {
    if (LOOPBACK.test(url.hostname) || excluded.some((entry) => isExcluded(url, entry))) return undefined;
    const proxy = variable(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
    // "proxy:3128" is customary beside "http://proxy:3128".
    return proxy === undefined || proxy.includes('://') ? proxy : `http://${proxy}`;
  };
}

/** `*`, a host, a domain with all below it (with or without a leading dot), each with or without a port. */
function isExcluded(url: URL, entry: string): boolean {
  if (entry === '*') return true;
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  const domain = host.replace(/^\*?\./, '');
  return url.hostname === domain || url.hostname.endsWith(`.${domain}`);
}

const portOf = ({ port, protocol }: URL): string => (port !== '' ? port : protocol === 'https:' ? '443' : '80');
