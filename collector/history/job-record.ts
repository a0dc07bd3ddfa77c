import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../flink/decode/configuration.decode.js';
import { ENDED_JOB_KEPT_MS, MAX_HOT_RECORDS } from '../limits.js';
import type {
  CheckpointConfig,
  Edge,
  JobDetail,
  JobSummary,
  ParallelismRange,
  Rescale,
  RestartSample,
  Round,
  StateChange,
  VertexSummary,
} from '../model/index.js';
import { isEnded, type CheckpointCounters } from '../plan/job-turns.js';
import { pushBounded } from './bounded.js';
import { CheckpointLog } from './checkpoint-log.js';
import { ExceptionLog } from './exception-log.js';
import { MissingLog } from './missing-log.js';
import { StateLog } from './state-log.js';
import { VertexRecord } from './vertex-record.js';

/** A counter that did not move is noted again after this time, so that silence and rest can be told apart. */
const RESTARTS_NOTED_EVERY_MS = 60_000;

/** Everything held about one job id. */
export class JobRecord {
  readonly jobId: string;
  readonly states = new StateLog();
  readonly exceptions = new ExceptionLog();
  readonly checkpoints = new CheckpointLog();
  readonly missing = new MissingLog();
  readonly restarts: RestartSample[] = [];
  readonly rounds: Round[] = [];
  checkpointConfig: CheckpointConfig | undefined;
  resourceRequirements: ReadonlyMap<string, ParallelismRange> | undefined;
  rescales: readonly Rescale[] | undefined;
  /** The job's own options, over those of the cluster. */
  configuration: Configuration = {};
  /** Round of the last look at the configuration; undefined before the first one that succeeded. */
  configurationRound: number | undefined;
  /** False once Flink has said that this job takes no checkpoints. */
  takesCheckpoints = true;
  /** Rounds in which the job was read. */
  roundsRead = 0;
  /** True when an ended job was read for the last time. */
  isComplete = false;
  /** When the cluster stopped to list it; undefined while it does. */
  goneMs: number | undefined;
  /** As last known, of this run or the one it goes on with; what differs from it is an event. */
  parallelisms: ReadonlyMap<string, number> | undefined;
  settings: Configuration | undefined;
  flinkVersion: string | undefined;
  /** As last told by the job's own metrics. */
  checkpointCounters: CheckpointCounters | undefined;
  /** When its page was last read. */
  pageReadMs: number | undefined;
  /** What its vertices may still have read subtask by subtask; below 0 after reads that were due whatever they cost. */
  subtasksSaved = 0;
  readonly #endedKeptMs: number;
  #listedAs: string | undefined;
  #changedMs = 0;
  #detail: JobDetail;
  #vertices: readonly VertexSummary[] = [];
  #edges: readonly Edge[] = [];
  readonly #records = new Map<string, VertexRecord>();

  constructor(summary: JobSummary, endedKeptMs = ENDED_JOB_KEPT_MS) {
    this.#endedKeptMs = endedKeptMs;
    this.jobId = summary.jobId;
    this.#detail = detailOf(summary);
  }

  get name(): string {
    return this.#detail.name;
  }

  get detail(): JobDetail {
    return this.#detail;
  }

  /** The vertices as last seen: a job that initialises again lists none for a while. */
  get vertices(): readonly VertexSummary[] {
    return this.#vertices;
  }

  get edges(): readonly Edge[] {
    return this.#edges;
  }

  get isEnded(): boolean {
    return isEnded(this.#detail.state);
  }

  /** When it ended or was last listed; undefined while it is there. */
  get endMs(): number | undefined {
    return this.isEnded ? (this.#detail.endMs ?? this.goneMs) : this.goneMs;
  }

  /** When it was last seen to have changed: its state, its tasks or their states. */
  get changedMs(): number {
    return this.#changedMs;
  }

  /** Takes its line in the list of jobs. */
  setListed({ state, startMs, endMs, lastModifiedMs, tasks }: JobSummary, atMs: number): void {
    const listedAs = JSON.stringify([state, startMs, endMs, lastModifiedMs, tasks]);
    if (listedAs !== this.#listedAs) this.noteChange(atMs);
    this.#listedAs = listedAs;
  }

  noteChange(atMs: number): void {
    this.#changedMs = atMs;
  }

  setDetail(detail: JobDetail, atMs: number): readonly StateChange[] {
    this.#detail = detail;
    this.pageReadMs = atMs;
    if (detail.vertices.length > 0) {
      this.#vertices = detail.vertices;
      // The same array as long as the graph is the same: what is derived from it holds too.
      if (!isDeepStrictEqual(this.#edges, detail.edges)) this.#edges = detail.edges;
      for (const summary of detail.vertices) this.vertex(summary.vertexId).noteSums(summary, atMs);
    }
    return this.states.add(detail);
  }

  /** Adds a reading of the restart counter; true when it counts more than before. */
  addRestarts(sample: RestartSample): boolean {
    const before = this.restarts.at(-1);
    const hasGrown = before !== undefined && sample.restarts > before.restarts;
    const isDue = before === undefined || sample.atMs - before.atMs >= RESTARTS_NOTED_EVERY_MS;
    if (isDue || before.restarts !== sample.restarts) pushBounded(this.restarts, sample, MAX_HOT_RECORDS);
    return hasGrown;
  }

  addRound(round: Round): void {
    pushBounded(this.rounds, round, MAX_HOT_RECORDS);
  }

  vertex(vertexId: string): VertexRecord {
    const known = this.#records.get(vertexId);
    if (known !== undefined) return known;
    const created = new VertexRecord(vertexId);
    this.#records.set(vertexId, created);
    return created;
  }

  /** Drops what is older than the hot window. */
  prune(nowMs: number): void {
    if (this.endMs !== undefined) return;
    for (const record of this.#records.values()) record.prune(nowMs);
  }

  isExpired(nowMs: number): boolean {
    return this.endMs !== undefined && nowMs - this.endMs > this.#endedKeptMs;
  }
}

/** The little that `/jobs/overview` tells, until the job itself has been read. */
function detailOf(summary: JobSummary): JobDetail {
  return {
    jobId: summary.jobId,
    name: summary.name,
    state: summary.state,
    type: 'UNKNOWN',
    startMs: summary.startMs,
    ...(summary.endMs === undefined ? {} : { endMs: summary.endMs }),
    stateSinceMs: {},
    vertices: [],
    edges: [],
  };
}
