import { evidence } from '../../analyzer/engine/evidence.js';
import type { Severity, Subject } from '../../analyzer/engine/finding.js';
import type { Verdict } from '../../analyzer/engine/rule.js';
import type { ExceptionSignal, NamedFailures } from '../../analyzer/signals/exceptions.js';
import type { FailureCause } from '../../analyzer/signals/failure-causes.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';
import { counted, text, type Text } from '../../analyzer/text.js';

/** States from which Flink does not bring the job back. */
export const DOWN = ['FAILED', 'FAILING', 'SUSPENDED'] as const;

export function isDown({ state }: JobFacts): boolean {
  return DOWN.some((down) => down === state);
}

/** Failures are counted over an hour: twice in it is no accident. One alone is told for ten minutes, as all failures are. */
const COUNTED_MS = 3_600_000;
/** Of a job that is down only what it fell of at last is told. */
const LAST_FALL_MS = 120_000;
/** That many within ten minutes are a loop (`restart-loop`). */
const LOOP_FALLS = 3;

export const FAILURE_OPTIONS = {
  warningCount: {
    default: 2,
    unit: 'count',
    description: 'falls of this cause within an hour from which it is a warning; one that recovered is an info',
  },
} as const;

export interface ToldFailure extends NamedFailures {
  readonly severity: Severity;
  /** Falls that count. */
  readonly falls: number;
  readonly windowMs: number;
}

/** The failures of one cause, if there are any that still matter, and how much they do. */
export function toldFailure(
  cause: FailureCause,
  { named, incidents }: ExceptionSignal,
  job: JobFacts,
  nowMs: number,
  warningCount: number,
): ToldFailure | undefined {
  const failures = named.find((candidate) => candidate.cause === cause);
  const lastMs = failures?.fallsMs.at(-1);
  if (failures === undefined || lastMs === undefined) return undefined;
  const down = isDown(job);
  const counting = failures.fallsMs.filter((atMs) => atMs > nowMs - COUNTED_MS);
  if (down) {
    const latestMs = incidents.at(-1)?.atMs ?? lastMs;
    if (lastMs < latestMs - LAST_FALL_MS) return undefined;
  } else if (counting.length < warningCount && lastMs < nowMs - RESTART_WINDOW_MS) return undefined;
  if (!down && counting.length === 0) return undefined;
  const recent = counting.filter((atMs) => atMs >= nowMs - RESTART_WINDOW_MS).length;
  const severity = down || recent >= LOOP_FALLS ? 'critical' : counting.length >= warningCount ? 'warning' : 'info';
  const firstMs = counting[0] ?? lastMs;
  return { ...failures, severity, falls: Math.max(1, counting.length), windowMs: Math.max(1, nowMs - firstMs) };
}

/** What every rule about a named failure says in common. */
export function failureVerdict(
  failure: ToldFailure,
  said: {
    readonly title: Text;
    readonly summary: Text;
    readonly subject?: Subject;
    readonly evidence?: Verdict['evidence'];
  },
): Verdict {
  return {
    severity: failure.severity,
    confidence: 0.95,
    subject: said.subject ?? { kind: 'job' },
    failure: failure.cause,
    title: said.title,
    summary: said.summary,
    evidence: [...evidence('failures', failure.falls, failure.windowMs, ['>=', 1]), ...(said.evidence ?? [])],
    wouldChange: [text('an hour without this failure', '一小时内不再出现该失败')],
  };
}

/** The TaskManager of all its falls, else the job. */
export function failureSubject({ taskManagerId }: ToldFailure): Subject {
  return taskManagerId === undefined ? { kind: 'job' } : { kind: 'taskmanager', taskManagerId };
}

/** "twice" in figures: how often, for titles. */
export function times({ falls }: ToldFailure): Text {
  return text(counted(falls, 'time'), `${falls} 次`);
}
