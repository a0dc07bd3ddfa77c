import { createClusterCollector } from '../cluster-collector.js';
import type { ClusterCollector, ClusterCollectorOptions, RoundResult } from '../collector-types.js';
import type { JobHistory, SubtaskSample } from '../model/index.js';
import { FakeFlinkClient, hex } from './fake-flink-client.js';
import { createManualClock, type ManualClock } from './manual-clock.js';

export const START_MS = 1_795_000_000_000;
export const BEAT_MS = 10_000;

export interface WatchedCluster {
  readonly clock: ManualClock;
  readonly flink: FakeFlinkClient;
  readonly collector: ClusterCollector;
}

/** A collector on a fake cluster, with time in the test's hands. */
export function watch(more: Partial<ClusterCollectorOptions> = {}): WatchedCluster {
  const clock = createManualClock(START_MS);
  const flink = new FakeFlinkClient(clock);
  const collector = createClusterCollector({
    name: 'prod',
    client: flink,
    clock,
    random: () => 0.5,
    maxRequestsPerSecond: 1_000,
    ...more,
  });
  return { clock, flink, collector };
}

/** One round, a beat after the one before. */
export async function nextRound({
  clock,
  collector,
}: Pick<WatchedCluster, 'clock' | 'collector'>): Promise<RoundResult> {
  await clock.advance(BEAT_MS);
  return collector.readOnce();
}

export const only = (histories: readonly JobHistory[]): JobHistory => {
  const [first, ...rest] = histories;
  if (first === undefined || rest.length > 0) throw new Error(`expected one job, got ${histories.length}`);
  return first;
};

export const samplesOf = (job: JobHistory | undefined, vertexId = hex('b'), subtask = 0): readonly SubtaskSample[] =>
  job?.vertices.find((vertex) => vertex.vertexId === vertexId)?.subtasks[subtask]?.samples ?? [];

/** Kind and text of what a round says has happened, states apart. */
export const happened = ({ batch }: RoundResult): readonly string[] =>
  batch.events.filter(({ kind }) => kind !== 'state').map(({ kind, text }) => `${kind}: ${text}`);
