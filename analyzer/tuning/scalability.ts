import { linearRegression } from 'simple-statistics';
import type { FullEra, JobEras, JobHistory } from '../../collector/model/index.js';
import type { JobFacts } from '../signals/job-facts.js';
import type { LoadSignal } from '../signals/load.js';
import { compact, counted, text, type Text } from '../text.js';

/** Mean busy ratio from which all subtasks count as full: then what they serve is what they can. */
const FULL_RATIO = 0.9;
/** What a record costs and what is asked outside change in that time (releases, data, hardware). */
const KEPT_MS = 14 * 86_400_000;
/** A reading that differs by less from what is known is no news. */
const NEWS_SHARE = 0.1;
const NEWS_MS = 3_600_000;
/** Of one vertex; those that were seen longest ago go first. */
const MAX_ERAS = 8;
/** A record must cost this much more at the largest parallelism than at the smallest; busy times alone wander by 17 % (CALIBRATION fact 18). */
const DEARER_MIN = 1.25;

/** What the full vertices of a job serve now is added to what is known of them; the same comes back where it is no news. */
export function withEras(known: JobEras, job: JobFacts, load: LoadSignal, nowMs: number): JobEras {
  let next: Map<string, readonly FullEra[]> | undefined;
  for (const vertex of load.values()) {
    const { vertexId, parallelism, busyMean = 0, recordsInPerSecond: perSecond = 0 } = vertex;
    if (job.topology.isSource(vertexId) || busyMean < FULL_RATIO || perSecond <= 0) continue;
    const eras = known.get(vertexId) ?? [];
    const before = eras.find((era) => era.parallelism === parallelism);
    if (before !== undefined && !isNews(before, perSecond, nowMs)) continue;
    next ??= new Map(known);
    next.set(vertexId, erasWith(eras, { parallelism, perSecond, atMs: nowMs }));
  }
  return next ?? known;
}

const isNews = (before: FullEra, perSecond: number, nowMs: number): boolean =>
  nowMs - before.atMs >= NEWS_MS || Math.abs(perSecond / before.perSecond - 1) >= NEWS_SHARE;

function erasWith(eras: readonly FullEra[], era: FullEra): readonly FullEra[] {
  const others = eras.filter(({ parallelism, atMs }) => parallelism !== era.parallelism && era.atMs - atMs <= KEPT_MS);
  const youngest = others.sort((a, b) => b.atMs - a.atMs).slice(0, MAX_ERAS - 1);
  return [...youngest, era].sort((a, b) => a.parallelism - b.parallelism);
}

/** How subtasks of a vertex hold one another up. */
export interface Contention {
  /** Busy seconds that each further subtask adds to the price of every record. */
  readonly secondsPerSubtask: number;
  /** What was seen, the smallest parallelism first. */
  readonly eras: readonly FullEra[];
}

/**
 * With one thing that all subtasks share (a connection limit, a lock, the cores of the machine) a record costs its own time and a turn for
 * each subtask that waits as well: `own + shared · p`, and `p` subtasks serve `p / (own + shared · p)`, never more than `1 / shared`. Both
 * are fitted to what was served at two parallelisms or more. Undefined where a record costs about the same at all of them.
 */
export function contentionOf(eras: readonly FullEra[] | undefined, nowMs: number): Contention | undefined {
  const young = (eras ?? []).filter(({ atMs }) => nowMs - atMs <= KEPT_MS);
  const [least] = young;
  const most = young.at(-1);
  if (least === undefined || most === undefined || least === most) return undefined;
  if (secondsOf(most) < DEARER_MIN * secondsOf(least)) return undefined;
  const { m: secondsPerSubtask } = linearRegression(young.map((era) => [era.parallelism, secondsOf(era)]));
  return secondsPerSubtask > 0 ? { secondsPerSubtask, eras: young } : undefined;
}

/** Of a vertex of a job, as of its newest reading. */
export function contentionIn({ eras, rounds }: JobHistory, vertexId: string): Contention | undefined {
  return contentionOf(eras?.get(vertexId), rounds.at(-1)?.atMs ?? 0);
}

/** Busy seconds of a record while all subtasks are full. */
const secondsOf = ({ parallelism, perSecond }: FullEra): number => parallelism / perSecond;

/** What past parallelisms served: `2 subtasks 50/s, 4 subtasks 70/s`. */
export function servedAt({ eras }: Contention): Text {
  const said = (words: (parallelism: number, rate: string) => string): string =>
    eras.map(({ parallelism, perSecond }) => words(parallelism, compact(perSecond))).join(', ');
  return text(
    said((parallelism, rate) => `${counted(parallelism, 'subtask')} ${rate}/s`),
    said((parallelism, rate) => `${parallelism} 个子任务 ${rate}/秒`),
  );
}
