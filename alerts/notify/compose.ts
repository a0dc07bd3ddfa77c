import { SEVERITIES, type Severity } from '../../analyzer/engine/finding.js';
import { inLanguage, type Language } from '../../analyzer/text.js';
import { jobHeadline, manyJobsHeadline } from './headline.js';
import { linksBelow } from './links.js';
import { MAX_ITEMS, type Notice, type NoticeItem } from './notice.js';
import type { Route } from './settings.js';
import type { Sighting } from './sighting.js';
import { evidenceInWords } from './words.js';

export interface Context {
  /** The address people use; missing: messages carry no links. */
  readonly publicUrl: string | undefined;
}

/** A sighting in the words of one language. */
export function itemOf(sighting: Sighting, language: Language, { publicUrl }: Context): NoticeItem {
  const { findingId, rule, severity, cluster, jobName, jobId, vertex, vertexId, action, firstSeenMs, atMs } = sighting;
  const links = publicUrl === undefined ? undefined : linksBelow(publicUrl, language);
  return {
    findingId,
    rule,
    severity,
    cluster,
    jobName,
    jobId,
    ...(vertex === undefined ? {} : { vertex }),
    title: inLanguage(sighting.title, language),
    summary: inLanguage(sighting.summary, language),
    evidence: sighting.evidence.map((item) => evidenceInWords(item, language)),
    ...(action === undefined
      ? {}
      : {
          action: {
            title: inLanguage(action.title, language),
            ...(action.diff === undefined ? {} : { diff: action.diff }),
          },
        }),
    ...(links === undefined
      ? {}
      : {
          link: links.job({ cluster, jobId, atMs, ...(vertexId === undefined ? {} : { vertexId }) }),
          runbook: links.rule(rule),
        }),
    firstSeenMs,
  };
}

interface Told {
  readonly id: string;
  readonly kind: 'opened' | 'reminder' | 'resolved';
  readonly route: Route;
  readonly cluster: string;
  readonly owner: string | undefined;
  readonly items: readonly NoticeItem[];
  readonly follows: readonly string[];
  readonly nowMs: number;
  readonly context: Context;
}

/** One message on causes of one job. */
export function jobNotice(told: Told): Notice {
  const items = worstFirst(told.items);
  const [worst] = items;
  return {
    ...common(told, items),
    kind: told.kind,
    headline: jobHeadline(told.kind, items, told.nowMs, told.route.language),
    ...(worst === undefined ? {} : { jobName: worst.jobName }),
    ...(worst?.link === undefined ? {} : { link: worst.link }),
  };
}

/** One message on causes in many jobs of one cluster: of each job the worst. */
export function manyJobsNotice(told: Told): Notice {
  const { kind, cluster, route, context } = told;
  const items = worstFirst(told.items);
  const perJob = [...new Map([...items].reverse().map((item) => [item.jobName, item])).values()];
  const link =
    context.publicUrl === undefined ? undefined : linksBelow(context.publicUrl, route.language).fleet(cluster);
  const count = { cluster, jobs: perJob.length, findings: items.length, mostly: mostFrequent(items) };
  return {
    ...common(told, worstFirst(perJob)),
    kind: kind === 'opened' ? 'many-jobs' : kind,
    headline: manyJobsHeadline(count, kind, route.language),
    ...(link === undefined ? {} : { link }),
  };
}

function common(
  { id, route, cluster, owner, follows, nowMs }: Told,
  items: readonly NoticeItem[],
): Pick<
  Notice,
  'id' | 'route' | 'language' | 'atMs' | 'severity' | 'cluster' | 'owner' | 'items' | 'more' | 'follows'
> {
  return {
    id,
    route: route.name,
    language: route.language,
    atMs: nowMs,
    severity: worstOf(items),
    cluster,
    ...(owner === undefined ? {} : { owner }),
    items: items.slice(0, MAX_ITEMS),
    more: Math.max(0, items.length - MAX_ITEMS),
    follows: [...new Set(follows)].slice(0, MAX_ITEMS),
  };
}

export function worstFirst(items: readonly NoticeItem[]): readonly NoticeItem[] {
  return [...items].sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      a.firstSeenMs - b.firstSeenMs ||
      (a.findingId < b.findingId ? -1 : 1),
  );
}

export function worstOf(items: readonly Pick<NoticeItem, 'severity'>[]): Severity {
  return items.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';
}

/** The first title of the rule that is there most often: titles name vertices, so each is another. */
function mostFrequent(items: readonly NoticeItem[]): string {
  const byRule = new Map<string, NoticeItem[]>();
  for (const item of items) byRule.set(item.rule, [...(byRule.get(item.rule) ?? []), item]);
  const [most] = [...byRule.values()].sort((a, b) => b.length - a.length);
  return most?.[0]?.title ?? '';
}
