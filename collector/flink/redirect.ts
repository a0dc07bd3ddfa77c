import { parseBaseUrl, type BaseUrl } from './base-url.js';

/** Words of Flink's own paths: a "prefix" with one of them would turn what was asked into something else. */
const FLINK_PATH = /\/(jobs|jars|jobmanager|taskmanagers|cluster)(\/|$)/;

/**
 * Where a redirect leads, when it leads to the very same path of the same REST: on the same host or another JobManager of
 * the list, below the same or another prefix (YARN's proxy moves there), never from https to http. Undefined for anything
 * else, because some of Flink's GET paths stop jobs (REST-TRUTH §6) and a login page is no REST.
 */
export function redirectedBase(
  from: BaseUrl,
  path: string,
  location: string,
  own: readonly BaseUrl[],
): BaseUrl | undefined {
  const target = parsed(location, from.origin + from.prefix + path);
  if (target === undefined || !/^https?:$/.test(target.protocol)) return undefined;
  const origin = new URL(from.origin);
  if (origin.protocol === 'https:' && target.protocol === 'http:') return undefined;
  const isOwn = target.hostname === origin.hostname || own.some((base) => base.origin === target.origin);
  const full = target.pathname + target.search;
  const prefix = full.slice(0, -path.length);
  if (!isOwn || prefix + path !== full || FLINK_PATH.test(prefix)) return undefined;
  return parseBaseUrl(target.origin + prefix);
}

function parsed(location: string, base: string): URL | undefined {
  try {
    return new URL(location, base);
  } catch {
    return undefined;
  }
}
