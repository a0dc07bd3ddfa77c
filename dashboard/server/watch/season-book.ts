import { setTimeout as delay } from 'node:timers/promises';
import type { SeriesQuery, SeriesStore } from '../../../collector/index.js';
import type { JobSeasons } from '../../../collector/model/index.js';
import { seasonOf, type SeasonPoint } from '../../../analyzer/signals/season.js';
import { present } from '../../../analyzer/numbers.js';

const WEEK_MS = 604_800_000;
/** As far back as is looked; roll-ups are kept for longer. */
const WEEKS = 4;
/** Five minutes: a step of the roll-ups. One query has a week of them, the most that the store gives at once. */
const POINTS_A_WEEK = 2_016;
/** What is usual changes slowly. */
const KEPT_MS = 6 * 3_600_000;
/** Between two jobs, so that a thousand of them are a load of nothing and the first ones are known soon after a start. */
const GAP_MS = 5_000;
/** After a store that could not answer. */
const FAILED_GAP_MS = 5 * 60_000;

/** A job whose past is looked up. */
export interface SeasonalJob {
  readonly cluster: string;
  readonly jobName: string;
  readonly vertices: readonly { readonly vertexId: string; readonly isSource: boolean }[];
}

export interface SeasonBookOptions {
  readonly store: SeriesStore;
  /** The jobs that run now: others are forgotten. */
  readonly jobs: () => readonly SeasonalJob[];
  readonly nowMs: () => number;
  /** The store could not answer; it is asked again later. */
  readonly onFailure: (error: unknown) => void;
}

interface Kept {
  readonly readMs: number;
  readonly seasons: JobSeasons;
}

/** What is usual for each job, by hour of the week, looked up in the store one job after the other. */
export class SeasonBook {
  readonly #options: SeasonBookOptions;
  readonly #byJob = new Map<string, Kept>();
  readonly #ended = new AbortController();

  constructor(options: SeasonBookOptions) {
    this.#options = options;
  }

  /** Undefined: not looked up yet. */
  of(cluster: string, jobName: string): JobSeasons | undefined {
    return this.#byJob.get(keyOf({ cluster, jobName }))?.seasons;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#ended.abort();
  }

  /** Looks the job up that was longest not looked up; false: none is due. */
  async refreshOne(): Promise<boolean> {
    const { jobs, nowMs } = this.#options;
    const now = nowMs();
    const running = jobs();
    const keys = new Set(running.map(keyOf));
    for (const key of this.#byJob.keys()) if (!keys.has(key)) this.#byJob.delete(key);
    const readMs = (job: SeasonalJob): number => this.#byJob.get(keyOf(job))?.readMs ?? -Infinity;
    const next = running.reduce<SeasonalJob | undefined>(
      (oldest, job) => (oldest === undefined || readMs(job) < readMs(oldest) ? job : oldest),
      undefined,
    );
    if (next === undefined || now - readMs(next) < KEPT_MS) return false;
    this.#byJob.set(keyOf(next), { readMs: now, seasons: await this.#seasonsOf(next, now) });
    return true;
  }

  async #seasonsOf({ cluster, jobName, vertices }: SeasonalJob, nowMs: number): Promise<JobSeasons> {
    const points = new Map<string, SeasonPoint[]>(vertices.map(({ vertexId }) => [vertexId, []]));
    for (let week = WEEKS; week > 0; week -= 1) {
      const queries = vertices.map(({ vertexId, isSource }): SeriesQuery => ({
        cluster,
        jobName,
        metric: isSource ? 'recordsOutPerSecond' : 'recordsInPerSecond',
        vertexId,
        fromMs: nowMs - week * WEEK_MS,
        toMs: nowMs - (week - 1) * WEEK_MS,
        points: POINTS_A_WEEK,
      }));
      const answers = await this.#options.store.seriesOf(queries);
      vertices.forEach(({ vertexId }, i) => {
        for (const point of answers[i] ?? []) if (point.value !== null) points.get(vertexId)?.push(point);
      });
    }
    const seasons = vertices.map(({ vertexId, isSource }) =>
      seasonOf(vertexId, points.get(vertexId) ?? [], { usual: isSource }),
    );
    return new Map(present(seasons).map((season) => [season.vertexId, season]));
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      let gapMs = GAP_MS;
      try {
        await this.refreshOne();
      } catch (error) {
        if (!signal.aborted) this.#options.onFailure(error);
        gapMs = FAILED_GAP_MS;
      }
      // Ends early, and with an error, when the service stops.
      await delay(gapMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

const keyOf = ({ cluster, jobName }: Pick<SeasonalJob, 'cluster' | 'jobName'>): string =>
  JSON.stringify([cluster, jobName]);
