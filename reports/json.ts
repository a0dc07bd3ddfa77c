import { inLanguage, type Language } from '../analyzer/text.js';
import type { ReportResponse } from '../dashboard/contract.js';
import type { WeeklyReport } from './model.js';

/** The report as the API answers it, in one language. */
export function reportResponse(report: WeeklyReport, language: Language): ReportResponse {
  const { sections, ...whole } = report;
  return inLanguage(
    {
      ...whole,
      // What the fleet's curve and days are made of is in them.
      sections: sections.map(({ curve: _curve, curveBefore: _before, days: _days, ...section }) => section),
    },
    language,
  );
}

export function renderJson(report: WeeklyReport, language: Language): string {
  return `${JSON.stringify(reportResponse(report, language), undefined, 2)}\n`;
}
