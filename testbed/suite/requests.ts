/** How often Weir asked for one kind of page, and what came of it. */
export interface RequestCount {
  endpoint: string;
  outcome: string;
  count: number;
}

/** Answers that are part of how Flink is, with the reason. */
const KNOWN: readonly { endpoint: RegExp; outcome: string; why: string }[] = [
  { endpoint: /checkpoints/, outcome: 'unavailable', why: '500 while a job initialises, from 1.20 on' },
  { endpoint: /checkpoints\/details/, outcome: 'not-found', why: 'evicted between the list and its details' },
];

/** Every page that Weir reads of a running job. */
const EXPECTED = [
  '/jobs/overview',
  '/overview',
  '/taskmanagers',
  '/taskmanagers/:taskmanagerid',
  '/taskmanagers/:taskmanagerid/metrics?get',
  '/jobmanager/config',
  '/jobmanager/metrics?get',
  '/jobs/:jobid',
  '/jobs/:jobid/config',
  '/jobs/:jobid/metrics?get',
  '/jobs/:jobid/exceptions',
  '/jobs/:jobid/checkpoints',
  '/jobs/:jobid/checkpoints/config',
  '/jobs/:jobid/vertices/:vertexid',
  '/jobs/:jobid/vertices/:vertexid/metrics?get',
];

/** Requests that failed for no known reason, and pages of which no answer could be read. */
export function unexplained(counts: readonly RequestCount[]): string[] {
  const failed = counts
    .filter(({ outcome }) => outcome !== 'ok')
    .filter(({ endpoint, outcome }) => !KNOWN.some((one) => one.endpoint.test(endpoint) && one.outcome === outcome))
    .map(({ endpoint, outcome, count }) => `${count} request(s) for ${endpoint} ended ${outcome}`);
  const unread = EXPECTED.filter(
    (expected) =>
      !counts.some(({ endpoint, outcome, count }) => endpoint === expected && outcome === 'ok' && count > 0),
  ).map((endpoint) => `no answer of ${endpoint} was read`);
  return [...failed, ...unread];
}

/** What the reporters tell in every round, so that REST is asked for it only until they do. */
const TOLD_BY_REPORTERS = [
  '/jobs/:jobid/metrics?get',
  '/jobs/:jobid/vertices/:vertexid/metrics?get',
  '/taskmanagers/:taskmanagerid/metrics?get',
];
/** Requests of one kind in the rounds before the tasks of a job are all in the reporters' texts. */
const MOST_FROM_REST = 6;

/** Texts of reporters that were not read, and REST asked for what they tell. */
export function notFromReporters(counts: readonly RequestCount[]): string[] {
  const asked = (wanted: string): number =>
    counts.filter(({ endpoint }) => endpoint === wanted).reduce((sum, { count }) => sum + count, 0);
  const unread = asked('reporter') === 0 ? ['no reporter was read'] : [];
  const all = TOLD_BY_REPORTERS.map((endpoint) => ({ endpoint, count: asked(endpoint) }));
  return [
    ...unread,
    ...all
      .filter(({ count }) => count > MOST_FROM_REST)
      .map(({ endpoint, count }) => `REST was asked ${count} times for ${endpoint}, which reporters tell`),
  ];
}

const LINE = /^weir_collect_requests_total\{(?<labels>[^}]*)\} (?<count>\d+)/gm;

/** From Weir's `/metrics`. */
export function parseRequests(metrics: string): RequestCount[] {
  return [...metrics.matchAll(LINE)].map(({ groups = {} }) => ({
    endpoint: labelOf(groups['labels'] ?? '', 'endpoint'),
    outcome: labelOf(groups['labels'] ?? '', 'outcome'),
    count: Number(groups['count']),
  }));
}

const labelOf = (labels: string, name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
