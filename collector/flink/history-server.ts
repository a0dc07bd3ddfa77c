import { systemClock, type Clock } from '../clock.js';
import { MAX_ENDED_JOBS } from '../limits.js';
import type { ReadFailure, Reading } from '../model/index.js';
import { parseJson } from './decode/body.decode.js';
import { decodeClusterConfig } from './decode/cluster-config.decode.js';
import { newestJobs } from './decode/finished-jobs.decode.js';
import { failure } from './failures.js';
import type { Endpoint } from './paths.js';
import { createTransport, type FlinkClientOptions, type Transport } from './transport.js';

/** What a History Server has archived of a job; everything else there is 404 (REST-TRUTH §5), so it is not asked for. */
const ARCHIVED: ReadonlySet<Endpoint> = new Set<Endpoint>([
  '/jobs/:jobid',
  '/jobs/:jobid/config',
  '/jobs/:jobid/jobmanager/config',
  '/jobs/:jobid/exceptions',
  '/jobs/:jobid/checkpoints',
  '/jobs/:jobid/checkpoints/config',
  '/jobs/:jobid/checkpoints/details/:checkpointid',
  '/jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid',
  '/jobs/:jobid/vertices/:vertexid',
]);

/** A History Server, read as a cluster that has nothing but ended jobs. */
export function createHistoryServerTransport(options: FlinkClientOptions): Transport {
  return asCluster(createTransport(options), options.clock ?? systemClock);
}

/** Answers what every cluster has and a History Server has not from what it does have, in Flink's own form. */
function asCluster(server: Transport, clock: Clock): Transport {
  return {
    get url() {
      return server.url;
    },
    get prefixBytes() {
      return server.prefixBytes;
    },
    async read(endpoint, path) {
      if (endpoint === '/overview') return overviewFrom(server, await server.read('/config', '/config'));
      if (endpoint === '/jobs/overview') return newest(server, await server.read(endpoint, path));
      if (endpoint === '/config' || ARCHIVED.has(endpoint)) return server.read(endpoint, path);
      const atMs = clock.nowMs();
      const nothing = NOTHING[endpoint];
      if (nothing !== undefined) return { ok: true, value: nothing, atMs };
      return { ok: false, failure: failure('not-found', `A History Server has no ${endpoint}.`), atMs };
    },
    setPace: (pace) => server.setPace(pace),
    close: () => server.close(),
  };
}

const NOTHING: Readonly<Partial<Record<Endpoint, string>>> = {
  '/taskmanagers': '{"taskmanagers":[]}',
  '/jobmanager/config': '[]',
};

function overviewFrom(server: Transport, config: Reading<string>): Reading<string> {
  if (!config.ok) return config;
  const json = parseJson(config.value);
  const decoded = json.ok ? decodeClusterConfig(json.value) : json;
  if (!decoded.ok) return { ...config, ok: false, failure: malformed(server, '/config', decoded.problem) };
  const { flinkVersion } = decoded.value;
  return { ...config, value: JSON.stringify({ 'flink-version': flinkVersion.text }) };
}

function newest(server: Transport, jobs: Reading<string>): Reading<string> {
  if (!jobs.ok) return jobs;
  const decoded = newestJobs(jobs.value, MAX_ENDED_JOBS);
  if (decoded.ok) return { ...jobs, value: decoded.value };
  return { ...jobs, ok: false, failure: malformed(server, '/jobs/overview', decoded.problem) };
}

const malformed = (server: Transport, path: string, problem: string): ReadFailure =>
  failure('malformed', `${server.url}${path} is not what a History Server of Flink says (${problem}): check the URL.`);
