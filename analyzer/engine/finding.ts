import type { Text } from '../text.js';

export type Severity = 'info' | 'warning' | 'critical';
export const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];

/** What a finding is about. Its identity: never holds a measured value. */
export interface Subject {
  readonly kind: 'job' | 'vertex' | 'subtask' | 'taskmanager' | 'jobmanager' | 'cluster';
  readonly vertexId?: string;
  /** Exactly Flink's name. */
  readonly vertexName?: string;
  readonly subtasks?: readonly number[];
  readonly taskManagerId?: string;
}

export type Unit =
  'ratio' | 'ms' | 's' | 'records' | 'records/s' | 'bytes' | 'bytes/s' | 'count' | 'cores' | 'slots' | 'per minute';

/** One signal that a verdict stands on, with the limit it was held against. */
export interface Evidence {
  readonly signal: string;
  readonly label: Text;
  readonly value: number;
  readonly unit: Unit;
  readonly threshold?: number;
  readonly comparison?: '>=' | '<=' | '>' | '<' | '=';
  readonly windowMs: number;
  readonly series?: {
    readonly metric: string;
    readonly vertexId?: string;
    readonly subtask?: number;
    readonly taskManagerId?: string;
  };
}

/** A rule's verdict about one subject, as of one moment. */
export interface Finding {
  readonly rule: string;
  readonly category: string;
  readonly severity: Severity;
  /** 0–1: the share of the evidence that was there and agreed. */
  readonly confidence: number;
  readonly basis: 'measured' | 'configuration';
  readonly subject: Subject;
  /** The failure it tells of, by its cause or its group: two findings with the same one tell of one fault. */
  readonly failure?: string;
  readonly title: Text;
  readonly summary: Text;
  readonly evidence: readonly Evidence[];
  readonly wouldChange: readonly Text[];
  readonly notSeen: readonly { readonly signal: Text; readonly enableBy: Text }[];
}

/** Put aside by a person until then, and why. */
export interface Snooze {
  readonly untilMs: number;
  readonly reason: string;
}

/** A finding with its place in the life of the job and among the other findings. */
export interface LiveFinding extends Finding {
  /** cluster · job · rule · subject. */
  readonly id: string;
  readonly cluster: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly role: 'root' | 'symptom';
  readonly causedBy: readonly string[];
  /** 1 = first to read. */
  readonly rank: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly resolvedMs?: number;
  readonly snoozed?: Snooze;
}

/** The subject part of an id: vertex and TaskManager, not the subtasks (they may wander while the cause stays). */
export function subjectKey(subject: Subject): string {
  if (subject.kind === 'taskmanager') return `taskmanager:${subject.taskManagerId ?? ''}`;
  if (subject.vertexId !== undefined) return `vertex:${subject.vertexId}`;
  return subject.kind;
}

export function findingId(cluster: string, jobName: string, rule: string, subject: Subject): string {
  return [cluster, jobName, rule, subjectKey(subject)].map((part) => encodeURIComponent(part)).join('~');
}
