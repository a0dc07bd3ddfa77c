interface Operation {
  readonly path: string;
  /** `get` unless said otherwise. */
  readonly method?: 'post';
  /** Name of the body's type. */
  readonly body?: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly answer: string;
}

/** The API as one table; the document is made from it, and a test holds it against the routes. */
export const OPERATIONS: readonly Operation[] = [
  { path: '/clusters', summary: 'Clusters, reachable or unknown', answer: 'ClustersResponse' },
  {
    path: '/jobs',
    summary: 'Jobs, worst first',
    query: {
      cluster: 'name of a cluster',
      state: 'Flink’s job state',
      severity: 'critical, warning, unknown, info or ok',
      q: 'part of a name or finding',
      lang: 'en or zh-CN',
    },
    answer: 'JobsResponse',
  },
  {
    path: '/jobs/{cluster}/{jobId}',
    summary: 'One job: figures, findings, recommendations, coverage; now or as it was',
    query: { at: 'epoch ms, for the past', lang: 'en or zh-CN' },
    answer: 'JobPage',
  },
  {
    path: '/jobs/{cluster}/{jobId}/series',
    summary: 'Down-sampled series; gaps are null',
    query: {
      metric: 'name of a metric',
      vertex: 'vertex id',
      subtask: 'index',
      from: 'epoch ms',
      to: 'epoch ms',
      points: 'wanted number of points',
    },
    answer: 'SeriesResponse',
  },
  {
    path: '/jobs/{cluster}/{jobId}/checkpoints',
    summary: 'Kept checkpoints',
    query: { from: 'epoch ms', to: 'epoch ms' },
    answer: 'CheckpointsResponse',
  },
  {
    path: '/jobs/{cluster}/{jobId}/exceptions',
    summary: 'Kept exceptions, grouped by cause',
    query: { from: 'epoch ms', to: 'epoch ms' },
    answer: 'ExceptionsResponse',
  },
  {
    path: '/jobs/{cluster}/{jobId}/events',
    summary: 'State changes, restarts, findings',
    query: { from: 'epoch ms', to: 'epoch ms' },
    answer: 'EventsResponse',
  },
  {
    path: '/jobs/{cluster}/{jobId}/autoscaler',
    summary: "What the Kubernetes operator's autoscaler would do, beside Weir's own advice",
    query: { version: '1.15.0 or 1.10.0, of the autoscaler', lang: 'en or zh-CN' },
    answer: 'AutoscalerResponse',
  },
  {
    path: '/findings',
    summary: 'Findings of all jobs, best rank first',
    query: {
      cluster: 'name',
      job: 'id or name',
      state: 'pending, firing or resolved',
      role: 'root or symptom',
      lang: 'en or zh-CN',
    },
    answer: 'FindingsResponse',
  },
  {
    path: '/findings/{id}/snooze',
    method: 'post',
    summary: 'Puts a finding aside until a time, or back when the time has passed; needs a token',
    query: { lang: 'en or zh-CN' },
    body: 'SnoozeRequest',
    answer: 'Finding',
  },
  {
    path: '/recommendations',
    summary: 'Changes that Weir proposes',
    query: { cluster: 'name', job: 'id or name', lang: 'en or zh-CN' },
    answer: 'RecommendationsResponse',
  },
  {
    path: '/whatif',
    method: 'post',
    summary: 'What changes would bring: busy, lag, catch-up, slots, memory',
    query: { lang: 'en or zh-CN' },
    body: 'WhatIfRequest',
    answer: 'WhatIfResponse',
  },
  { path: '/rules', summary: 'The rule book', query: { lang: 'en or zh-CN' }, answer: 'RulesResponse' },
  { path: '/rules/{id}', summary: 'One rule with its page', query: { lang: 'en or zh-CN' }, answer: 'RulePage' },
  {
    path: '/reports/{isoWeek}',
    summary: 'The weekly report over the stored history',
    query: { format: 'json, html, markdown or text', owner: 'only the clusters of one owner', lang: 'en or zh-CN' },
    answer: 'ReportResponse',
  },
  {
    path: '/shard',
    summary: 'What this process watches, for the other processes of its fleet',
    answer: 'ShardResponse',
  },
  { path: '/status', summary: 'Weir itself: version, clusters, store', answer: 'StatusResponse' },
  {
    path: '/stream',
    summary: 'Server-sent events: fleet and job changes',
    query: { lang: 'en or zh-CN' },
    answer: 'StreamEvent',
  },
];

/** OpenAPI 3.1. Bodies are described by name; their fields stand in dashboard/contract.ts. */
export function openApiDocument(version: string, basePath: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Weir',
      version,
      description:
        'Diagnoses of running Apache Flink jobs. Times are epoch milliseconds, ratios 0–1; missing figures are absent.',
    },
    servers: [{ url: `${basePath}api/v1` }],
    paths: Object.fromEntries(
      OPERATIONS.map((operation) => [operation.path, { [operation.method ?? 'get']: describe(operation) }]),
    ),
  };
}

function describe({ path, summary, query = {}, body, answer }: Operation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const content = path === '/stream' ? 'text/event-stream' : 'application/json';
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { title: body, type: 'object' } } },
          },
        }),
    responses: {
      200: { description: answer, content: { [content]: { schema: { title: answer, type: 'object' } } } },
      default: {
        description: 'RFC 9457 problem',
        content: { 'application/problem+json': { schema: { type: 'object' } } },
      },
    },
  };
}
