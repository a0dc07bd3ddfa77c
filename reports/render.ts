import type { Language } from '../analyzer/text.js';
import type { ReportFormat } from '../dashboard/contract.js';
import { renderHtml, type ChartSource } from './html.js';
import { renderJson } from './json.js';
import { renderMarkdown } from './markdown.js';
import type { WeeklyReport } from './model.js';
import { renderText } from './text.js';

/** The report as one text of the wanted kind; `chart` says where a page of HTML finds its pictures. */
export function renderReport(
  report: WeeklyReport,
  format: ReportFormat,
  language: Language,
  chart?: ChartSource,
): string {
  switch (format) {
    case 'json':
      return renderJson(report, language);
    case 'html':
      return renderHtml(report, language, chart);
    case 'markdown':
      return renderMarkdown(report, language);
    case 'text':
      return renderText(report, language);
  }
}
