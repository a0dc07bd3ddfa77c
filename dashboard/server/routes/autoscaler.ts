import { Router } from 'express';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { inLanguage, text as words, type Language, type Text } from '../../../analyzer/text.js';
import type { AutoscalerVersion } from '../../../analyzer/tuning/autoscaler/options.js';
import { whatTheAutoscalerWouldDo, type OwnAdvice } from '../../../analyzer/tuning/autoscaler/what-it-would-do.js';
import type { AutoscalerResponse } from '../../contract.js';
import { badRequest } from '../problem.js';
import { languageOf, textParameter } from '../query.js';
import type { ServerContext } from './context.js';
import { liveReport } from './live-report.js';

const VERSIONS: readonly AutoscalerVersion[] = ['1.10.0', '1.15.0'];
const NEWEST: AutoscalerVersion = '1.15.0';

const LACKS_FIGURES = words(
  'It reads load, input rate and max parallelism of every vertex, and one of them is not known here.',
  '它需要每个顶点的负载、输入速率和最大并行度，其中有未知项。',
);

/** What the Kubernetes operator's autoscaler would make of a job, beside our own advice. */
export function autoscalerRoutes(context: ServerContext): Router {
  const router = Router();

  router.get('/jobs/:cluster/:jobId/autoscaler', (request, response) => {
    const { cluster, jobId } = request.params;
    const report = liveReport(context, cluster, jobId, 'Nothing to decide from');
    const asked = textParameter(request, 'version');
    const version = VERSIONS.find((known) => known === (asked ?? NEWEST));
    if (version === undefined) throw badRequest(`"version" must be ${VERSIONS.join(' or ')}, not ${asked ?? ''}.`);
    response.json(answerOf(report, version, languageOf(request)));
  });

  return router;
}

function answerOf(report: JobReport, version: AutoscalerVersion, language: Language): AutoscalerResponse {
  const { history, signals, cluster, jobId, jobName, atMs } = report;
  const about = { cluster, jobId, jobName, atMs, version };
  const [load, lag] = [signals.get('load'), signals.get('lag')];
  if (!load.ok) return { ...about, outcome: 'unknown', message: inLanguage(load.reason, language), vertices: [] };
  if (!lag.ok) return { ...about, outcome: 'unknown', message: inLanguage(lag.reason, language), vertices: [] };
  const answer = whatTheAutoscalerWouldDo(
    { history, load: load.value, lag: lag.value },
    ownAdvice(report),
    history.configuration,
    version,
  );
  if (answer.kind === 'refused') return { ...about, outcome: 'refused', message: answer.message, vertices: [] };
  if (answer.kind === 'unknown')
    return { ...about, outcome: 'unknown', message: inLanguage(LACKS_FIGURES, language), vertices: [] };
  const names = new Map(history.vertices.map(({ vertexId, name }) => [vertexId, name]));
  return {
    ...about,
    outcome: 'decided',
    slots: answer.view.slots,
    vertices: answer.view.vertices.map(({ why, ...vertex }) => ({
      ...vertex,
      vertexName: names.get(vertex.vertexId) ?? vertex.vertexId,
      ...(why === undefined ? {} : { why: inLanguage(why, language) }),
    })),
  };
}

/** Parallelisms of the first advice that sets one, and the causes at vertices for which none is advised. */
function ownAdvice({ recommendations, findings }: JobReport): OwnAdvice {
  const parallelism = new Map<string, number>();
  for (const { kind, changes } of recommendations) {
    if (kind !== 'parallelism') continue;
    for (const { scope, vertexId, to } of changes)
      if (scope === 'vertex' && vertexId !== undefined && typeof to === 'number' && !parallelism.has(vertexId))
        parallelism.set(vertexId, to);
  }
  const causes = new Map<string, Text>();
  for (const { role, basis, state, subject, title } of findings) {
    const { vertexId } = subject;
    if (role !== 'root' || basis !== 'measured' || state !== 'firing' || vertexId === undefined) continue;
    if (!parallelism.has(vertexId) && !causes.has(vertexId)) causes.set(vertexId, title);
  }
  return { parallelism, causes };
}
