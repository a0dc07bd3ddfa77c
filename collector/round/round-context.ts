import type { Clock } from '../clock.js';
import type { FlinkClient } from '../flink/client.js';
import type { ClusterRecord } from '../history/cluster-record.js';
import type { JobRecord } from '../history/job-record.js';
import type { Reporters } from '../prometheus/reporters.js';
import type { JobKey } from '../store/series-store.js';
import type { BatchBuilder } from './batch-builder.js';

/** What every step of a round works with. */
export interface RoundContext {
  readonly client: FlinkClient;
  readonly cluster: ClusterRecord;
  /** The cluster's Prometheus reporters, where it has some. */
  readonly reporters?: Pick<Reporters, 'refresh'>;
  readonly batch: BatchBuilder;
  /** Called after each job: what was gathered may be passed on before the round is over. */
  handOver(): void;
  readonly clock: Clock;
  /** Rounds of this cluster before this one. */
  readonly round: number;
  /** Requests that one beat's budget allows. */
  readonly requestsPerBeat: number;
  /** Time from this beat to the next. */
  readonly beatMs: number;
  readonly signal: AbortSignal;
}

export interface JobContext extends RoundContext {
  readonly job: JobRecord;
  readonly key: JobKey;
}

export function forJob(context: RoundContext, job: JobRecord): JobContext {
  return { ...context, job, key: { cluster: context.cluster.name, jobName: job.name, jobId: job.jobId } };
}
