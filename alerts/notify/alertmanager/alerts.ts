import { alertName } from '../../alert-name.js';
import { inLanguage, text, type Language } from '../../../analyzer/text.js';
import { linksBelow } from '../links.js';
import { sampleSighting } from '../sample.js';
import type { Sighting } from '../sighting.js';
import { evidenceInWords, oneLine } from '../words.js';

/** An alert of Alertmanager's API v2. Labels are its identity; an empty label is none. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * Longer than four times the beat at which alerts are sent again, as Prometheus does it: Alertmanager ends what is not renewed by then, and
 * `resolve_timeout` only counts where no end is named (prometheus.io/docs/alerting/latest/clients).
 */
export const HELD_MS = 300_000;

export interface AlertContext {
  readonly publicUrl: string | undefined;
  readonly language: Language;
  readonly owner: string | undefined;
}

/** The same name and labels as the exported Prometheus rules have, so that one routing tree serves both. */
export function findingAlert(sighting: Sighting, context: AlertContext, nowMs: number): Alert {
  const { rule, severity, cluster, jobName, jobId, vertex, vertexId, atMs, action } = sighting;
  const { publicUrl, language, owner } = context;
  const links = publicUrl === undefined ? undefined : linksBelow(publicUrl, language);
  const page = links?.job({ cluster, jobId, atMs, ...(vertexId === undefined ? {} : { vertexId }) });
  return {
    labels: {
      alertname: alertName(rule, severity === 'critical'),
      cluster: oneLine(cluster),
      job_name: oneLine(jobName),
      rule,
      severity,
      ...(vertex === undefined ? {} : { vertex: oneLine(vertex) }),
      ...(owner === undefined ? {} : { owner: oneLine(owner) }),
    },
    annotations: {
      summary: `${oneLine(jobName)} (${oneLine(cluster)}): ${oneLine(inLanguage(sighting.title, language))}`,
      description: [
        oneLine(inLanguage(sighting.summary, language)),
        ...sighting.evidence.map((item) => evidenceInWords(item, language)),
      ].join('\n'),
      ...(action === undefined ? {} : { action: oneLine(inLanguage(action.title, language)) }),
      ...(action?.diff === undefined ? {} : { diff: action.diff }),
      ...(links === undefined ? {} : { runbook_url: links.rule(rule) }),
      ...(page === undefined ? {} : { link: page }),
    },
    startsAt: new Date(sighting.firstSeenMs).toISOString(),
    endsAt: new Date(nowMs + HELD_MS).toISOString(),
    ...(page === undefined ? {} : { generatorURL: page }),
  };
}

export function lostClusterAlert(
  cluster: string,
  sinceMs: number,
  { publicUrl, language, owner }: AlertContext,
  nowMs: number,
): Alert {
  const page = publicUrl === undefined ? undefined : linksBelow(publicUrl, language).fleet(cluster);
  const summary = inLanguage(text('Weir cannot read the Flink cluster', 'Weir 无法读取 Flink 集群'), language);
  return {
    labels: {
      alertname: 'WeirClusterUnknown',
      cluster: oneLine(cluster),
      severity: 'warning',
      ...(owner === undefined ? {} : { owner: oneLine(owner) }),
    },
    annotations: { summary: `${summary} ${oneLine(cluster)}`, ...(page === undefined ? {} : { link: page }) },
    startsAt: new Date(sinceMs).toISOString(),
    endsAt: new Date(nowMs + HELD_MS).toISOString(),
    ...(page === undefined ? {} : { generatorURL: page }),
  };
}

export const alertKey = ({ labels }: Alert): string => JSON.stringify(Object.entries(labels).sort());

export function ended(alert: Alert, nowMs: number): Alert {
  return { ...alert, endsAt: new Date(nowMs).toISOString() };
}

/** For a test of the way to Alertmanager: an alert that nothing else is called like, and that ends by itself. */
export function alertSample(context: AlertContext, nowMs: number): Alert {
  const alert = findingAlert(sampleSighting(nowMs), context, nowMs);
  return { ...alert, labels: { ...alert.labels, alertname: 'WeirTest' } };
}
