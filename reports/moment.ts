import { max, present } from '../analyzer/numbers.js';
import type { LiveFinding } from '../analyzer/engine/finding.js';
import type { Recommendation } from '../analyzer/engine/recommendation.js';
import type { TaskManagerFigures } from '../dashboard/contract.js';
import type { Followed, JobMoment, Proposal, SeenFinding } from './facts.js';
import { heldOf } from './held.js';

/** What is read of a job's page as it was kept. */
export interface PageAsKept {
  readonly job: { readonly health?: number; readonly lagSeconds?: number; readonly parallelism?: number };
  readonly cluster: { readonly jobsRunning?: number };
  readonly taskManagers: readonly TaskManagerFigures[];
  readonly findings: readonly LiveFinding[];
  readonly recommendations: readonly Recommendation[];
}

export function momentOf(atMs: number, page: PageAsKept): JobMoment {
  const { health, lagSeconds, parallelism } = page.job;
  const alive = page.taskManagers.filter(({ gone }) => !gone);
  const heapRatio = max(
    present(
      alive.map(({ heapUsedBytes, heapMaxBytes }) =>
        heapUsedBytes === undefined || heapMaxBytes === undefined || heapMaxBytes <= 0
          ? undefined
          : heapUsedBytes / heapMaxBytes,
      ),
    ),
  );
  return {
    atMs,
    findings: page.findings.filter(({ state }) => state === 'firing').map(seenFinding),
    proposals: page.recommendations.flatMap(proposalOf),
    followed: page.recommendations.flatMap(followedOf),
    ...heldOf(alive, parallelism, page.cluster.jobsRunning),
    ...(health === undefined ? {} : { health }),
    ...(lagSeconds === undefined ? {} : { lagSeconds }),
    ...(heapRatio === undefined ? {} : { heapRatio }),
  };
}

function proposalOf(advice: Recommendation): Proposal[] {
  const { id, kind, title, findings, expected, confidence, diffs, cost, state } = advice;
  return state === 'proposed' ? [{ id, kind, title, findings, expected, confidence, diffs, cost }] : [];
}

function followedOf({ id, title, expected, outcomes, cost, state, appliedMs, judgedMs }: Recommendation): Followed[] {
  if (state === 'proposed' || appliedMs === undefined) return [];
  return [
    {
      id,
      title,
      expected,
      cost,
      state,
      appliedMs,
      ...(outcomes === undefined ? {} : { outcomes }),
      ...(judgedMs === undefined ? {} : { judgedMs }),
    },
  ];
}

export function seenFinding(finding: Omit<LiveFinding, 'role'> & Partial<Pick<LiveFinding, 'role'>>): SeenFinding {
  const { id, rule, title, severity, basis, role, subject, evidence } = finding;
  return {
    id,
    rule,
    title,
    severity,
    basis,
    isSymptom: role === 'symptom',
    evidence,
    ...(subject.vertexName === undefined ? {} : { vertexName: subject.vertexName }),
  };
}
