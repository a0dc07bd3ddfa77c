import type { ClusterSim } from '../model/cluster-sim.js';
import type { JobSim } from '../model/job-sim.js';
import { checkpointBody, checkpointConfigBody, checkpointsBody, checkpointSubtasksBody } from './checkpoints.js';
import { jobBody, vertexBody } from './job.js';
import type { VertexState } from '../model/vertex-sim.js';
import { jobMetric, operatorOf, sourceMetricsOf, vertexMetric, vertexSummary } from './metrics.js';
import { FLINK_VERSION, jobsOverviewBody, overviewBody } from './overview.js';
import { taskManagerBody, taskManagerMetric } from './task-managers.js';

export interface SimAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Handler = (params: readonly string[], query: URLSearchParams) => unknown;

/** Answers the paths of Flink's REST that Weir reads, and says 404 the way Flink does for the rest. */
export function createRouter(cluster: ClusterSim): (path: string) => SimAnswer {
  const job = (id: string | undefined): JobSim | undefined => cluster.jobs.find(({ jobId }) => jobId === id);
  const routes: readonly (readonly [RegExp, Handler])[] = [
    [
      /^\/config$/,
      () => ({
        'refresh-interval': 3000,
        'timezone-name': 'UTC',
        'timezone-offset': 0,
        'flink-version': FLINK_VERSION,
        'flink-revision': '01e3a6d',
        features: { 'web-submit': false, 'web-cancel': false, 'web-rescale': false, 'web-history': false },
      }),
    ],
    [/^\/overview$/, () => overviewBody(cluster)],
    [/^\/jobs\/overview$/, () => jobsOverviewBody(cluster)],
    [/^\/jobs\/(\w{32})$/, ([id]) => with_(job(id), (found) => jobBody(found, cluster.nowMs))],
    [
      /^\/jobs\/(\w{32})\/config$/,
      ([id]) =>
        with_(job(id), (found) => ({
          jid: found.jobId,
          name: found.spec.name,
          'execution-config': {
            'execution-mode': 'PIPELINED',
            'restart-strategy': 'Exponential delay',
            'job-parallelism': -1,
            'object-reuse-mode': false,
            'user-config': {},
          },
        })),
    ],
    [/^\/jobs\/(\w{32})\/jobmanager\/config$/, ([id]) => with_(job(id), () => configuration())],
    [/^\/jobmanager\/config$/, () => configuration()],
    [/^\/jobmanager\/metrics$/, () => []],
    [
      /^\/jobs\/(\w{32})\/exceptions$/,
      ([id]) =>
        with_(job(id), () => ({
          'root-exception': null,
          timestamp: null,
          'all-exceptions': [],
          truncated: false,
          exceptionHistory: { entries: [], truncated: false },
        })),
    ],
    [
      /^\/jobs\/(\w{32})\/metrics$/,
      ([id], query) => with_(job(id), (found) => wanted(query, (metric) => jobMetric(found, metric))),
    ],
    [/^\/jobs\/(\w{32})\/checkpoints$/, ([id]) => with_(job(id), (found) => checkpointsBody(found, cluster.nowMs))],
    [/^\/jobs\/(\w{32})\/checkpoints\/config$/, ([id]) => with_(job(id), (found) => checkpointConfigBody(found))],
    [
      /^\/jobs\/(\w{32})\/checkpoints\/details\/(\d+)$/,
      ([id, number]) =>
        with_(job(id), (found) =>
          with_(
            found.checkpoints.find((checkpoint) => checkpoint.id === Number(number)),
            (checkpoint) => checkpointBody(found, checkpoint, cluster.nowMs),
          ),
        ),
    ],
    [
      /^\/jobs\/(\w{32})\/checkpoints\/details\/(\d+)\/subtasks\/(\w{32})$/,
      ([id, number, vertexId = '']) =>
        with_(job(id), (found) =>
          with_(
            found.checkpoints.find((checkpoint) => checkpoint.id === Number(number)),
            (checkpoint) => checkpointSubtasksBody(found, checkpoint, vertexId, cluster.nowMs),
          ),
        ),
    ],
    [
      /^\/jobs\/(\w{32})\/vertices\/(\w{32})$/,
      ([id, vertexId]) =>
        with_(job(id), (found) =>
          with_(
            found.vertices.find((vertex) => vertex.vertexId === vertexId),
            (vertex) => vertexBody(found, vertex, cluster.nowMs),
          ),
        ),
    ],
    [
      /^\/jobs\/(\w{32})\/vertices\/(\w{32})\/metrics$/,
      ([id, vertexId], query) =>
        with_(
          job(id)?.vertices.find((vertex) => vertex.vertexId === vertexId),
          (vertex) => wanted(query, (metric) => vertexMetric(vertex, metric)),
        ),
    ],
    [
      /^\/jobs\/(\w{32})\/vertices\/(\w{32})\/subtasks\/metrics$/,
      ([id, vertexId], query) =>
        with_(
          job(id)?.vertices.find((vertex) => vertex.vertexId === vertexId),
          (vertex) =>
            query.has('get')
              ? summaries(vertex, query)
              : sourceMetricsOf(vertex).map((metric) => ({ id: `${operatorOf(vertex)}.${metric}` })),
        ),
    ],
    [
      /^\/taskmanagers$/,
      () => ({
        taskmanagers: cluster.jobs.flatMap((each) =>
          each.taskManagers.map((tm) => taskManagerBody(each, tm, cluster.nowMs)),
        ),
      }),
    ],
    [
      /^\/taskmanagers\/([^/]+)$/,
      ([id = '']) => onTaskManager(id, (each, tm) => taskManagerBody(each, tm, cluster.nowMs)),
    ],
    [
      /^\/taskmanagers\/([^/]+)\/metrics$/,
      ([id = ''], query) => onTaskManager(id, (_, tm) => wanted(query, (metric) => taskManagerMetric(tm, metric))),
    ],
  ];

  function onTaskManager(id: string, answer: (job: JobSim, tm: JobSim['taskManagers'][number]) => unknown): unknown {
    for (const each of cluster.jobs) {
      const tm = each.taskManagers.find(({ taskManagerId }) => taskManagerId === decodeURIComponent(id));
      if (tm !== undefined) return answer(each, tm);
    }
    return undefined;
  }

  return (path) => {
    const url = new URL(path, 'http://sim');
    for (const [pattern, handler] of routes) {
      const match = pattern.exec(url.pathname);
      const body = match === null ? undefined : handler(match.slice(1), url.searchParams);
      if (body !== undefined) return { status: 200, body };
    }
    return { status: 404, body: { errors: [`Unable to load requested file ${url.pathname}.`] } };
  };
}

function with_<T>(found: T | undefined, answer: (found: T) => unknown): unknown {
  return found === undefined ? undefined : answer(found);
}

function wanted(
  query: URLSearchParams,
  value: (id: string) => string | undefined,
): readonly { id: string; value: string }[] {
  return (query.get('get') ?? '').split(',').flatMap((id) => {
    const known = value(id);
    return known === undefined ? [] : [{ id, value: known }];
  });
}

/** Flink answers with nothing at all as soon as one of the ids is not there. */
function summaries(vertex: VertexState, query: URLSearchParams): readonly object[] {
  const found = (query.get('get') ?? '').split(',').map((id) => vertexSummary(vertex, id));
  return found.every((summary) => summary !== undefined) ? found : [];
}

function configuration(): readonly { key: string; value: string }[] {
  return [
    { key: 'state.backend.type', value: 'rocksdb' },
    { key: 'execution.checkpointing.incremental', value: 'true' },
    { key: 'execution.checkpointing.dir', value: 's3://demo/checkpoints' },
    { key: 'jobmanager.scheduler', value: 'default' },
  ];
}
