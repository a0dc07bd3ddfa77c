import type { Evidence, Severity } from '../analyzer/engine/finding.js';
import type { Dialect, ExpectedEffect } from '../analyzer/engine/recommendation.js';
import type { Text } from '../analyzer/text.js';
import type { Cost } from './cost.js';
import type { JobMoment, Proposal } from './facts.js';
import type { FindingLine } from './finding-lines.js';

/** A change to make, and what speaks for it. */
export interface Action {
  readonly cluster: string;
  readonly jobName: string;
  readonly owner?: string;
  readonly title: Text;
  readonly finding: Pick<FindingLine, 'id' | 'rule' | 'title' | 'severity' | 'basis' | 'firingMs'>;
  /** Missing where the change is none of configuration (code, an outside system). */
  readonly diff?: { readonly dialect: Dialect; readonly text: string };
  readonly evidence: readonly Evidence[];
  readonly expected?: ExpectedEffect;
  /** In a week, estimated. */
  readonly saving?: Cost;
}

/** The first that a change has is shown: what people keep in version control before what is typed once. */
const DIALECTS: readonly Dialect[] = ['config.yaml', 'flink-conf.yaml', 'FlinkDeployment', 'sql', 'cli', 'rest'];
/** Enough to believe it; the job's page has the rest. */
const MAX_EVIDENCE = 3;
/** Longer diffs are cut: they are read on the job's page, and a mail has its limit. */
const MAX_DIFF_LINES = 12;
const MAX_DIFF_CHARS = 900;

/** Changes that were proposed for findings which are still there, nobody having put them aside. */
export function actionsOf(
  job: Pick<Action, 'cluster' | 'jobName'> & {
    readonly owner: string | undefined;
    readonly moments: readonly JobMoment[];
    readonly findings: readonly FindingLine[];
  },
  savingOf: (proposal: Proposal, moment: JobMoment) => Cost | undefined,
): readonly Action[] {
  const { cluster, jobName, owner } = job;
  const latest = new Map<string, { proposal: Proposal; moment: JobMoment }>();
  for (const moment of job.moments)
    for (const proposal of moment.proposals) latest.set(proposal.id, { proposal, moment });
  return [...latest.values()].flatMap(({ proposal, moment }): Action[] => {
    const line = job.findings.find((finding) => proposal.findings.includes(finding.id) && isToDo(finding));
    if (line === undefined) return [];
    const { id, rule, title, severity, basis, firingMs } = line;
    const diff = diffOf(proposal);
    const expected = proposal.expected[0];
    const saving = savingOf(proposal, moment);
    return [
      {
        cluster,
        jobName,
        ...(owner === undefined ? {} : { owner }),
        title: proposal.title,
        finding: { id, rule, title, severity, basis, firingMs },
        ...(diff === undefined ? {} : { diff }),
        evidence: evidenceOf(id, job.moments),
        ...(expected === undefined ? {} : { expected }),
        ...(saving === undefined ? {} : { saving }),
      },
    ];
  });
}

function isToDo({ change }: FindingLine): boolean {
  return change === 'new' || change === 'worse' || change === 'open' || change === 'better' || change === 'unjudged';
}

/** As it was seen last: the change may have been proposed again while the finding rested. */
function evidenceOf(findingId: string, moments: readonly JobMoment[]): readonly Evidence[] {
  const isIt = ({ id }: { readonly id: string }): boolean => id === findingId;
  const last = moments.findLast(({ findings }) => findings.some(isIt));
  return last?.findings.find(isIt)?.evidence.slice(0, MAX_EVIDENCE) ?? [];
}

function diffOf({ diffs }: Proposal): Action['diff'] {
  const dialect = DIALECTS.find((candidate) => diffs[candidate] !== undefined);
  const text = dialect === undefined ? undefined : diffs[dialect];
  if (dialect === undefined || text === undefined) return undefined;
  const lines = text.split('\n');
  const short = lines.slice(0, MAX_DIFF_LINES).join('\n').slice(0, MAX_DIFF_CHARS);
  return { dialect, text: short.length < text.trimEnd().length ? `${short}\n…` : short };
}

const WEIGHT: Readonly<Record<Severity, number>> = { critical: 3, warning: 2, info: 1 };

/** What is measured before what is configured, then by severity, by the time it hurt, by what it saves. */
export function mostUrgent(actions: readonly Action[], count: number): readonly Action[] {
  const saved = ({ saving }: Action): number => saving?.money ?? saving?.coreHours ?? 0;
  return [...actions]
    .sort(
      (a, b) =>
        Number(a.finding.basis === 'configuration') - Number(b.finding.basis === 'configuration') ||
        WEIGHT[b.finding.severity] - WEIGHT[a.finding.severity] ||
        (a.finding.severity === 'info' ? saved(b) - saved(a) : b.finding.firingMs - a.finding.firingMs) ||
        (a.finding.id < b.finding.id ? -1 : 1),
    )
    .slice(0, count);
}
