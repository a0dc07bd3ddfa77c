import { Router } from 'express';
import { z } from 'zod';
import type { LiveFinding } from '../../../analyzer/engine/finding.js';
import { jsonBody, parsedBody } from '../body.js';
import { presentFinding } from '../present/finding.js';
import { ApiProblem, notFound } from '../problem.js';
import { languageOf } from '../query.js';
import { MAX_SNOOZES, SNOOZE_DAYS_MAX, SNOOZE_MS_MAX } from '../watch/snoozes.js';
import type { ServerContext } from './context.js';

const MAX_BODY_BYTES = 8 * 1024;
const REASON_LENGTH_MAX = 500;

/** `hasToken`: without one anybody who reaches the port could silence a finding, so then nobody can. */
export function snoozeRoutes(context: ServerContext, hasToken: boolean): Router {
  const router = Router();
  const { watch, nowMs } = context;

  router.post('/findings/:id/snooze', jsonBody(MAX_BODY_BYTES), (request, response) => {
    if (!hasToken) throw NO_TOKEN;
    const finding = findingBy(request.params.id, context);
    const { untilMs, reason = '' } = parsedBody(request, snoozeSchema(nowMs()));
    if (!watch.snooze(finding, { untilMs, reason })) {
      throw new ApiProblem(409, 'Too many snoozes', `${MAX_SNOOZES} findings are snoozed already; end some first.`);
    }
    const report = watch.report(finding.cluster, finding.jobId);
    const now = report?.findings.find(({ id }) => id === finding.id) ?? finding;
    response.json(presentFinding(now, languageOf(request), report?.history.simulated ?? false));
  });

  return router;
}

const NO_TOKEN = new ApiProblem(
  403,
  'No token configured',
  'Only who is signed in may snooze a finding, and this Weir has no token. Set WEIR_TOKEN, or server.tokenFile in weir.yaml, and start it again.',
);

function snoozeSchema(nowMs: number) {
  return z
    .strictObject({
      untilMs: z
        .number()
        .int()
        .min(0)
        .max(
          nowMs + SNOOZE_MS_MAX,
          `a snooze lasts ${SNOOZE_DAYS_MAX} days at most; the time is in epoch milliseconds`,
        ),
      reason: z.string().trim().max(REASON_LENGTH_MAX).optional(),
    })
    .refine(({ untilMs, reason = '' }) => untilMs <= nowMs || reason !== '', {
      path: ['reason'],
      message: 'say why, for those who read the report',
    });
}

/** By its id. The id holds percent signs; an address in which they were not encoded again means the same finding. */
function findingBy(given: string, { watch }: ServerContext): LiveFinding {
  const findings = watch.reports().flatMap((report) => report.findings);
  const found = findings.find(({ id }) => id === given) ?? findings.find(({ id }) => decodeURIComponent(id) === given);
  if (found === undefined) throw notFound(`There is no finding "${given}". See /api/v1/findings.`);
  return found;
}
