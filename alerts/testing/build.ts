import { text } from '../../analyzer/text.js';
import type { Notice, NoticeItem } from '../notify/notice.js';
import type { Route } from '../notify/settings.js';
import type { ClusterView, Sighting } from '../notify/sighting.js';

export const MINUTE_MS = 60_000;

export function routeOf(more: Partial<Route> = {}): Route {
  return {
    name: 'all',
    channels: ['chat'],
    match: { severity: 'warning' },
    goesOn: false,
    language: 'en',
    groupWaitMs: 0,
    repeatMs: 240 * MINUTE_MS,
    tellsResolved: true,
    ...more,
  };
}

/** A cause that fires: `job/rule` is its id. */
export function sightingOf(id: string, more: Partial<Sighting> = {}): Sighting {
  const [jobName = '', rule = 'skew-hot-key'] = id.split('/');
  return {
    findingId: id,
    rule,
    severity: 'warning',
    cluster: 'prod-a',
    jobName,
    jobId: `id-of-${jobName}`,
    vertex: 'Keyed Aggregate',
    vertexId: 'v1',
    title: text(`Trouble of ${rule}`, `${rule} 的问题`),
    summary: text('It is slow.', '很慢。'),
    evidence: [
      {
        signal: 'busy',
        label: text('busy', '繁忙'),
        value: 0.98,
        unit: 'ratio',
        threshold: 0.8,
        comparison: '>=',
        windowMs: 60_000,
      },
    ],
    action: { title: text('Raise it', '提高它'), diff: '- a: 1\n+ a: 2' },
    firstSeenMs: 1_000,
    atMs: 2_000,
    isToTell: true,
    ...more,
  };
}

export function viewWith(sightings: readonly Sighting[], more: Partial<ClusterView> = {}): ClusterView {
  return {
    cluster: 'prod-a',
    owner: 'payments',
    state: 'reachable',
    jobNames: [...new Set(sightings.map(({ jobName }) => jobName))],
    sightings,
    resolved: new Map(),
    ...more,
  };
}

export function itemWith(more: Partial<NoticeItem> = {}): NoticeItem {
  return {
    findingId: 'prod-a~orders~skew-hot-key~vertex:v1',
    rule: 'skew-hot-key',
    severity: 'critical',
    cluster: 'prod-a',
    jobName: 'orders',
    jobId: 'a1b2',
    vertex: 'Keyed Aggregate',
    title: 'One key carries 45 % of the records',
    summary: 'One subtask does the work of all.',
    evidence: ['busy: 98 % (limit ≥ 80 %), over 60 s'],
    action: { title: 'Aggregate in two phases', diff: '- a: 1\n+ a: 2' },
    link: 'https://weir.example/jobs/prod-a/a1b2?at=1&lang=en',
    runbook: 'https://weir.example/rules/skew-hot-key?lang=en',
    firstSeenMs: 1_000,
    ...more,
  };
}

export function noticeWith(more: Partial<Notice> = {}): Notice {
  return {
    id: 'all-1-1',
    kind: 'opened',
    route: 'all',
    language: 'en',
    atMs: 1_000,
    severity: 'critical',
    cluster: 'prod-a',
    owner: 'payments',
    jobName: 'orders',
    headline: 'orders (prod-a): One key carries 45 % of the records',
    items: [itemWith()],
    more: 0,
    follows: [],
    link: 'https://weir.example/jobs/prod-a/a1b2?at=1&lang=en',
    ...more,
  };
}
