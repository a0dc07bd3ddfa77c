import type { Finding, Subject } from '../engine/finding.js';
import type { AnyRule } from '../engine/rule.js';
import { historyOf, START_MS, type JobSpec, type VertexSpec } from './job-builder.js';
import { judge, type Judgement } from './judge.js';

type Variation = Omit<Partial<JobSpec>, 'vertices'> & {
  readonly vertices?: Readonly<Record<string, Partial<VertexSpec>>>;
};

/** The same job with some figures changed; vertices that are not named stay as they are. */
export function vary(spec: JobSpec, { vertices: changed = {}, ...rest }: Variation): JobSpec {
  const vertices = Object.entries(spec.vertices).map(([id, vertex]) => [id, { ...vertex, ...changed[id] }] as const);
  return { ...spec, ...rest, vertices: Object.fromEntries(vertices) };
}

/** Judges a built job with one rule, at its last reading or some seconds after its tasks began to run. */
export function judged(spec: JobSpec, rule: AnyRule, atSeconds?: number): Judgement {
  const nowMs = atSeconds === undefined ? undefined : (spec.startMs ?? START_MS) + atSeconds * 1000;
  return judge(historyOf(spec), [rule], nowMs);
}

/** A judgement in a few words: `clear`, `skipped: why`, or `warning map, critical agg[2], info tm-1`. */
export function verdictOf({ findings, skipped }: Judgement): string {
  if (skipped.length > 0) return `skipped: ${skipped.join('; ')}`;
  return findings.length === 0 ? 'clear' : findings.map(wordsFor).join(', ');
}

function wordsFor({ severity, subject }: Finding): string {
  return `${severity} ${subjectWords(subject)}`;
}

function subjectWords({ kind, vertexId, subtasks, taskManagerId }: Subject): string {
  if (kind === 'taskmanager') return taskManagerId ?? kind;
  if (vertexId === undefined) return kind;
  return subtasks === undefined ? vertexId : `${vertexId}[${subtasks.join(',')}]`;
}

const DAY_MS = 86_400_000;

/** The same job, its tasks running since a day before the readings that are kept. */
export function aDayOld(spec: JobSpec): JobSpec {
  const sinceMs = (spec.startMs ?? START_MS) - DAY_MS;
  const vertices = historyOf(spec).vertices.map((vertex) => ({
    ...vertex,
    subtasks: vertex.subtasks.map(({ subtask, samples }) => ({
      subtask,
      samples: samples.map((sample) => ({ ...sample, runningSinceMs: sinceMs, startMs: sinceMs })),
    })),
  }));
  return { ...spec, history: { ...spec.history, vertices } };
}

/** Reasons that most rules are skipped for. */
export const NOT_RUNNING = 'skipped: not all tasks are running';
export const WARMING_UP =
  'skipped: too few settled readings yet: a verdict on load needs about a minute of running tasks';
export const BATCH = 'skipped: a batch job: pressure and lag mean nothing here';
