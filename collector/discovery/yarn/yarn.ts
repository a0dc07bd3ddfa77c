import { systemClock, type Clock } from '../../clock.js';
import { parseJson } from '../../flink/decode/body.decode.js';
import { failure, showUrl } from '../../flink/failures.js';
import type { ProxyChoice } from '../../http/proxy.js';
import type { Reading } from '../../model/index.js';
import type { ClusterAccess, DiscoveredCluster, Discovery } from '../discovery.js';
import { YARN_INTERVAL_MS } from '../limits.js';
import { createPolledDiscovery } from '../polled.js';
import { createSourceClient } from '../source-client.js';
import { decodeApplications, type YarnApplication } from './applications.decode.js';
import { ApplicationNames } from './names.js';

export interface YarnOptions {
  /** The ResourceManagers of one YARN; the one that is active answers. At least one. */
  readonly urls: readonly string[];
  readonly user?: string;
  readonly queue?: string;
  readonly applicationTypes: readonly string[];
  /** For the ResourceManager and, because they are reached through its proxy, for the clusters. */
  readonly access?: ClusterAccess;
  readonly proxy?: ProxyChoice;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const SOURCE = 'yarn';

/** Flink clusters that run as applications on YARN, reached through YARN's web proxy. */
export function createYarnDiscovery(options: YarnOptions): Discovery {
  const { urls, access, proxy, clock = systemClock, random } = options;
  const client = createSourceClient({
    clock,
    ...(access?.auth === undefined ? {} : { auth: access.auth }),
    ...(access?.tls === undefined ? {} : { tls: access.tls }),
    ...(proxy === undefined ? {} : { proxy }),
  });
  const bases = urls.map((url) => url.replace(/\/+$/, ''));
  const names = new ApplicationNames();
  const query = queryOf(options);

  /** The standby answers with a redirect or not at all, so all are tried; the first one's failure is told. */
  async function read(signal: AbortSignal): Promise<Reading<readonly DiscoveredCluster[]>> {
    let first: Reading<never> | undefined;
    for (const base of bases) {
      const reading = await readFrom(base, signal);
      if (reading.ok) return { ...reading, value: clustersOf(reading.value, base) };
      first ??= reading;
    }
    return first ?? { ok: false, failure: failure('unreachable', 'No ResourceManager is given.'), atMs: clock.nowMs() };
  }

  async function readFrom(base: string, signal: AbortSignal): Promise<Reading<readonly YarnApplication[]>> {
    const url = `${base}/ws/v1/cluster/apps?${query}`;
    const reading = await client.text(url, signal);
    if (!reading.ok) return reading;
    const json = parseJson(reading.value);
    const decoded = json.ok ? decodeApplications(json.value) : json;
    if (decoded.ok) return { ...reading, value: decoded.value };
    const message = `${showUrl(url)} is not the REST of a YARN ResourceManager (${decoded.problem}): check discovery.yarn.url.`;
    return { ok: false, failure: failure('malformed', message), atMs: reading.atMs };
  }

  function clustersOf(applications: readonly YarnApplication[], base: string): readonly DiscoveredCluster[] {
    const byId = names.of(applications);
    return applications.map((application): DiscoveredCluster => ({
      name: byId.get(application.applicationId) ?? application.applicationId,
      urls: [proxyUrl(application, base)],
      source: SOURCE,
      labels: {
        'yarn.application': application.applicationId,
        ...(application.queue === undefined ? {} : { 'yarn.queue': application.queue }),
      },
      ...(application.user === undefined ? {} : { owner: application.user }),
      ...(access === undefined ? {} : { access }),
    }));
  }

  return createPolledDiscovery({
    source: SOURCE,
    intervalMs: YARN_INTERVAL_MS,
    read,
    close: () => client.close(),
    clock,
    ...(random === undefined ? {} : { random }),
  });
}

function queryOf({ user, queue, applicationTypes }: YarnOptions): string {
  const query = new URLSearchParams({ states: 'RUNNING', applicationTypes: applicationTypes.join(',') });
  if (user !== undefined) query.set('user', user);
  if (queue !== undefined) query.set('queue', queue);
  // Their requests for containers are most of the answer and nothing that matters here.
  query.set('deSelects', 'resourceRequests');
  return query.toString();
}

/** The application's web page by YARN's proxy, as YARN says it; JobManagers themselves are rarely reachable from outside. */
function proxyUrl({ applicationId, trackingUrl }: YarnApplication, base: string): string {
  const path = `/proxy/${applicationId}`;
  const isProxied = trackingUrl !== undefined && /^https?:\/\//.test(trackingUrl) && trackingUrl.includes(path);
  return isProxied ? trackingUrl.slice(0, trackingUrl.indexOf(path) + path.length) : base + path;
}
