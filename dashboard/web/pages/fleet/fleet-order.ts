import type { ClusterSummary, JobRow, Severity, Worst } from '../../../contract.ts';

const ORDER: Record<Worst, number> = { critical: 0, warning: 1, unknown: 2, info: 3, ok: 4 };

export interface FleetFilter {
  text: string;
  severity: string;
  cluster: string;
}

export interface FleetGroups {
  needYou: JobRow[];
  unknown: JobRow[];
  /** Nothing is told of them, and they are not yet known to be well. */
  unjudged: JobRow[];
  withAdvice: JobRow[];
  well: JobRow[];
}

export function groupJobs(jobs: readonly JobRow[], filter: FleetFilter): FleetGroups {
  const kept = jobs.filter((job) => isKept(job, filter)).sort(byUrgency);
  return {
    needYou: kept.filter((job) => job.worst === 'critical' || job.worst === 'warning'),
    unknown: kept.filter((job) => job.worst === 'unknown'),
    unjudged: kept.filter((job) => isCalm(job) && job.unjudged !== undefined),
    withAdvice: kept.filter((job) => job.worst === 'info' && job.unjudged === undefined),
    well: kept.filter((job) => job.worst === 'ok' && job.unjudged === undefined),
  };
}

const isCalm = ({ worst }: JobRow): boolean => worst === 'ok' || worst === 'info';

export function isFiltering(filter: FleetFilter): boolean {
  return filter.text.trim() !== '' || filter.severity !== '' || filter.cluster !== '';
}

function isKept(job: JobRow, { text, severity, cluster }: FleetFilter): boolean {
  if (cluster !== '' && job.cluster !== cluster) return false;
  if (severity !== '' && job.worst !== severity) return false;
  const hay = `${job.name} ${job.cluster} ${job.headline?.title ?? ''} ${job.headline?.rule ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** Worst first; then the least healthy, the most behind, the name. */
function byUrgency(a: JobRow, b: JobRow): number {
  return (
    ORDER[a.worst] - ORDER[b.worst] ||
    (a.health ?? 101) - (b.health ?? 101) ||
    (b.lagSeconds ?? 0) - (a.lagSeconds ?? 0) ||
    a.name.localeCompare(b.name) ||
    a.jobId.localeCompare(b.jobId)
  );
}

/** What the first line of the page has to say. */
export type FleetVerdict =
  | { kind: 'empty' }
  | { kind: 'well'; jobs: number; unknown: number; unjudged: number }
  | { kind: 'unjudged'; jobs: number; unknown: number }
  | { kind: 'need'; named: JobRow[]; more: number; total: number; worst: Severity }
  | { kind: 'allUnknown'; clusters: ClusterSummary[] };

const NAMED_MAX = 4;

export function fleetVerdict(jobs: readonly JobRow[], clusters: readonly ClusterSummary[]): FleetVerdict {
  const groups = groupJobs(jobs, { text: '', severity: '', cluster: '' });
  const [first] = groups.needYou;
  if (first !== undefined) {
    return {
      kind: 'need',
      named: groups.needYou.slice(0, NAMED_MAX),
      more: Math.max(0, groups.needYou.length - NAMED_MAX),
      total: groups.needYou.length,
      worst: first.worst === 'critical' ? 'critical' : 'warning',
    };
  }
  const away = clusters.filter((cluster) => cluster.state === 'unknown');
  const well = groups.well.length + groups.withAdvice.length;
  const [unknown, unjudged] = [groups.unknown.length, groups.unjudged.length];
  if (away.length > 0 && well + unjudged === 0) return { kind: 'allUnknown', clusters: away };
  if (jobs.length === 0) return { kind: 'empty' };
  if (well === 0 && unjudged > 0) return { kind: 'unjudged', jobs: unjudged, unknown };
  return { kind: 'well', jobs: well, unknown, unjudged };
}

/** The age of the oldest reading among the clusters that answer. */
export function fleetReadMs(clusters: readonly ClusterSummary[]): number | undefined {
  const reads = clusters.flatMap((c) => (c.state === 'reachable' && c.lastReadMs !== undefined ? [c.lastReadMs] : []));
  const all = reads.length > 0 ? reads : clusters.flatMap((c) => c.lastReadMs ?? []);
  return all.length === 0 ? undefined : Math.min(...all);
}
