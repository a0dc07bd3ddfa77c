import type { AnalysisOptions } from '../analyzer/engine/analyze.js';
import { createMemoryStore, type ClusterCollector } from '../collector/index.js';
import { createWatch, type Watch } from '../dashboard/server/watch/watch.js';

export interface WatchedRoundsOptions {
  readonly collector: ClusterCollector;
  readonly simulated: boolean;
  readonly analysis: AnalysisOptions;
  readonly nowMs: () => number;
  readonly onBug: (error: Error) => void;
}

/**
 * The service's watch over one collector whose rounds the caller drives with `readOnce`. Recording and replaying a bundle
 * both judge with it, because what a verdict points at is read more often from then on.
 */
export async function watchRounds(options: WatchedRoundsOptions): Promise<Watch> {
  const { collector, simulated, analysis, nowMs, onBug } = options;
  const watch = createWatch({
    clusters: [{ collector: driven(collector), simulated }],
    store: createMemoryStore(),
    analysis: () => analysis,
    nowMs,
    judgesAll: true,
    onBug,
  });
  await watch.start();
  return watch;
}

/** The collector without its own beat. */
function driven(collector: ClusterCollector): ClusterCollector {
  return {
    start: () => undefined,
    stop: () => collector.stop(),
    readOnce: () => collector.readOnce(),
    histories: (nowMs) => collector.histories(nowMs),
    jobHistory: (jobId) => collector.jobHistory(jobId),
    focus: (jobId, vertexIds) => collector.focus(jobId, vertexIds),
    status: () => collector.status(),
    onRound: (listener) => collector.onRound(listener),
    onPart: (listener) => collector.onPart(listener),
  };
}
