import type { JobReport } from '../../analyzer/engine/analyze.js';
import type { Evidence, LiveFinding, Severity } from '../../analyzer/engine/finding.js';
import type { Diffs } from '../../analyzer/engine/recommendation.js';
import type { Text } from '../../analyzer/text.js';

/** A finding that fires, with what a message would say of it, in every language. */
export interface Sighting {
  readonly findingId: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly cluster: string;
  readonly jobName: string;
  readonly jobId: string;
  readonly vertex?: string;
  readonly vertexId?: string;
  readonly title: Text;
  readonly summary: Text;
  readonly evidence: readonly Evidence[];
  readonly action?: { readonly title: Text; readonly diff?: string };
  readonly firstSeenMs: number;
  readonly atMs: number;
  /** False: it stands, but nobody is to be told: a symptom, an info, or put aside. */
  readonly isToTell: boolean;
}

/** One cluster as of one moment. */
export interface ClusterView {
  readonly cluster: string;
  readonly owner: string | undefined;
  /** `unknown`: it cannot be read; `gone`: nobody watches it any more. */
  readonly state: 'reachable' | 'unknown' | 'gone';
  readonly jobNames: readonly string[];
  readonly sightings: readonly Sighting[];
  /** When findings ended that are known to have ended, by id. */
  readonly resolved: ReadonlyMap<string, number>;
}

/** Lines of evidence in a message. */
const MAX_EVIDENCE = 2;
/** A diff longer than this is left to the page. */
const MAX_DIFF_LINES = 8;
const MAX_DIFF_CHARACTERS = 500;

/** What there is to tell of a cluster's jobs. Verdicts on the configuration never alert (they have their own list). */
export function viewOf(
  cluster: string,
  owner: string | undefined,
  state: ClusterView['state'],
  reports: readonly JobReport[],
): ClusterView {
  const measured = reports.flatMap((report) =>
    report.findings.filter(({ basis }) => basis === 'measured').map((finding) => ({ report, finding })),
  );
  return {
    cluster,
    owner,
    state,
    jobNames: [...new Set(reports.map(({ jobName }) => jobName))],
    sightings: measured
      .filter(({ finding }) => finding.state === 'firing')
      .map(({ report, finding }) => sightingOf(finding, report)),
    resolved: new Map(
      measured.flatMap(({ finding: { id, state: was, resolvedMs } }) =>
        was === 'resolved' && resolvedMs !== undefined ? [[id, resolvedMs] as const] : [],
      ),
    ),
  };
}

function sightingOf(finding: LiveFinding, { atMs, recommendations }: JobReport): Sighting {
  const { id, rule, severity, cluster, jobName, jobId, subject, title, summary, evidence, firstSeenMs } = finding;
  const advice = recommendations.find(({ findings }) => findings.includes(id));
  const diff = advice === undefined ? undefined : shortDiff(advice.diffs);
  return {
    findingId: id,
    rule,
    severity,
    cluster,
    jobName,
    jobId,
    ...(subject.vertexName === undefined ? {} : { vertex: subject.vertexName }),
    ...(subject.vertexId === undefined ? {} : { vertexId: subject.vertexId }),
    title,
    summary,
    evidence: evidence.slice(0, MAX_EVIDENCE),
    ...(advice === undefined ? {} : { action: { title: advice.title, ...(diff === undefined ? {} : { diff }) } }),
    firstSeenMs,
    atMs,
    isToTell: finding.role === 'root' && severity !== 'info' && finding.snoozed === undefined,
  };
}

function shortDiff(diffs: Diffs): string | undefined {
  const diff = diffs['config.yaml'] ?? diffs['flink-conf.yaml'] ?? diffs.sql ?? diffs.FlinkDeployment ?? diffs.cli;
  if (diff === undefined || diff.length > MAX_DIFF_CHARACTERS) return undefined;
  return diff.trim().split('\n').length > MAX_DIFF_LINES ? undefined : diff.trim();
}
