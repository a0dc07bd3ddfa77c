import type { Finding, JobPage, Recommendation, VertexFigures } from '../../../contract.ts';

export interface RootStory {
  finding: Finding;
  symptoms: Finding[];
  advice: Recommendation[];
}

export interface JobStory {
  roots: RootStory[];
  configuration: Finding[];
  /** Advice that belongs to no finding told above. */
  otherAdvice: Recommendation[];
}

const SEVERITY_ORDER = { critical: 0, warning: 1, info: 2 } as const;

/** Findings as they are told: causes first, each with its symptoms folded beneath and its advice beside. */
export function tellStory(page: Pick<JobPage, 'findings' | 'recommendations'>): JobStory {
  const active = page.findings.filter((finding) => finding.state !== 'resolved');
  const byId = new Map(active.map((finding) => [finding.id, finding]));
  const isTold = (finding: Finding) => finding.basis === 'measured' || finding.severity === 'critical';
  const heads = active.filter((finding) => rootOf(finding, byId) === finding);
  const roots = heads.filter(isTold).sort(byRank);
  const told = new Map<string, RootStory>(roots.map((finding) => [finding.id, { finding, symptoms: [], advice: [] }]));
  const configuration: Finding[] = heads.filter((finding) => !isTold(finding)).sort(byRank);

  for (const finding of active) {
    const root = rootOf(finding, byId);
    if (root !== finding) told.get(root.id)?.symptoms.push(finding);
  }
  const otherAdvice: Recommendation[] = [];
  for (const advice of page.recommendations) {
    const story = advice.findings.map((id) => told.get(rootId(id, byId))).find((it) => it !== undefined);
    if (story === undefined) otherAdvice.push(advice);
    else story.advice.push(advice);
  }
  for (const story of told.values()) story.symptoms.sort(byRank);
  return { roots: [...told.values()], configuration, otherAdvice };
}

/** Follows `causedBy` up; an absent cause leaves the finding as its own head, and a circle ends where it began. */
function rootOf(finding: Finding, byId: ReadonlyMap<string, Finding>): Finding {
  const seen = new Set<string>();
  let at = finding;
  while (!seen.has(at.id)) {
    seen.add(at.id);
    const cause = at.causedBy.map((id) => byId.get(id)).find((it) => it !== undefined);
    if (cause === undefined) return at;
    at = cause;
  }
  return finding;
}

function rootId(id: string, byId: ReadonlyMap<string, Finding>): string {
  const finding = byId.get(id);
  return finding === undefined ? id : rootOf(finding, byId).id;
}

function byRank(a: Finding, b: Finding): number {
  return SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] || a.rank - b.rank;
}

/** The vertex to look at when the reader has chosen none: the cause, else what the worst finding is about, else the busiest. */
export function vertexToWatch(page: Pick<JobPage, 'vertices' | 'findings'>, chosen: string): VertexFigures | undefined {
  const of = (id: string | undefined) => page.vertices.find((vertex) => vertex.vertexId === id);
  const worst = [...page.findings].sort(byRank).find((finding) => of(finding.subject.vertexId) !== undefined);
  const busiest = [...page.vertices].sort((a, b) => (b.busyRatioMax ?? 0) - (a.busyRatioMax ?? 0))[0];
  return (
    of(chosen) ?? page.vertices.find((vertex) => vertex.mark === 'cause') ?? of(worst?.subject.vertexId) ?? busiest
  );
}

/** The moment that `?at=` asks for, in epoch milliseconds; anything else asks for now. */
export function momentOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
