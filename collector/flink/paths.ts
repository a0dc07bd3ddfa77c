/**
 * The paths Weir may ask for, and no others: some of Flink's GET paths stop jobs (`/jobs/:jobid/yarn-cancel`),
 * run user code or list files. `?get` marks paths that may carry `?get=`.
 */
const ALLOWED = [
  '/config',
  '/overview',
  '/jobs/overview',
  '/jobs/:jobid',
  '/jobs/:jobid/config',
  '/jobs/:jobid/jobmanager/config',
  '/jobs/:jobid/exceptions',
  '/jobs/:jobid/checkpoints',
  '/jobs/:jobid/checkpoints/config',
  '/jobs/:jobid/checkpoints/details/:checkpointid',
  '/jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid',
  '/jobs/:jobid/metrics?get',
  '/jobs/:jobid/rescales/history',
  '/jobs/:jobid/resource-requirements',
  '/jobs/:jobid/vertices/:vertexid',
  '/jobs/:jobid/vertices/:vertexid/metrics?get',
  '/jobs/:jobid/vertices/:vertexid/subtasks/metrics',
  '/jobs/:jobid/vertices/:vertexid/subtasks/metrics?get',
  '/jobmanager/config',
  '/jobmanager/metrics?get',
  '/taskmanagers',
  '/taskmanagers/:taskmanagerid',
  '/taskmanagers/:taskmanagerid/metrics?get',
] as const;

/** A path pattern; the label under which requests are counted and missing readings are named. */
export type Endpoint = (typeof ALLOWED)[number];

const PARAMETERS: Readonly<Record<string, string>> = {
  ':jobid': '[0-9a-fA-F]{32}',
  ':vertexid': '[0-9a-fA-F]{32}',
  ':checkpointid': '\\d+',
  ':taskmanagerid': '[^/?#]+',
};

function toPattern(endpoint: Endpoint): RegExp {
  const [path = '', query] = endpoint.split('?');
  const source = path.replace(/:[a-z]+/g, (name) => PARAMETERS[name] ?? name);
  return new RegExp(`^${source}${query === undefined ? '' : '\\?get=[^#&]+'}$`);
}

const PATTERNS: ReadonlyMap<Endpoint, RegExp> = new Map(ALLOWED.map((endpoint) => [endpoint, toPattern(endpoint)]));

/** Throws for a path outside the allow-list: that is a bug in Weir, not a state of the cluster. */
export function assertAllowed(endpoint: Endpoint, path: string): void {
  if (PATTERNS.get(endpoint)?.test(path) === true) return;
  throw new Error(`Weir must not ask for ${path}: it is not ${endpoint}, and only paths on the allow-list are read.`);
}
