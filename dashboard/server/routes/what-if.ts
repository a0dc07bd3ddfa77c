import { Router } from 'express';
import { z } from 'zod';
import type { WhatIfResponse } from '../../contract.js';
import { whatIf } from '../../../analyzer/tuning/what-if.js';
import { inLanguage } from '../../../analyzer/text.js';
import { jsonBody, parsedBody } from '../body.js';
import { languageOf } from '../query.js';
import type { ServerContext } from './context.js';
import { liveReport } from './live-report.js';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CHANGES = 200;
const MAX_TEXT_LENGTH = 1000;

const name = z.string().min(1).max(MAX_TEXT_LENGTH);
const value = z.union([z.number(), z.string().max(MAX_TEXT_LENGTH)], 'must be a number or a text');

const change = z
  .strictObject({
    scope: z.enum(['vertex', 'job', 'taskmanager', 'jobmanager']),
    vertexId: z.exactOptional(name),
    vertexName: z.exactOptional(z.string().max(MAX_TEXT_LENGTH)),
    key: z.exactOptional(name),
    from: z.exactOptional(value.nullable()),
    to: value,
    unit: z.exactOptional(z.string().max(MAX_TEXT_LENGTH)),
  })
  .refine(({ scope, vertexId }) => scope !== 'vertex' || vertexId !== undefined, {
    path: ['vertexId'],
    message: 'which vertex? Its id is needed where the scope is "vertex"',
  })
  .refine(({ scope, key }) => scope === 'vertex' || key !== undefined, {
    path: ['key'],
    message: 'which option? Its key is needed where the scope is not "vertex"',
  });

const whatIfRequest = z.strictObject({
  cluster: name,
  jobId: name,
  changes: z.array(change).min(1).max(MAX_CHANGES),
});

export function whatIfRoutes(context: ServerContext): Router {
  const router = Router();

  router.post('/whatif', jsonBody(MAX_BODY_BYTES), (request, response) => {
    const { cluster, jobId, changes } = parsedBody(request, whatIfRequest);
    const report = liveReport(context, cluster, jobId, 'Nothing to predict from');
    const language = languageOf(request);
    const { notPredicted, cost, ...forecast } = whatIf(changes, report.signals, report.history);
    const body: WhatIfResponse = {
      cluster,
      jobId,
      jobName: report.jobName,
      atMs: report.atMs,
      ...inLanguage(forecast, language),
      cost: { ...cost, ...context.priceOf?.({ memoryBytes: 0, ...cost }, report) },
      // What was asked is told back as it came.
      notPredicted: notPredicted.map((item) => ({ change: item.change, why: inLanguage(item.why, language) })),
    };
    response.json(body);
  });

  return router;
}
