import type { Evidence, Finding, Severity } from '../analyzer/engine/finding.js';
import type { Diffs, Recommendation } from '../analyzer/engine/recommendation.js';
import type { Text } from '../analyzer/text.js';
import type { Resources } from './cost.js';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Week extends Span {
  /** ISO week, `2026-W47`. */
  readonly week: string;
}

/** A finding as it was known at some moment of the week. */
export interface SeenFinding {
  readonly id: string;
  readonly rule: string;
  readonly title: Text;
  readonly severity: Severity;
  readonly basis: Finding['basis'];
  /** Explained by another finding of the job. */
  readonly isSymptom: boolean;
  readonly vertexName?: string;
  readonly evidence: readonly Evidence[];
}

/** A change that was proposed at some moment of the week. */
export interface Proposal extends Pick<
  Recommendation,
  'id' | 'kind' | 'title' | 'findings' | 'expected' | 'confidence'
> {
  readonly diffs: Diffs;
  readonly cost: Recommendation['cost'];
}

/** A change that somebody made after it was advised, and what came of it. */
export interface Followed extends Pick<Recommendation, 'id' | 'title' | 'expected' | 'outcomes' | 'cost' | 'judgedMs'> {
  readonly state: Exclude<Recommendation['state'], 'proposed'>;
  readonly appliedMs: number;
}

/** What a job's page showed at one moment. A figure that was not known is missing. */
export interface JobMoment {
  readonly atMs: number;
  /** 0–100. */
  readonly health?: number;
  readonly lagSeconds?: number;
  /** Of the fullest TaskManager, 0–1. */
  readonly heapRatio?: number;
  /** What the job held of its TaskManagers. */
  readonly resources?: Resources;
  /** Slots that `resources` has. */
  readonly slots?: number;
  /** Firing. */
  readonly findings: readonly SeenFinding[];
  readonly proposals: readonly Proposal[];
  readonly followed: readonly Followed[];
}

/** A finding that opened or ended. */
export interface FindingMark {
  readonly id: string;
  readonly atMs: number;
  readonly firing: boolean;
}

export interface StateMark {
  readonly atMs: number;
  /** Flink's job state. */
  readonly state: string;
}

/** What is stored of one job and one week. Lists are oldest first. */
export interface JobWeek {
  /** Times in which the job was read. */
  readonly watched: readonly Span[];
  readonly moments: readonly JobMoment[];
  readonly marks: readonly FindingMark[];
  /** Findings that no moment shows, because they were short, by id. */
  readonly shortLived: ReadonlyMap<string, SeenFinding>;
  readonly states: readonly StateMark[];
  /** Automatic restarts of the week; missing where Flink does not count them. */
  readonly restarts?: number;
  readonly checkpoints?: { readonly completed: number; readonly failed: number };
  /** Highest of each five minutes. */
  readonly lagRecords: readonly number[];
  /** Of the busiest vertex, mean of each hour, 0–1. */
  readonly busyRatios: readonly number[];
}
