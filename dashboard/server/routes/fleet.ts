import { Router } from 'express';
import type {
  ClustersResponse,
  ClusterSummary,
  FindingsResponse,
  JobRow,
  JobsResponse,
  RecommendationsResponse,
} from '../../contract.js';
import { byUrgency } from '../../../analyzer/engine/rank.js';
import type { Language } from '../../../analyzer/text.js';
import { presentCluster } from '../present/cluster.js';
import { presentFinding, presentRecommendation } from '../present/finding.js';
import { presentJobRow } from '../present/job-row.js';
import { choiceParameter, languageOf, textParameter } from '../query.js';
import type { ServerContext } from './context.js';

const WORST = ['critical', 'warning', 'unknown', 'info', 'ok'] as const;

export function fleetRoutes(context: ServerContext): Router {
  const router = Router();

  router.get('/clusters', (_request, response) => {
    const body: ClustersResponse = { clusters: fleetClusters(context) };
    response.json(body);
  });

  router.get('/jobs', (request, response) => {
    const cluster = textParameter(request, 'cluster');
    const state = textParameter(request, 'state')?.toUpperCase();
    const severity = choiceParameter(request, 'severity', WORST);
    const q = textParameter(request, 'q')?.toLowerCase();
    const jobs = fleetRows(context, languageOf(request)).filter(
      (job) =>
        (cluster === undefined || job.cluster === cluster) &&
        (state === undefined || job.state === state) &&
        (severity === undefined || job.worst === severity) &&
        (q === undefined || `${job.name} ${job.cluster} ${job.headline?.title ?? ''}`.toLowerCase().includes(q)),
    );
    const body: JobsResponse = { jobs };
    response.json(body);
  });

  router.get('/findings', (request, response) => {
    const cluster = textParameter(request, 'cluster');
    const job = textParameter(request, 'job');
    const state = choiceParameter(request, 'state', ['pending', 'firing', 'resolved'] as const);
    const role = choiceParameter(request, 'role', ['root', 'symptom'] as const);
    const language = languageOf(request);
    const own = context.watch
      .reports()
      .flatMap((report) => report.findings.map((finding) => ({ finding, simulated: report.history.simulated })));
    const found = [...own, ...(context.others?.findings() ?? [])]
      .filter(
        ({ finding }) =>
          (cluster === undefined || finding.cluster === cluster) &&
          (job === undefined || finding.jobId === job || finding.jobName === job) &&
          (state === undefined || finding.state === state) &&
          (role === undefined || finding.role === role),
      )
      .sort((a, b) => byUrgency(a.finding, b.finding));
    const body: FindingsResponse = {
      findings: found.map(({ finding, simulated }) => presentFinding(finding, language, simulated)),
    };
    response.json(body);
  });

  router.get('/recommendations', (request, response) => {
    const cluster = textParameter(request, 'cluster');
    const job = textParameter(request, 'job');
    const language = languageOf(request);
    const body: RecommendationsResponse = {
      recommendations: [
        ...context.watch.reports().flatMap(({ recommendations }) => recommendations),
        ...(context.others?.recommendations() ?? []),
      ]
        .filter(
          (item) =>
            (cluster === undefined || item.cluster === cluster) &&
            (job === undefined || item.jobId === job || item.jobName === job),
        )
        .map((item) => presentRecommendation(item, language)),
    };
    response.json(body);
  });

  return router;
}

/** Every cluster, those of other processes too. */
export function fleetClusters({ watch, others, nowMs }: ServerContext): ClusterSummary[] {
  return [...watch.statuses().map(presentCluster), ...(others?.clusters(nowMs()) ?? [])];
}

/** Every job as a row, worst first. */
export function fleetRows(context: ServerContext, language: Language): JobRow[] {
  const nowMs = context.nowMs();
  const own = context.watch.reports().map((report) => {
    const { lag, health } = context.watch.trends(report.cluster, report.jobName);
    return presentJobRow(report, language, nowMs, { lag: lag.at(nowMs), health: health.at(nowMs) });
  });
  return [...own, ...(context.others?.rows(language, nowMs) ?? [])].sort(
    (a, b) =>
      WORST.indexOf(a.worst) - WORST.indexOf(b.worst) ||
      (a.health ?? 101) - (b.health ?? 101) ||
      (a.name < b.name ? -1 : 1),
  );
}
