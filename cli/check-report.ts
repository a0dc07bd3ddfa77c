import type { Finding, Recommendation } from '../dashboard/contract.js';
import type { JobReport } from '../analyzer/engine/analyze.js';
import { inLanguage, type Language } from '../analyzer/text.js';
import { presentFinding, presentRecommendation } from '../dashboard/server/present/finding.js';

/** What `check` and `analyze` print as JSON. */
export interface CheckReport {
  readonly weir: string;
  readonly flinkVersion?: string;
  readonly cluster: string;
  readonly jobs: readonly {
    readonly jobId: string;
    readonly name: string;
    readonly state: string;
    readonly findings: readonly Finding[];
    readonly recommendations: readonly Recommendation[];
    readonly notEvaluated: readonly { readonly rule: string; readonly reason: string }[];
    readonly clear: readonly string[];
  }[];
}

export function checkReport(
  cluster: string,
  flinkVersion: string | undefined,
  reports: readonly JobReport[],
  weir: string,
  language: Language,
): CheckReport {
  return {
    weir,
    ...(flinkVersion === undefined ? {} : { flinkVersion }),
    cluster,
    jobs: reports.map((report) => ({
      jobId: report.jobId,
      name: report.jobName,
      state: report.history.detail.state,
      findings: report.findings.map((finding) => presentFinding(finding, language, report.history.simulated)),
      recommendations: report.recommendations.map((item) => presentRecommendation(item, language)),
      notEvaluated: report.notEvaluated.map((item) => inLanguage(item, language)),
      clear: report.clear,
    })),
  };
}
