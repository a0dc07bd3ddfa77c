/**
 * What the service and the browser say to each other: JSON over `/api/v1`, types only.
 * Missing figures are absent, never 0; gaps in series are `null`. Times are epoch milliseconds, ratios 0–1.
 * Texts come in the language asked for (`Accept-Language` or `?lang=`). Names that come from Flink are hostile text.
 */

export type Severity = 'info' | 'warning' | 'critical';
export type Worst = 'ok' | Severity | 'unknown';
export type Language = 'en' | 'zh-CN';

export interface ClusterSummary {
  name: string;
  url: string;
  state: 'reachable' | 'unknown';
  /** In words, while the state is unknown: what failed and what to do. */
  failure?: string;
  sinceMs?: number;
  flinkVersion?: string;
  taskManagers?: number;
  slotsTotal?: number;
  slotsFree?: number;
  jobsRunning?: number;
  lastReadMs?: number;
  requestsPerMinute: number;
  simulated: boolean;
}
export interface ClustersResponse {
  clusters: ClusterSummary[];
}

export interface JobRow {
  cluster: string;
  jobId: string;
  name: string;
  /** Flink's job state. */
  state: string;
  startMs: number;
  health?: number;
  worst: Worst;
  findings: { critical: number; warning: number; info: number };
  /** The root finding to read first; its title is the sentence of the row. */
  headline?: { findingId: string; rule: string; title: string; severity: Severity };
  /** Why a running job is not yet known to be well, as a sentence: load is not known yet, or what was seen is not yet certain. */
  unjudged?: string;
  parallelism?: number;
  lagSeconds?: number;
  /** Lag over the last half hour, oldest first, for a sparkline; `null` is a gap. */
  lagTrend?: (number | null)[];
  healthTrend?: (number | null)[];
  dataAgeMs: number;
  simulated: boolean;
}
export interface JobsResponse {
  jobs: JobRow[];
}

export interface Subject {
  kind: 'job' | 'vertex' | 'subtask' | 'taskmanager' | 'jobmanager' | 'cluster';
  vertexId?: string;
  /** Exactly Flink's name. */
  vertexName?: string;
  subtasks?: number[];
  taskManagerId?: string;
}

export interface Evidence {
  /** Machine name, e.g. `busyRatio`. */
  signal: string;
  /** The same for a person, in their language. */
  label: string;
  value: number;
  /** `ratio`, `s`, `ms`, `records/s`, `records`, `bytes`, `bytes/s`, `count`, `cores`, `slots`. */
  unit: string;
  threshold?: number;
  comparison?: '>=' | '<=' | '>' | '<' | '=';
  windowMs: number;
  series?: { metric: string; vertexId?: string; subtask?: number; taskManagerId?: string };
}

export interface Finding {
  id: string;
  rule: string;
  category: string;
  severity: Severity;
  confidence: number;
  state: 'pending' | 'firing' | 'resolved';
  role: 'root' | 'symptom';
  /** Ids of the findings that explain this one. */
  causedBy: string[];
  /** 1 = first to read. */
  rank: number;
  basis: 'measured' | 'configuration';
  cluster: string;
  jobId: string;
  jobName: string;
  subject: Subject;
  title: string;
  summary: string;
  evidence: Evidence[];
  wouldChange: string[];
  notSeen: { signal: string; enableBy: string }[];
  snoozed?: { untilMs: number; reason: string };
  firstSeenMs: number;
  lastSeenMs: number;
  resolvedMs?: number;
  docs: string;
  simulated: boolean;
}
export interface FindingsResponse {
  findings: Finding[];
}

/** `POST /findings/{id}/snooze` → the `Finding`. A time that has passed ends the snooze; 30 days at most. */
export interface SnoozeRequest {
  untilMs: number;
  /** Why; needed while the time lies ahead. */
  reason?: string;
}

export interface Change {
  scope: 'vertex' | 'job' | 'taskmanager' | 'jobmanager';
  vertexId?: string;
  vertexName?: string;
  /** Flink's option key, when the change is an option. */
  key?: string;
  from: string | number | null;
  to: string | number;
  unit: string;
}

/** `POST /whatif`: what these changes would bring. A recommendation's `changes` can be sent as they are. */
export interface WhatIfRequest {
  cluster: string;
  jobId: string;
  changes: AskedChange[];
}
export type AskedChange = Omit<Change, 'from' | 'unit'> & Partial<Pick<Change, 'from' | 'unit'>>;

/** A figure now and after the changes; a missing one is not known. */
export interface FromTo {
  from?: number;
  to?: number;
}

/** How a TaskManager's process is cut, by Flink's memory model. */
export interface MemoryBudget {
  processBytes: number;
  flinkBytes: number;
  taskHeapBytes: number;
  frameworkHeapBytes: number;
  managedBytes: number;
  networkBytes: number;
  frameworkOffHeapBytes: number;
  taskOffHeapBytes: number;
  metaspaceBytes: number;
  overheadBytes: number;
}

/** `GET /api/v1/jobs/{cluster}/{jobId}/autoscaler`: what the Kubernetes operator's autoscaler would do with the job as it is now. */
export interface AutoscalerResponse {
  cluster: string;
  jobId: string;
  jobName: string;
  /** When what the answer stands on was read. */
  atMs: number;
  /** Of the autoscaler. */
  version: '1.10.0' | '1.15.0';
  /** `unknown`: a figure that it reads is not known; `refused`: it would give up. Both say why in `message`. */
  outcome: 'decided' | 'unknown' | 'refused';
  message?: string;
  slots?: { from: number; to: number };
  vertices: {
    vertexId: string;
    vertexName: string;
    from: number;
    /** What the autoscaler comes to; `from` where it changes nothing. */
    to: number;
    /** What Weir comes to. */
    own: number;
    /** Why the two differ. */
    why?: string;
    /** It waits this long before it scales down. */
    waitsMs?: number;
  }[];
}

export interface WhatIfResponse {
  cluster: string;
  jobId: string;
  jobName: string;
  /** When what the prediction stands on was read. */
  atMs: number;
  /** False: the job is held back and no source tells what waits, so no load after the changes is said. */
  demandKnown: boolean;
  vertices: {
    vertexId: string;
    vertexName: string;
    parallelism: FromTo;
    /** Records per second that it takes when its busiest subtask never rests. */
    capacityPerSecond: FromTo;
    recordsInPerSecond: FromTo;
    /** Of the busiest subtask, once a backlog is gone. */
    busyRatio: FromTo & { low?: number; high?: number };
    /** Why more subtasks take nothing off the busiest one. */
    limit?: string;
  }[];
  sources: {
    vertexId: string;
    vertexName: string;
    lagRecords: number;
    offeredPerSecond?: number;
    consumedPerSecond: FromTo;
    /** Records per second; negative while the backlog shrinks. */
    lagSlopePerSecond: FromTo;
    catchUpMs: FromTo;
  }[];
  slots: { needed: FromTo; perTaskManager: FromTo; free?: number };
  taskManagers: { registered?: number; needed: FromTo };
  /** Only where a memory option changes; of one TaskManager. */
  memory?: { processBytes: FromTo; from?: MemoryBudget; to: MemoryBudget };
  /** Beyond what is there now. `money`: in a week, where prices are configured. */
  cost: { slots: number; taskManagers?: number; memoryBytes?: number; money?: number; currency?: string };
  /** What must hold for the figures to come true. */
  assumptions: string[];
  /** Changes that are in no figure, and why. */
  notPredicted: { change: AskedChange; why: string }[];
}

export const DIFF_DIALECTS = ['config.yaml', 'flink-conf.yaml', 'FlinkDeployment', 'cli', 'sql', 'rest'] as const;
export type DiffDialect = (typeof DIFF_DIALECTS)[number];

export interface Recommendation {
  id: string;
  cluster: string;
  jobId: string;
  jobName: string;
  findings: string[];
  state: 'proposed' | 'applied' | 'confirmed' | 'refuted';
  kind: 'parallelism' | 'slots' | 'memory' | 'checkpoint' | 'network' | 'state' | 'source' | 'sink' | 'code' | 'config';
  title: string;
  changes: Change[];
  diffs: Partial<Record<DiffDialect, string>>;
  expected: {
    metric: string;
    label: string;
    from: number;
    to: number;
    low: number;
    high: number;
    unit: string;
    /** Whose it is; missing: the job's. */
    vertexId?: string;
    /** How long after the change it is so, and the bounds of that; missing: at once. */
    afterMs?: number;
    afterLowMs?: number;
    afterHighMs?: number;
  }[];
  /** When Flink first showed the change; missing: nobody has made it. */
  appliedMs?: number;
  judgedMs?: number;
  /** Of an advice that was applied: what was said, and what came. */
  outcomes?: {
    metric: string;
    vertexId?: string;
    before?: number;
    to: number;
    low: number;
    high: number;
    seen: number;
    isWithin: boolean;
    seenAfterMs?: number;
    isTimeWithin?: boolean;
  }[];
  /** What it adds; less than nothing is freed. `money`: in a week, where prices are configured. */
  cost: { slots: number; taskManagers: number; memoryBytes: number; money?: number; currency?: string };
  prerequisites: string[];
  risk: { restart: 'none' | 'job' | 'savepoint' | 'cluster'; stateLoss: boolean; note: string };
  verify: { metric: string; label: string; comparison: '>=' | '<=' | '>' | '<' | '='; target: number; unit: string }[];
  rejected: { alternative: string; why: string }[];
  confidence: number;
  sources: string[];
}
export interface RecommendationsResponse {
  recommendations: Recommendation[];
}

/** What one subtask did over the last minute or so. */
export interface SubtaskFigures {
  subtask: number;
  state: string;
  attempt: number;
  taskManagerId?: string;
  busyRatio?: number;
  idleRatio?: number;
  backPressuredRatio?: number;
  recordsInPerSecond?: number;
  recordsOutPerSecond?: number;
  pendingRecords?: number;
  watermarkMs?: number;
}

export interface VertexFigures {
  vertexId: string;
  name: string;
  parallelism?: number;
  maxParallelism?: number;
  isSource: boolean;
  isSink: boolean;
  /** Counts by Flink's task state. */
  tasks: Record<string, number>;
  /** Of the busiest subtask, and over all of them. */
  busyRatioMax?: number;
  busyRatioMean?: number;
  backPressuredRatioMax?: number;
  idleRatioMean?: number;
  recordsInPerSecond?: number;
  recordsOutPerSecond?: number;
  /** Records of the busiest input over the mean; 1 = even. */
  skewRatio?: number;
  pendingRecords?: number;
  lagSeconds?: number;
  recommendedParallelism?: number;
  /** What the analyzer says of this vertex: `cause` only where a root finding names it. */
  mark: 'cause' | 'pressured' | 'limit' | 'working' | 'idle' | 'unknown';
  subtasks: SubtaskFigures[];
}

export interface EdgeFigures {
  fromVertexId: string;
  toVertexId: string;
  shipStrategy: string;
  /** Pressure travels back over this edge, 0–1. */
  pressureRatio?: number;
}

export interface TaskManagerFigures {
  taskManagerId: string;
  host: string;
  slots: number;
  slotsFree: number;
  heapUsedBytes?: number;
  heapMaxBytes?: number;
  managedUsedBytes?: number;
  managedTotalBytes?: number;
  gcTimeRatio?: number;
  cpuCoresUsed?: number;
  cpuCores?: number;
  /** Of the whole process, by Flink's memory model. */
  processBytes?: number;
  gone: boolean;
}

export interface CheckpointRow {
  id: number;
  status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'UNKNOWN';
  isSavepoint: boolean;
  triggerMs: number;
  durationMs: number;
  stateSizeBytes: number;
  checkpointedSizeBytes?: number;
  acknowledgedSubtasks: number;
  subtasks: number;
  failureMessage?: string;
  /** Phases of the subtask that finished last: what the checkpoint waited for. */
  slowest?: {
    vertexId: string;
    vertexName: string;
    subtask: number;
    startDelayMs: number;
    alignmentMs: number;
    syncMs: number;
    asyncMs: number;
  };
}
/** What intervals between checkpoints would cost: short ones hold the job up, long ones let a failure take more back. */
export interface IntervalTradeOff {
  stallMs: number;
  durationMs: number;
  /** Missing: no failure was seen, and one a day is assumed. */
  mtbfMs?: number;
  restartMs: number;
  bestMs: number;
  points: readonly { intervalMs: number; stallRatio: number; againMs: number; againRatio: number }[];
}
export interface CheckpointsResponse {
  intervalMs?: number;
  timeoutMs?: number;
  /** Missing before a checkpoint was seen in full. */
  tradeOff?: IntervalTradeOff;
  checkpoints: CheckpointRow[];
}

export interface ExceptionGroup {
  /** Root cause class and its message with numbers masked. */
  title: string;
  count: number;
  firstSeenMs: number;
  lastSeenMs: number;
  taskName?: string;
  stacktrace: string;
}
export interface ExceptionsResponse {
  groups: ExceptionGroup[];
}

export interface JobEvent {
  atMs: number;
  kind: 'state' | 'restart' | 'failure' | 'rescale' | 'finding' | 'checkpoint' | 'configuration' | 'taskmanager';
  title: string;
  severity?: Severity;
}
export interface EventsResponse {
  events: JobEvent[];
}

export interface ShardResponse {
  /** One for each cluster: the hour it is of, and what is known, as text of this version of Weir. */
  words: readonly { readonly cluster: string; readonly hourMs: number; readonly body: string }[];
}

export interface JobPage {
  /** Only of a page of the past (`?at=`): when it was like this. Subtasks and what was over by then are not kept. */
  asOfMs?: number;
  job: JobRow & { flinkVersion?: string; type: string; uptimeMs?: number };
  cluster: ClusterSummary;
  /** One sentence a person could say aloud: the verdict, or why there is none. */
  answer: string;
  vertices: VertexFigures[];
  edges: EdgeFigures[];
  taskManagers: TaskManagerFigures[];
  findings: Finding[];
  recommendations: Recommendation[];
  coverage: {
    windowMs: number;
    coveredRatio: number;
    lastReadMs?: number;
    notEvaluated: { rule: string; reason: string }[];
    clear: string[];
  };
}

export interface SeriesResponse {
  metric: string;
  unit: string;
  fromMs: number;
  toMs: number;
  /** One line per subtask, TaskManager or vertex. */
  lines: { label: string; vertexId?: string; subtask?: number; taskManagerId?: string; points: SeriesPoint[] }[];
}
/** `[atMs, value]`; `null` is a gap. */
export type SeriesPoint = [number, number | null];

export interface RuleRow {
  id: string;
  category: string;
  severityMax: Severity;
  title: string;
  docs: string;
}
export interface RulesResponse {
  rules: RuleRow[];
}
/** `GET /rules/{id}`: the rule's page as Markdown. */
export interface RulePage extends RuleRow {
  markdown: string;
}

export const REPORT_FORMATS = ['json', 'html', 'markdown', 'text'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Of the week before; `passed`: came and went; `unjudged`: one of the two weeks was watched too little to compare. */
export type ReportChange = 'new' | 'worse' | 'open' | 'better' | 'snoozed' | 'fixed' | 'passed' | 'unjudged';

/** One finding of the week. `firingMs`: for how long it was there while Weir watched. */
export interface ReportLine {
  id: string;
  rule: string;
  title: string;
  severity: Severity;
  basis: 'measured' | 'configuration';
  vertexName?: string;
  firstSeenMs: number;
  lastSeenMs: number;
  firingMs: number;
  firingBeforeMs: number;
  openNow: boolean;
  change: ReportChange;
  /** As last seen in each week, where they differ. */
  severityNow?: Severity;
  severityBefore?: Severity;
  snoozed?: { untilMs: number; reason: string };
}

/** GB·h are of 2^30 bytes; `money` in the report's `currency`, where prices are configured. */
export interface ReportCost {
  coreHours?: number;
  gbHours?: number;
  money?: number;
}
export interface ReportHealth {
  /** 0–100: last known, mean of the week, mean of the week before. */
  now?: number;
  mean?: number;
  before?: number;
}
export interface ReportSpan {
  fromMs: number;
  toMs: number;
}
export interface ReportAction {
  cluster: string;
  jobName: string;
  owner?: string;
  title: string;
  finding: {
    id: string;
    rule: string;
    title: string;
    severity: Severity;
    basis: 'measured' | 'configuration';
    firingMs: number;
  };
  diff?: { dialect: DiffDialect; text: string };
  evidence: Evidence[];
  expected?: Recommendation['expected'][number];
  /** In a week, estimated. */
  saving?: ReportCost;
}
export interface ReportFollowed extends Pick<Recommendation, 'id' | 'title' | 'expected' | 'outcomes' | 'judgedMs'> {
  state: 'applied' | 'confirmed' | 'refuted';
  appliedMs: number;
  cost: Recommendation['cost'];
}
export interface ReportSection {
  cluster: string;
  jobName: string;
  owner?: string;
  watchedMs: number;
  /** Share of the week, as far as it is over, in which the job was read. */
  coveredRatio: number;
  coveredBeforeRatio: number;
  /** False under 70 % of the week: no health, actions or savings then. */
  isJudged: boolean;
  hoursWithoutData: ReportSpan[];
  lastWatchedMs?: number;
  health: ReportHealth;
  findings: ReportLine[];
  figures: {
    uptimeRatio?: number;
    restarts?: number;
    checkpointSuccessRatio?: number;
    checkpoints?: { completed: number; failed: number };
    lagRecordsMedian?: number;
    lagRecordsP95?: number;
    lagSecondsMax?: number;
    busyRatioMedian?: number;
    busyRatioP95?: number;
    heapRatioP95?: number;
  };
  cost: ReportCost;
  savings: { estimated?: ReportCost; realised?: ReportCost };
  actions: ReportAction[];
  /** Advice that was followed, or held against what it promised, in this week. */
  followed: ReportFollowed[];
}
/** `GET /reports/{isoWeek}`: Monday 00:00 UTC to the next; the jobs that suffered most first. */
export interface ReportResponse {
  week: string;
  fromMs: number;
  toMs: number;
  /** Until when the week was known; `toMs` of a week that is over. */
  knownToMs: number;
  owner?: string;
  jobsWatched: number;
  jobsWithFindings: number;
  jobsUnjudged: number;
  health: ReportHealth;
  changes: Record<ReportChange, number>;
  /** The five to make first. */
  actions: ReportAction[];
  cost: ReportCost;
  currency?: string;
  /** Never to be added: the one is a promise, the other came true. */
  savings: { estimated: ReportCost; realised: ReportCost };
  /** In which no job was read. */
  hoursWithoutData: ReportSpan[];
  /** Jobs of the week before that were not seen in this one. */
  gone: { cluster: string; jobName: string }[];
  curve: { atMs: number; now?: number; before?: number }[];
  days: { atMs: number; critical: number; warning: number }[];
  sections: ReportSection[];
}

export interface StatusResponse {
  version: string;
  startedMs: number;
  demo: boolean;
  clusters: (ClusterSummary & { intervalMs: number; stretchedToMs?: number })[];
  /** Sources of clusters; one with a `failure` keeps the clusters of its last answer. */
  discoveries: { source: string; clusters: number; failure?: string; lastReadMs?: number }[];
  store: { kind: string; healthy: boolean; notes: string[]; droppedSamples: number };
}

/** `GET /stream` (SSE). On connect and after each round the server sends a `fleet`; a `job` for each job that changed. */
export type StreamEvent =
  | { type: 'fleet'; atMs: number; clusters: ClusterSummary[]; jobs: JobRow[] }
  | { type: 'job'; atMs: number; cluster: string; jobId: string };

/** RFC 9457, `application/problem+json`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}
