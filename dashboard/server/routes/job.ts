import { Router, type Request } from 'express';
import {
  isJobMetric,
  isTaskManagerMetric,
  isVertexMetric,
  JOB_METRICS,
  TASK_MANAGER_METRICS,
  VERTEX_METRICS,
  type JobEvent as StoredEvent,
  type SeriesMetric,
  type TimeRange,
} from '../../../collector/index.js';
import { anatomyOf } from '../../../analyzer/signals/checkpoints.js';
import { exceptionsOf } from '../../../analyzer/signals/exceptions.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { inLanguage, text as words, type Language, type Text } from '../../../analyzer/text.js';
import type {
  CheckpointRow,
  CheckpointsResponse,
  EventsResponse,
  ExceptionsResponse,
  JobEvent,
  JobPage,
  SeriesResponse,
} from '../../contract.js';
import type { Checkpoint } from '../../../collector/model/index.js';
import { presentCluster } from '../present/cluster.js';
import { pageInLanguage, presentJobPage } from '../present/job-page.js';
import { tradeOffOf } from '../present/trade-off.js';
import { badRequest, notFound } from '../problem.js';
import { languageOf, numberParameter, textParameter } from '../query.js';
import { PICTURE_STANDS_MS, pictureAt } from '../watch/pictures.js';
import type { ServerContext } from './context.js';

const DEFAULT_RANGE_MS = 3_600_000;
const MAX_RANGE_MS = 90 * 86_400_000;
const DEFAULT_POINTS = 120;
const MAX_POINTS = 2000;
/** Subtask lines in one answer; wider vertices are drawn in parts. */
const MAX_LINES = 256;

/** The last moment that a date can have. */
const MAX_DATE_MS = 8.64e15;

export function jobRoutes(context: ServerContext): Router {
  const router = Router();
  const { watch, store, nowMs, others } = context;

  function reportOf(request: Request): JobReport {
    const { cluster = '', jobId = '' } = request.params as Record<string, string | undefined>; // The route names both.
    const report = watch.report(cluster, jobId);
    if (report === undefined) throw notFound(`No job ${jobId} is known on cluster "${cluster}". See /api/v1/jobs.`);
    return report;
  }

  function rangeOf(request: Request): TimeRange {
    const toMs = numberParameter(request, 'to', 0, Number.MAX_SAFE_INTEGER) ?? nowMs();
    const fromMs = numberParameter(request, 'from', 0, Number.MAX_SAFE_INTEGER) ?? toMs - DEFAULT_RANGE_MS;
    if (fromMs >= toMs) throw badRequest(`"from" (${fromMs}) must be before "to" (${toMs}).`);
    if (toMs - fromMs > MAX_RANGE_MS) throw badRequest('The range may be 90 days at most.');
    return { fromMs, toMs };
  }

  function livePage(report: JobReport, language: Language): JobPage {
    const status = watch.statuses().find(({ name }) => name === report.cluster);
    if (status === undefined) throw notFound(`Cluster "${report.cluster}" is not watched any more.`);
    watch.look(report.cluster, report.jobId);
    const { lag, health } = watch.trends(report.cluster, report.jobName);
    const trends = { lag: lag.at(nowMs()), health: health.at(nowMs()) };
    return presentJobPage(report, presentCluster(status), language, nowMs(), trends);
  }

  async function pastPage(request: Request, atMs: number, language: Language): Promise<JobPage> {
    const { cluster = '', jobId = '' } = request.params as Record<string, string | undefined>; // The route names both.
    if (atMs > nowMs()) throw badRequest(`"at" (${atMs}) lies in the future.`);
    const report = watch.report(cluster, jobId);
    if (report !== undefined && atMs >= report.atMs) return { ...livePage(report, language), asOfMs: report.atMs };
    // A job that ended and was forgotten is found by its id; one that is known has its past under its name.
    const picture = await pictureAt(
      store,
      { cluster, jobId, ...(report === undefined ? {} : { jobName: report.jobName }) },
      atMs,
    );
    if (picture === undefined) {
      throw notFound(
        `Nothing is kept of job ${jobId} on cluster "${cluster}" as of ${isoOf(atMs)}: Weir did not watch it in the ${PICTURE_STANDS_MS / 60_000} minutes before, or that is longer ago than store.retention.rollup.`,
      );
    }
    return { ...pageInLanguage(picture.page, language), asOfMs: picture.atMs };
  }

  router.get('/jobs/:cluster/:jobId', async (request, response) => {
    const language = languageOf(request);
    const given = numberParameter(request, 'at', 0, MAX_DATE_MS);
    const atMs = given === undefined ? undefined : Math.floor(given);
    const { cluster = '', jobId = '' } = request.params as Record<string, string | undefined>; // The route names both.
    // Of a job that another process watches there is the picture that one took last.
    const pictureMs =
      atMs ?? (watch.report(cluster, jobId) === undefined ? others?.knownMs(cluster, jobId) : undefined);
    response.json(pictureMs === undefined ? livePage(reportOf(request), language) : await pastPage(request, pictureMs, language)); // prettier-ignore
  });

  router.get('/jobs/:cluster/:jobId/series', async (request, response) => {
    const report = reportOf(request);
    const metric = textParameter(request, 'metric') ?? 'busyRatio';
    const points = numberParameter(request, 'points', 2, MAX_POINTS) ?? DEFAULT_POINTS;
    const range = rangeOf(request);
    const job = { cluster: report.cluster, jobName: report.jobName };
    const lines = await Promise.all(
      linesOf(report, metric, request).map(async (line) => ({
        ...line,
        points: (
          await store.series({
            ...job,
            ...withoutLabel(line),
            metric: metric as SeriesMetric,
            ...range,
            points: Math.round(points),
          })
        ).map(({ atMs, value }): [number, number | null] => [atMs, value]),
      })),
    );
    const body: SeriesResponse = { metric, unit: unitOf(metric), ...range, lines };
    response.json(body);
  });

  router.get('/jobs/:cluster/:jobId/checkpoints', async (request, response) => {
    const report = reportOf(request);
    const range = rangeOf(request);
    const kept = await store.checkpoints({ cluster: report.cluster, jobName: report.jobName }, range);
    // What is read but not yet written stands in the hot window.
    const hot = report.history.checkpoints.filter(
      ({ triggerMs }) => triggerMs >= range.fromMs && triggerMs <= range.toMs,
    );
    const all = new Map(
      [...kept, ...hot].map((checkpoint) => [`${checkpoint.id}@${checkpoint.triggerMs}`, checkpoint]),
    );
    const { checkpointConfig: config } = report.history;
    const tradeOff = tradeOffOf(report);
    const body: CheckpointsResponse = {
      ...(tradeOff === undefined ? {} : { tradeOff }),
      checkpoints: [...all.values()]
        .sort((a, b) => a.triggerMs - b.triggerMs)
        .map((checkpoint) => checkpointRow(checkpoint, report)),
      ...(config?.intervalMs === undefined ? {} : { intervalMs: config.intervalMs }),
      ...(config === undefined ? {} : { timeoutMs: config.timeoutMs }),
    };
    response.json(body);
  });

  router.get('/jobs/:cluster/:jobId/exceptions', async (request, response) => {
    const report = reportOf(request);
    const kept = await store.exceptions({ cluster: report.cluster, jobName: report.jobName }, rangeOf(request));
    const all = new Map(
      [...kept, ...report.history.exceptions].map((item) => [
        `${item.atMs}|${item.exceptionName}|${item.taskName ?? ''}`,
        item,
      ]),
    );
    const { groups } = exceptionsOf({ ...report.history, exceptions: [...all.values()] });
    const body: ExceptionsResponse = {
      groups: groups.map(({ cause, count, firstSeenMs, lastSeenMs, taskName, stacktrace }) => ({
        title: cause.message === '' ? cause.exceptionClass : `${cause.exceptionClass}: ${cause.message}`,
        count,
        firstSeenMs,
        lastSeenMs,
        stacktrace,
        ...(taskName === undefined ? {} : { taskName }),
      })),
    };
    response.json(body);
  });

  router.get('/jobs/:cluster/:jobId/events', async (request, response) => {
    const report = reportOf(request);
    const events = await store.events({ cluster: report.cluster, jobName: report.jobName }, rangeOf(request));
    const body: EventsResponse = {
      events: events.map((event) => jobEvent(event, report, languageOf(request))),
    };
    response.json(body);
  });

  return router;
}

/** The store keeps English; a finding that is still known says its title in the language asked for. */
function jobEvent({ atMs, kind, text, ref }: StoredEvent, report: JobReport, language: Language): JobEvent {
  const finding = ref === undefined ? undefined : report.findings.find(({ id }) => id === ref);
  const title = finding === undefined || language === 'en' ? text : inLanguage(finding.title, language);
  return {
    atMs,
    kind: EVENT_KINDS[kind],
    title: inLanguage(EVENT_WORDS[kind] ?? PLAIN, language).replace('{title}', () => title),
    ...(finding === undefined || kind !== 'finding-opened' ? {} : { severity: finding.severity }),
  };
}

const PLAIN = words('{title}', '{title}');
const EVENT_WORDS: Readonly<Partial<Record<StoredEvent['kind'], Text>>> = {
  'new-job-id': words('Goes on under a new id: {title}', '以新 ID 继续运行：{title}'),
  'checkpoint-failed': words('Checkpoint failed: {title}', 'checkpoint 失败：{title}'),
  savepoint: words('Savepoint completed: {title}', 'savepoint 已完成：{title}'),
  'savepoint-failed': words('Savepoint failed: {title}', 'savepoint 失败：{title}'),
  version: words('Flink version: {title}', 'Flink 版本：{title}'),
  'finding-closed': words('Over: {title}', '已结束：{title}'),
  snooze: words('Snoozed: {title}', '已静默：{title}'),
};

const EVENT_KINDS: Readonly<Record<StoredEvent['kind'], JobEvent['kind']>> = {
  state: 'state',
  restart: 'restart',
  failure: 'failure',
  'new-job-id': 'restart',
  rescale: 'rescale',
  configuration: 'configuration',
  version: 'configuration',
  'checkpoint-failed': 'checkpoint',
  savepoint: 'checkpoint',
  'savepoint-failed': 'checkpoint',
  'finding-opened': 'finding',
  'finding-closed': 'finding',
  recommendation: 'finding',
  snooze: 'finding',
};

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

interface Line {
  readonly label: string;
  readonly vertexId?: string;
  readonly subtask?: number;
  readonly taskManagerId?: string;
}

function linesOf(report: JobReport, metric: string, request: Request): readonly Line[] {
  if (isJobMetric(metric)) return [{ label: report.jobName }];
  if (isTaskManagerMetric(metric)) {
    return report.history.taskManagers
      .slice(0, MAX_LINES)
      .map(({ taskManagerId }) => ({ label: taskManagerId, taskManagerId }));
  }
  if (!isVertexMetric(metric)) {
    const known = [VERTEX_METRICS, TASK_MANAGER_METRICS, JOB_METRICS].flatMap((metrics) => Object.keys(metrics));
    throw badRequest(`"metric" must be one of ${known.join(', ')}, not "${metric}".`);
  }
  const vertexId = textParameter(request, 'vertex');
  const vertex = report.history.vertices.find((candidate) => candidate.vertexId === vertexId);
  if (vertexId === undefined) {
    return report.history.vertices.map((each) => ({ label: each.name, vertexId: each.vertexId }));
  }
  if (vertex === undefined) throw notFound(`The job has no vertex "${vertexId}".`);
  const subtask = numberParameter(request, 'subtask', 0, 32_767);
  const wanted = subtask === undefined ? vertex.subtasks.map((each) => each.subtask) : [Math.round(subtask)];
  return wanted.slice(0, MAX_LINES).map((index) => ({ label: String(index), vertexId, subtask: index }));
}

function withoutLabel({ label: _label, ...line }: Line): Omit<Line, 'label'> {
  return line;
}

function unitOf(metric: string): string {
  const shapes: Readonly<Record<string, { readonly unit: string }>> = {
    ...VERTEX_METRICS,
    ...TASK_MANAGER_METRICS,
    ...JOB_METRICS,
  };
  return shapes[metric]?.unit ?? '';
}

function checkpointRow(checkpoint: Checkpoint, report: JobReport): CheckpointRow {
  const critical = anatomyOf(checkpoint, report.signals.job.topology)?.critical;
  return {
    id: checkpoint.id,
    status: checkpoint.status,
    isSavepoint: checkpoint.isSavepoint,
    triggerMs: checkpoint.triggerMs,
    durationMs: checkpoint.durationMs,
    stateSizeBytes: checkpoint.stateSizeBytes,
    acknowledgedSubtasks: checkpoint.acknowledgedSubtasks,
    subtasks: checkpoint.subtasks,
    ...(checkpoint.checkpointedSizeBytes === undefined
      ? {}
      : { checkpointedSizeBytes: checkpoint.checkpointedSizeBytes }),
    ...(checkpoint.failureMessage === undefined ? {} : { failureMessage: checkpoint.failureMessage }),
    ...(critical === undefined
      ? {}
      : {
          slowest: {
            vertexId: critical.vertexId,
            vertexName: report.signals.job.vertexName(critical.vertexId),
            subtask: critical.subtask,
            startDelayMs: critical.startDelayMs ?? 0,
            alignmentMs: critical.alignmentMs ?? 0,
            syncMs: critical.syncMs ?? 0,
            asyncMs: critical.asyncMs ?? 0,
          },
        }),
  };
}
