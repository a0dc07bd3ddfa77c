import { Router, type Request, type Response } from 'express';
import { REPORT_FORMATS, type ReportFormat } from '../../contract.js';
import { sendText } from '../compress.js';
import { badRequest, notFound } from '../problem.js';
import { choiceParameter, languageOf, textParameter } from '../query.js';
import type { ServerContext } from './context.js';

const CONTENT_TYPES: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};

export function reportRoutes(context: ServerContext): Router {
  const router = Router();
  router.get('/reports/:isoWeek', async (request, response) => {
    await sendReport(context, request, response, choiceParameter(request, 'format', REPORT_FORMATS) ?? 'json');
  });
  return router;
}

/** The report of the week that the address names, as one text. */
export async function sendReport(
  { weeklyReports, nowMs }: ServerContext,
  request: Request<{ isoWeek: string }>,
  response: Response,
  format: ReportFormat,
): Promise<void> {
  const { isoWeek } = request.params;
  const fromMs = weeklyReports.startMs(isoWeek);
  if (fromMs === undefined) throw badRequest(`"${isoWeek}" is not an ISO week; write it as 2026-W47.`);
  if (fromMs > nowMs()) throw notFound(`The week ${isoWeek} has not begun; there is nothing to report yet.`);
  const text = await weeklyReports.render(
    isoWeek,
    fromMs,
    format,
    languageOf(request),
    textParameter(request, 'owner'),
  );
  response.set('Content-Type', CONTENT_TYPES[format]);
  await sendText(request, response, text);
}
