import { z } from 'zod';
import type { LiveFinding } from '../../../analyzer/engine/finding.js';
import type { Recommendation } from '../../../analyzer/engine/recommendation.js';
import { inLanguage, type Language } from '../../../analyzer/text.js';
import type { ClusterSummary, JobRow } from '../../contract.js';
import { presentCluster } from '../present/cluster.js';
import { jobRow } from '../present/job-row.js';
import type { PeerAnswer, ShardExchange, ShardWord } from './shard-exchange.js';
import type { Watch } from './watch.js';

/** How often a process tells, and asks. */
export const TELL_EVERY_MS = 15_000;
/** A process that has told nothing for so long counts as away: its jobs are shown as last known. */
export const AWAY_AFTER_MS = 60_000;
/** So far back the last word of a process that is away is looked for; later its clusters are not shown any more. */
export const KNOWN_FOR_MS = 24 * 3_600_000;
/** What is told within an hour replaces itself, so that one record an hour is kept. */
const RECORD_MS = 3_600_000;
/** About a thousand jobs. */
const MAX_BODY_CHARS = 8 * 2 ** 20;
const VERSION = 1;

type BilingualRow = ReturnType<typeof jobRow>;

interface ToldJob {
  readonly row: BilingualRow;
  readonly findings: readonly LiveFinding[];
  readonly recommendations: readonly Recommendation[];
}

/** What a process tells of one cluster. */
interface Told {
  readonly version: number;
  readonly atMs: number;
  readonly shard: number;
  readonly cluster: ClusterSummary;
  readonly jobs: readonly ToldJob[];
}

/** The clusters that other processes watch, as they told it last. */
export interface OtherShards {
  clusters(nowMs: number): ClusterSummary[];
  rows(language: Language, nowMs: number): JobRow[];
  findings(): readonly { readonly finding: LiveFinding; readonly simulated: boolean }[];
  recommendations(): readonly Recommendation[];
  /** When a job of another process was last told of; undefined when none has told of it. */
  knownMs(cluster: string, jobId: string): number | undefined;
  /** What this process has told last, for those that come and ask. */
  words(): readonly ShardWord[];
  /** See `ShardExchange.askFor`. Rejects when that process does not answer. */
  askFor(cluster: string, pathAndQuery: string, language: string): Promise<PeerAnswer | undefined>;
}

export interface ShardBoardOptions {
  readonly exchange: ShardExchange;
  readonly watch: Watch;
  readonly shard: number;
  readonly nowMs: () => number;
  readonly onBug: (error: Error) => void;
}

/** Tells the other processes what this one watches, and learns from it what they do. */
export class ShardBoard implements OtherShards {
  readonly #options: ShardBoardOptions;
  readonly #told = new Map<string, Told>();
  #words: readonly ShardWord[] = [];
  #askedMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ShardBoardOptions) {
    this.#options = options;
  }

  start(): void {
    const beat = (): void => {
      try {
        this.tell();
      } catch (error) {
        this.#options.onBug(error instanceof Error ? error : new Error(String(error)));
      }
      // A store that is away is said elsewhere; what was told stays.
      this.ask().catch(() => undefined);
    };
    beat();
    this.#timer = setInterval(beat, TELL_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#options.exchange.close();
  }

  tell(): void {
    const { exchange, watch, shard, nowMs, onBug } = this.#options;
    const atMs = nowMs();
    const reports = watch.reports();
    const words: ShardWord[] = [];
    for (const status of watch.statuses()) {
      const jobs = reports
        .filter(({ cluster }) => cluster === status.name)
        .map((report): ToldJob => {
          const { lag, health } = watch.trends(report.cluster, report.jobName);
          const row = jobRow(report, atMs, { lag: lag.at(atMs), health: health.at(atMs) });
          return { row, findings: report.findings, recommendations: report.recommendations };
        });
      const told: Told = { version: VERSION, atMs, shard, cluster: presentCluster(status), jobs };
      const body = JSON.stringify(told);
      if (body.length > MAX_BODY_CHARS) {
        onBug(new Error(`Cluster ${status.name} has too many jobs to tell the other processes of: ${jobs.length}.`));
        continue;
      }
      words.push({ cluster: status.name, hourMs: Math.floor(atMs / RECORD_MS) * RECORD_MS, body });
    }
    this.#words = words;
    for (const word of words) exchange.leave(word);
  }

  async ask(): Promise<void> {
    const { exchange, nowMs } = this.#options;
    const now = nowMs();
    const fromMs = this.#askedMs === undefined ? now - KNOWN_FOR_MS : this.#askedMs - 2 * RECORD_MS;
    for (const body of await exchange.read(fromMs, now + 1)) {
      const told = decodeTold(body);
      const before = told === undefined ? undefined : this.#told.get(told.cluster.name);
      if (told !== undefined && told.atMs >= (before?.atMs ?? 0)) this.#told.set(told.cluster.name, told);
    }
    this.#askedMs = now;
    for (const [name, { atMs }] of this.#told) if (atMs < now - KNOWN_FOR_MS) this.#told.delete(name);
  }

  words(): readonly ShardWord[] {
    return this.#words;
  }

  async askFor(cluster: string, pathAndQuery: string, language: string): Promise<PeerAnswer | undefined> {
    return this.#options.exchange.askFor?.(cluster, pathAndQuery, language);
  }

  clusters(nowMs: number): ClusterSummary[] {
    return this.#others().map((told) => {
      if (!isAway(told, nowMs)) return told.cluster;
      const { cluster, atMs, shard } = told;
      const failure = `Weir process ${shard}, which watches this cluster, has told nothing for ${Math.round((nowMs - atMs) / 60_000)} min: look at that process.`;
      return { ...cluster, state: 'unknown', failure, sinceMs: cluster.lastReadMs ?? atMs };
    });
  }

  rows(language: Language, nowMs: number): JobRow[] {
    return this.#others().flatMap((told) =>
      told.jobs.map(({ row }) => {
        const { health, ...last } = inLanguage(row, language);
        const aged = { ...last, dataAgeMs: row.dataAgeMs + Math.max(0, nowMs - told.atMs) };
        if (isAway(told, nowMs)) return { ...aged, state: 'UNKNOWN' };
        return health === undefined ? aged : { ...aged, health };
      }),
    );
  }

  findings(): readonly { readonly finding: LiveFinding; readonly simulated: boolean }[] {
    return this.#others().flatMap(({ jobs }) =>
      jobs.flatMap(({ row, findings }) => findings.map((finding) => ({ finding, simulated: row.simulated }))),
    );
  }

  recommendations(): readonly Recommendation[] {
    return this.#others().flatMap(({ jobs }) => jobs.flatMap(({ recommendations }) => recommendations));
  }

  knownMs(cluster: string, jobId: string): number | undefined {
    const told = this.#others().find((one) => one.cluster.name === cluster);
    return told?.jobs.some(({ row }) => row.jobId === jobId) === true ? told.atMs : undefined;
  }

  /** What this process watches itself it knows better. */
  #others(): readonly Told[] {
    const own = new Set(this.#options.watch.statuses().map(({ name }) => name));
    return [...this.#told.values()].filter(({ cluster }) => !own.has(cluster.name));
  }
}

const isAway = ({ atMs }: Told, nowMs: number): boolean => nowMs - atMs > AWAY_AFTER_MS;

/** Checks the frame. What is inside was written by this version of the record, which the number says. */
const toldSchema = z.object({
  version: z.literal(VERSION),
  atMs: z.number(),
  shard: z.number(),
  cluster: z.looseObject({ name: z.string(), url: z.string(), state: z.enum(['reachable', 'unknown']) }),
  jobs: z.array(
    z.object({
      row: z.looseObject({ cluster: z.string(), jobId: z.string(), name: z.string(), dataAgeMs: z.number() }),
      findings: z.array(z.looseObject({ id: z.string() })),
      recommendations: z.array(z.looseObject({})),
    }),
  ),
});

/** A record of another shape (another Weir's) is none. */
function decodeTold(body: string): Told | undefined {
  try {
    const read = toldSchema.safeParse(JSON.parse(body));
    return read.success ? (read.data as unknown as Told) : undefined; // By its version number, see above.
  } catch {
    return undefined;
  }
}
