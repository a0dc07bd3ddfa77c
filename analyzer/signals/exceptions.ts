import type { JobException, JobHistory } from '../../collector/model/index.js';
import { causeNamedBy, type FailureCause } from './failure-causes.js';

/** What a failure is, by the words of its root cause (diagnosis §5.12's table). */
export type FailureKind = 'taskmanager-lost' | 'no-resource' | 'checkpoint-tolerance' | 'out-of-memory' | 'user';

export interface RootCause {
  readonly exceptionClass: string;
  readonly message: string;
  /** First frame that is not Flink's or Java's own. */
  readonly userFrame?: string;
}

export interface ExceptionGroup {
  /** Class, masked message and frames: two failures with the same key have the same cause. */
  readonly key: string;
  readonly kind: FailureKind;
  readonly cause: RootCause;
  readonly count: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly taskName?: string;
  readonly taskManagerId?: string;
  readonly stacktrace: string;
}

/** One fall of the job: the failure that began it and those that only followed from it. */
export interface Incident {
  readonly atMs: number;
  readonly kind: FailureKind;
  readonly groupKey: string;
  /** What its first failure names as its cause, where the words leave no doubt. */
  readonly cause?: FailureCause;
  readonly failures: number;
}

/** All failures that name one cause. */
export interface NamedFailures {
  readonly cause: FailureCause;
  /** The words that name it, of the last failure. */
  readonly words: string;
  /** When the job fell of it: several tasks that fall together are one fall. Oldest first. */
  readonly fallsMs: readonly number[];
  readonly taskName?: string;
  /** Where all of them happened, if at one place. */
  readonly taskManagerId?: string;
}

export interface ExceptionSignal {
  readonly groups: readonly ExceptionGroup[];
  /** Oldest first. */
  readonly incidents: readonly Incident[];
  readonly named: readonly NamedFailures[];
}

/**
 * Failures within this time of a lost TaskManager that only repeat the loss or miss its slots are its consequences:
 * one `kill -9` showed 8 restarts within 60 s (CALIBRATION fact 7).
 */
const CONSEQUENCE_MS = 120_000;

export function exceptionsOf(history: JobHistory): ExceptionSignal {
  const failures = [...history.exceptions].sort((a, b) => a.atMs - b.atMs);
  return { groups: groupsOf(failures), incidents: incidentsOf(failures), named: namedOf(failures) };
}

function groupsOf(failures: readonly JobException[]): ExceptionGroup[] {
  const groups = new Map<string, ExceptionGroup>();
  for (const failure of failures) {
    const cause = rootCauseOf(failure.stacktrace, failure.exceptionName);
    const kind = kindOf(failure.stacktrace);
    const key = groupKey(cause, kind);
    const known = groups.get(key);
    groups.set(key, {
      key,
      kind,
      cause,
      count: (known?.count ?? 0) + 1,
      firstSeenMs: known?.firstSeenMs ?? failure.atMs,
      lastSeenMs: failure.atMs,
      ...(failure.taskName === undefined ? {} : { taskName: failure.taskName }),
      ...(failure.taskManagerId === undefined ? {} : { taskManagerId: failure.taskManagerId }),
      stacktrace: failure.stacktrace,
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.lastSeenMs - a.lastSeenMs);
}

function incidentsOf(failures: readonly JobException[]): Incident[] {
  const incidents: Incident[] = [];
  for (const failure of failures) {
    const kind = kindOf(failure.stacktrace);
    const groupOf = groupKey(rootCauseOf(failure.stacktrace, failure.exceptionName), kind);
    const last = incidents.at(-1);
    if (
      last !== undefined &&
      (failure.concurrent ? failure.atMs - last.atMs < SAME_FALL_MS : followsFrom(failure, kind, last))
    ) {
      incidents[incidents.length - 1] = { ...last, failures: last.failures + 1 };
    } else {
      const cause = causeNamedBy(failure.stacktrace)?.cause;
      incidents.push({
        atMs: failure.atMs,
        kind,
        groupKey: groupOf,
        failures: 1,
        ...(cause === undefined ? {} : { cause }),
      });
    }
  }
  return incidents;
}

/** Failures of one cause within this time are one fall of several tasks. */
const SAME_FALL_MS = 5000;

function namedOf(failures: readonly JobException[]): NamedFailures[] {
  const byCause = new Map<FailureCause, NamedFailures>();
  for (const failure of failures) {
    const named = causeNamedBy(failure.stacktrace);
    if (named === undefined) continue;
    const { cause, words } = named;
    const known = byCause.get(cause);
    const fallsMs = known?.fallsMs ?? [];
    const isSameFall = failure.atMs - (fallsMs.at(-1) ?? -Infinity) < SAME_FALL_MS;
    const place =
      known === undefined || known.taskManagerId === failure.taskManagerId ? failure.taskManagerId : undefined;
    const taskName = failure.taskName ?? known?.taskName;
    byCause.set(cause, {
      cause,
      words,
      fallsMs: isSameFall ? fallsMs : [...fallsMs, failure.atMs],
      ...(taskName === undefined ? {} : { taskName }),
      ...(place === undefined ? {} : { taskManagerId: place }),
    });
  }
  return [...byCause.values()];
}

function followsFrom(failure: JobException, kind: FailureKind, incident: Incident): boolean {
  const near = failure.atMs - incident.atMs <= CONSEQUENCE_MS;
  return near && incident.kind === 'taskmanager-lost' && (kind === 'taskmanager-lost' || kind === 'no-resource');
}

const KINDS: readonly (readonly [FailureKind, RegExp])[] = [
  [
    'no-resource',
    /NoResourceAvailableException|Could not acquire the minimum required resources|not be fulfilled|not fulfillable/i,
  ],
  ['checkpoint-tolerance', /Exceeded checkpoint tolerable failure threshold/],
  ['out-of-memory', /OutOfMemoryError/],
  [
    'taskmanager-lost',
    /heartbeat of TaskManager|no longer reachable|RemoteTransportException|Connection unexpectedly closed by remote task manager|RecipientUnreachableException|TaskManager .* (was|is) (lost|shut ?down)|The TaskExecutor is shutting down|ResourceManager.*disconnect|TaskExecutor .*(disconnected|unreachable)|closing connection to TaskExecutor/i,
  ],
];

export function kindOf(stacktrace: string): FailureKind {
  return KINDS.find(([, pattern]) => pattern.test(stacktrace))?.[0] ?? 'user';
}

/** Wrappers say that something failed, not what. */
const WRAPPER =
  /(JobException|JobExecutionException|ExecutionException|CompletionException|FlinkException|FlinkRuntimeException)$/;
const FRAMEWORK_FRAME = /^(org\.apache\.flink|java\.|javax\.|jdk\.|sun\.|scala\.|akka\.|org\.apache\.pekko)/;

/** The deepest "Caused by" that is not a wrapper, else the first line. */
export function rootCauseOf(stacktrace: string, exceptionName: string): RootCause {
  const lines = stacktrace.split('\n');
  const heads = lines.flatMap((line, at) =>
    at === 0 || line.startsWith('Caused by: ') ? [{ at, ...parseHead(line.replace(/^Caused by: /, '')) }] : [],
  );
  const deepest = [...heads].reverse().find((head) => !WRAPPER.test(head.exceptionClass)) ?? heads.at(-1);
  // The frame below the cause itself; a wrapper's frames only where the cause has none of the user's.
  const frame = userFrame(lines.slice(deepest?.at ?? 0)) ?? userFrame(lines);
  return {
    exceptionClass: deepest?.exceptionClass ?? exceptionName,
    message: deepest?.message ?? '',
    ...(frame === undefined ? {} : { userFrame: frame }),
  };
}

function userFrame(lines: readonly string[]): string | undefined {
  return lines
    .map((line) => /^\s*at ([^\s(]+)\(/.exec(line)?.[1])
    .find((name) => name !== undefined && !FRAMEWORK_FRAME.test(name));
}

function parseHead(line: string): { exceptionClass: string; message: string } {
  const [, exceptionClass = line.trim(), message = ''] = /^([\w.$]+)(?::\s*(.*))?$/.exec(line.trim()) ?? [];
  return { exceptionClass, message };
}

/** Digits, hex, paths and hosts differ between two falls over the same stone. */
export function maskMessage(message: string): string {
  return message
    .replace(/\b[0-9a-f]{16,}\b/gi, '#')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?(-[0-9a-f]+)?\b/g, '#')
    .replace(/(?:[A-Za-z]:)?(?:\/[\w.-]+){2,}/g, '#')
    .replace(/-?\d+(\.\d+)?/g, '#');
}

function groupKey(cause: RootCause, kind: FailureKind): string {
  // A lost TaskManager speaks through many exceptions; they are one cause.
  if (kind === 'taskmanager-lost') return kind;
  return [cause.exceptionClass, maskMessage(cause.message), cause.userFrame ?? ''].join(' | ');
}
