import type { AnalysisOptions, JobReport } from '../analyzer/engine/analyze.js';
import {
  createClusterCollector,
  createFlinkClientOver,
  createReplay,
  readBundle,
  type BundleHeader,
  type BundlePart,
  type BundleRound,
  type ClusterCollector,
  type Replay,
  type RoundResult,
} from '../collector/index.js';
import type { Watch } from '../dashboard/server/watch/watch.js';
import { watchRounds } from './watched-rounds.js';

/** What Weir says of a bundle at the end of it. */
export interface ReplayedBundle {
  readonly header: BundleHeader;
  readonly ending: (BundlePart & { readonly kind: 'end' })['ending'];
  readonly rounds: number;
  readonly failedRounds: number;
  /** Why the last of the failed rounds failed. */
  readonly lastFailure?: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly flinkVersion?: string | undefined;
  /** Of all jobs, as of the last round. */
  readonly reports: readonly JobReport[];
}

export interface ReplayHooks {
  /** Called after each round with what the service would have shown then. */
  readonly onRound?: (reports: readonly JobReport[]) => void;
  readonly onBug: (error: Error) => void;
}

/**
 * Reads and judges a bundle round by round with the collector and the watch of the service, at the times of the recording:
 * what the service would have found, this finds.
 */
export async function replayBundle(
  parts: AsyncIterable<BundlePart>,
  options: AnalysisOptions,
  hooks: ReplayHooks,
): Promise<ReplayedBundle | { readonly problem: string }> {
  let replayed: ReplayedCluster | undefined;
  for await (const part of parts) {
    if (part.kind === 'problem') return part;
    if (part.kind === 'header') replayed = await ReplayedCluster.open(part.header, options, hooks);
    if (part.kind === 'round') await replayed?.add(part.round);
    if (part.kind === 'end') return replayed?.result(part.ending) ?? NO_ROUND;
  }
  return NO_ROUND;
}

export const replayFile = (
  file: string,
  options: AnalysisOptions,
  hooks: ReplayHooks,
): ReturnType<typeof replayBundle> => replayBundle(readBundle(file), options, hooks);

const NO_ROUND = { problem: 'it holds no whole round: record again, for a minute or longer' };

class ReplayedCluster {
  readonly #header: BundleHeader;
  readonly #hooks: ReplayHooks;
  readonly #replay: Replay;
  readonly #collector: ClusterCollector;
  readonly #watch: Watch;
  readonly #results: Pick<RoundResult, 'ok' | 'failure'>[] = [];
  #toMs = 0;

  private constructor(
    header: BundleHeader,
    hooks: ReplayHooks,
    replay: Replay,
    collector: ClusterCollector,
    watch: Watch,
  ) {
    this.#header = header;
    this.#hooks = hooks;
    this.#replay = replay;
    this.#collector = collector;
    this.#watch = watch;
  }

  static async open(header: BundleHeader, analysis: AnalysisOptions, hooks: ReplayHooks): Promise<ReplayedCluster> {
    const { cluster: name, intervalMs, maxRequestsPerSecond, simulated } = header;
    const { onBug } = hooks;
    const replay = createReplay(header);
    const { clock, transport } = replay;
    const client = createFlinkClientOver(transport);
    const plan = { intervalMs, maxRequestsPerSecond, simulated };
    const collector = createClusterCollector({ name, client, clock, onBug, ...plan });
    const watch = await watchRounds({ collector, simulated, analysis, nowMs: clock.nowMs, onBug });
    return new ReplayedCluster(header, hooks, replay, collector, watch);
  }

  async add(round: BundleRound): Promise<void> {
    this.#replay.load(round);
    const { ok, failure } = await this.#collector.readOnce();
    this.#results.push(failure === undefined ? { ok } : { ok, failure });
    this.#toMs = round.endMs;
    this.#hooks.onRound?.(this.#watch.reports());
  }

  result(ending: ReplayedBundle['ending']): ReplayedBundle | undefined {
    if (this.#results.length === 0) return undefined;
    const failed = this.#results.filter(({ ok }) => !ok);
    return {
      header: this.#header,
      ending,
      rounds: this.#results.length,
      failedRounds: failed.length,
      lastFailure: failed.at(-1)?.failure?.message,
      fromMs: this.#header.startMs,
      toMs: this.#toMs,
      flinkVersion: this.#collector.status().flinkVersion?.text,
      reports: this.#watch.reports(),
    };
  }
}
