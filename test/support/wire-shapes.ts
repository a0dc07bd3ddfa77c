import { z } from 'zod';
import type * as wire from '../../dashboard/contract.js';
import { DIFF_DIALECTS } from '../../dashboard/contract.js';

/**
 * The wire types of `dashboard/contract.ts` as checks that run. Each is strict, so an answer with a field that the contract does
 * not have fails too; the `satisfies` lines keep both the same at compile time.
 */

const text = z.string().min(1);
/** JSON has no NaN: a figure that is one arrives as `null`, and fails here. */
const figure = z.number();
const ratio = figure.min(0).max(1.0001);
const count = figure.int().min(0);
const epochMs = figure.min(Date.UTC(2020, 0, 1));
const optional = z.exactOptional;
const severity = z.enum(['info', 'warning', 'critical']);
const worst = z.enum(['ok', 'info', 'warning', 'critical', 'unknown']);
const comparison = z.enum(['>=', '<=', '>', '<', '=']);
const trend = z.array(figure.nullable());

const cluster = z.strictObject({
  name: text,
  url: text,
  state: z.enum(['reachable', 'unknown']),
  failure: optional(text),
  sinceMs: optional(epochMs),
  flinkVersion: optional(text),
  taskManagers: optional(count),
  slotsTotal: optional(count),
  slotsFree: optional(count),
  jobsRunning: optional(count),
  lastReadMs: optional(epochMs),
  requestsPerMinute: figure,
  simulated: z.boolean(),
}) satisfies z.ZodType<wire.ClusterSummary>;

const jobRow = z.strictObject({
  cluster: text,
  jobId: text,
  name: text,
  state: text,
  startMs: epochMs,
  health: optional(figure.min(0).max(100)),
  worst,
  findings: z.strictObject({ critical: count, warning: count, info: count }),
  headline: optional(z.strictObject({ findingId: text, rule: text, title: text, severity })),
  unjudged: optional(text),
  parallelism: optional(count),
  lagSeconds: optional(figure),
  lagTrend: optional(trend),
  healthTrend: optional(trend),
  dataAgeMs: figure.min(0),
  simulated: z.boolean(),
}) satisfies z.ZodType<wire.JobRow>;

const finding = z.strictObject({
  id: text,
  rule: text,
  category: text,
  severity,
  confidence: ratio,
  state: z.enum(['pending', 'firing', 'resolved']),
  role: z.enum(['root', 'symptom']),
  causedBy: z.array(text),
  rank: count,
  basis: z.enum(['measured', 'configuration']),
  cluster: text,
  jobId: text,
  jobName: text,
  subject: z.strictObject({
    kind: z.enum(['job', 'vertex', 'subtask', 'taskmanager', 'jobmanager', 'cluster']),
    vertexId: optional(text),
    vertexName: optional(text),
    subtasks: optional(z.array(count)),
    taskManagerId: optional(text),
  }),
  title: text,
  summary: text,
  evidence: z
    .array(
      z.strictObject({
        signal: text,
        label: text,
        value: figure,
        unit: z.string(),
        threshold: optional(figure),
        comparison: optional(comparison),
        windowMs: figure.min(0),
        series: optional(
          z.strictObject({
            metric: text,
            vertexId: optional(text),
            subtask: optional(count),
            taskManagerId: optional(text),
          }),
        ),
      }),
    )
    .min(1),
  wouldChange: z.array(text),
  notSeen: z.array(z.strictObject({ signal: text, enableBy: text })),
  snoozed: optional(z.strictObject({ untilMs: epochMs, reason: text })),
  firstSeenMs: epochMs,
  lastSeenMs: epochMs,
  resolvedMs: optional(epochMs),
  docs: z.string().regex(/^rules\/[a-z0-9-]+$/),
  simulated: z.boolean(),
}) satisfies z.ZodType<wire.Finding>;

const recommendation = z.strictObject({
  id: text,
  cluster: text,
  jobId: text,
  jobName: text,
  findings: z.array(text).min(1),
  state: z.enum(['proposed', 'applied', 'confirmed', 'refuted']),
  kind: z.enum([
    'parallelism',
    'slots',
    'memory',
    'checkpoint',
    'network',
    'state',
    'source',
    'sink',
    'code',
    'config',
  ]),
  title: text,
  changes: z.array(
    z.strictObject({
      scope: z.enum(['vertex', 'job', 'taskmanager', 'jobmanager']),
      vertexId: optional(text),
      vertexName: optional(text),
      key: optional(text),
      from: z.union([z.string(), figure, z.null()]),
      to: z.union([z.string(), figure]),
      unit: z.string(),
    }),
  ),
  diffs: z.partialRecord(z.enum(DIFF_DIALECTS), text),
  expected: z.array(
    z.strictObject({
      metric: text,
      label: text,
      from: figure,
      to: figure,
      low: figure,
      high: figure,
      unit: z.string(),
      vertexId: optional(text),
      afterMs: optional(figure),
      afterLowMs: optional(figure),
      afterHighMs: optional(figure),
    }),
  ),
  appliedMs: optional(epochMs),
  judgedMs: optional(epochMs),
  outcomes: optional(
    z.array(
      z.strictObject({
        metric: text,
        vertexId: optional(text),
        before: optional(figure),
        to: figure,
        low: figure,
        high: figure,
        seen: figure,
        isWithin: z.boolean(),
        seenAfterMs: optional(figure),
        isTimeWithin: optional(z.boolean()),
      }),
    ),
  ),
  cost: z.strictObject({
    slots: figure,
    taskManagers: figure,
    memoryBytes: figure,
    money: optional(figure),
    currency: optional(text),
  }),
  prerequisites: z.array(text),
  risk: z.strictObject({
    restart: z.enum(['none', 'job', 'savepoint', 'cluster']),
    stateLoss: z.boolean(),
    note: z.string(),
  }),
  verify: z.array(z.strictObject({ metric: text, label: text, comparison, target: figure, unit: z.string() })),
  rejected: z.array(z.strictObject({ alternative: text, why: text })),
  confidence: ratio,
  sources: z.array(text),
}) satisfies z.ZodType<wire.Recommendation>;

const vertex = z.strictObject({
  vertexId: text,
  name: text,
  parallelism: optional(count),
  maxParallelism: optional(count),
  isSource: z.boolean(),
  isSink: z.boolean(),
  tasks: z.record(z.string(), count),
  busyRatioMax: optional(ratio),
  busyRatioMean: optional(ratio),
  backPressuredRatioMax: optional(ratio),
  idleRatioMean: optional(ratio),
  recordsInPerSecond: optional(figure),
  recordsOutPerSecond: optional(figure),
  skewRatio: optional(figure),
  pendingRecords: optional(figure),
  lagSeconds: optional(figure),
  recommendedParallelism: optional(count),
  mark: z.enum(['cause', 'pressured', 'limit', 'working', 'idle', 'unknown']),
  subtasks: z.array(
    z.strictObject({
      subtask: count,
      state: text,
      attempt: count,
      taskManagerId: optional(text),
      busyRatio: optional(ratio),
      idleRatio: optional(ratio),
      backPressuredRatio: optional(ratio),
      recordsInPerSecond: optional(figure),
      recordsOutPerSecond: optional(figure),
      pendingRecords: optional(figure),
      watermarkMs: optional(figure),
    }),
  ),
}) satisfies z.ZodType<wire.VertexFigures>;

const jobPage = z.strictObject({
  asOfMs: optional(epochMs),
  job: jobRow.extend({ flinkVersion: optional(text), type: text, uptimeMs: optional(figure) }),
  cluster,
  answer: text,
  vertices: z.array(vertex),
  edges: z.array(
    z.strictObject({
      fromVertexId: text,
      toVertexId: text,
      shipStrategy: z.string(),
      pressureRatio: optional(ratio),
    }),
  ),
  taskManagers: z.array(
    z.strictObject({
      taskManagerId: text,
      host: text,
      slots: count,
      slotsFree: count,
      heapUsedBytes: optional(figure),
      heapMaxBytes: optional(figure),
      managedUsedBytes: optional(figure),
      managedTotalBytes: optional(figure),
      gcTimeRatio: optional(ratio),
      cpuCoresUsed: optional(figure),
      cpuCores: optional(figure),
      processBytes: optional(figure),
      gone: z.boolean(),
    }),
  ),
  findings: z.array(finding),
  recommendations: z.array(recommendation),
  coverage: z.strictObject({
    windowMs: figure,
    coveredRatio: ratio,
    lastReadMs: optional(epochMs),
    notEvaluated: z.array(z.strictObject({ rule: text, reason: text })),
    clear: z.array(text),
  }),
}) satisfies z.ZodType<wire.JobPage>;

const checkpoints = z.strictObject({
  intervalMs: optional(figure),
  timeoutMs: optional(figure),
  tradeOff: optional(
    z.strictObject({
      stallMs: figure,
      durationMs: figure,
      mtbfMs: optional(figure),
      restartMs: figure,
      bestMs: figure,
      points: z.array(z.strictObject({ intervalMs: figure, stallRatio: ratio, againMs: figure, againRatio: ratio })),
    }),
  ),
  checkpoints: z.array(
    z.strictObject({
      id: count,
      status: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED', 'UNKNOWN']),
      isSavepoint: z.boolean(),
      triggerMs: epochMs,
      durationMs: figure,
      stateSizeBytes: figure,
      checkpointedSizeBytes: optional(figure),
      acknowledgedSubtasks: count,
      subtasks: count,
      failureMessage: optional(text),
      slowest: optional(
        z.strictObject({
          vertexId: text,
          vertexName: text,
          subtask: count,
          startDelayMs: figure,
          alignmentMs: figure,
          syncMs: figure,
          asyncMs: figure,
        }),
      ),
    }),
  ),
}) satisfies z.ZodType<wire.CheckpointsResponse>;

const fromTo = z.strictObject({ from: optional(figure), to: optional(figure) });
const budget = z.strictObject({
  processBytes: count,
  flinkBytes: count,
  taskHeapBytes: count,
  frameworkHeapBytes: count,
  managedBytes: count,
  networkBytes: count,
  frameworkOffHeapBytes: count,
  taskOffHeapBytes: count,
  metaspaceBytes: count,
  overheadBytes: count,
});
const askedChange = z.strictObject({
  scope: z.enum(['vertex', 'job', 'taskmanager', 'jobmanager']),
  vertexId: optional(text),
  vertexName: optional(text),
  key: optional(text),
  from: optional(z.union([z.string(), figure, z.null()])),
  to: z.union([z.string(), figure]),
  unit: optional(z.string()),
}) satisfies z.ZodType<wire.AskedChange>;

const reportSpan = z.strictObject({ fromMs: epochMs, toMs: epochMs });
const reportHealth = z.strictObject({ now: optional(figure), mean: optional(figure), before: optional(figure) });
const reportCost = z.strictObject({
  coreHours: optional(figure),
  gbHours: optional(figure),
  money: optional(figure),
});
const reportAction = z.strictObject({
  cluster: text,
  jobName: text,
  owner: optional(text),
  title: text,
  finding: z.strictObject({
    id: text,
    rule: text,
    title: text,
    severity,
    basis: z.enum(['measured', 'configuration']),
    firingMs: figure,
  }),
  diff: optional(z.strictObject({ dialect: z.enum(DIFF_DIALECTS), text })),
  evidence: z.array(finding.shape.evidence.element),
  expected: optional(recommendation.shape.expected.element),
  saving: optional(reportCost),
});
const ruleRow = z.strictObject({ id: text, category: text, severityMax: severity, title: text, docs: text });

/** By the name that the OpenAPI table gives to each answer. */
export const SHAPES: Readonly<Record<string, z.ZodType>> = {
  ClustersResponse: z.strictObject({ clusters: z.array(cluster) }) satisfies z.ZodType<wire.ClustersResponse>,
  JobsResponse: z.strictObject({ jobs: z.array(jobRow) }) satisfies z.ZodType<wire.JobsResponse>,
  JobPage: jobPage,
  SeriesResponse: z.strictObject({
    metric: text,
    unit: z.string(),
    fromMs: epochMs,
    toMs: epochMs,
    lines: z.array(
      z.strictObject({
        label: text,
        vertexId: optional(text),
        subtask: optional(count),
        taskManagerId: optional(text),
        points: z.array(z.tuple([epochMs, figure.nullable()])),
      }),
    ),
  }) satisfies z.ZodType<wire.SeriesResponse>,
  CheckpointsResponse: checkpoints,
  ExceptionsResponse: z.strictObject({
    groups: z.array(
      z.strictObject({
        title: text,
        count,
        firstSeenMs: epochMs,
        lastSeenMs: epochMs,
        taskName: optional(text),
        stacktrace: z.string(),
      }),
    ),
  }) satisfies z.ZodType<wire.ExceptionsResponse>,
  EventsResponse: z.strictObject({
    events: z.array(
      z.strictObject({
        atMs: epochMs,
        kind: z.enum(['state', 'restart', 'rescale', 'finding', 'checkpoint', 'configuration', 'taskmanager']),
        title: text,
        severity: optional(severity),
      }),
    ),
  }) satisfies z.ZodType<wire.EventsResponse>,
  Finding: finding,
  FindingsResponse: z.strictObject({ findings: z.array(finding) }) satisfies z.ZodType<wire.FindingsResponse>,
  RecommendationsResponse: z.strictObject({
    recommendations: z.array(recommendation),
  }) satisfies z.ZodType<wire.RecommendationsResponse>,
  AutoscalerResponse: z.strictObject({
    cluster: text,
    jobId: text,
    jobName: text,
    atMs: epochMs,
    version: z.enum(['1.10.0', '1.15.0']),
    outcome: z.enum(['decided', 'unknown', 'refused']),
    message: optional(text),
    slots: optional(z.strictObject({ from: count, to: count })),
    vertices: z.array(
      z.strictObject({
        vertexId: text,
        vertexName: text,
        from: count,
        to: count,
        own: count,
        why: optional(text),
        waitsMs: optional(figure),
      }),
    ),
  }) satisfies z.ZodType<wire.AutoscalerResponse>,
  WhatIfResponse: z.strictObject({
    cluster: text,
    jobId: text,
    jobName: text,
    atMs: epochMs,
    demandKnown: z.boolean(),
    vertices: z.array(
      z.strictObject({
        vertexId: text,
        vertexName: text,
        parallelism: fromTo,
        capacityPerSecond: fromTo,
        recordsInPerSecond: fromTo,
        busyRatio: fromTo.extend({ low: optional(ratio), high: optional(ratio) }),
        limit: optional(text),
      }),
    ),
    sources: z.array(
      z.strictObject({
        vertexId: text,
        vertexName: text,
        lagRecords: figure,
        offeredPerSecond: optional(figure),
        consumedPerSecond: fromTo,
        lagSlopePerSecond: fromTo,
        catchUpMs: fromTo,
      }),
    ),
    slots: z.strictObject({ needed: fromTo, perTaskManager: fromTo, free: optional(count) }),
    taskManagers: z.strictObject({ registered: optional(count), needed: fromTo }),
    memory: optional(z.strictObject({ processBytes: fromTo, from: optional(budget), to: budget })),
    cost: z.strictObject({
      slots: figure,
      taskManagers: optional(count),
      memoryBytes: optional(figure),
      money: optional(figure),
      currency: optional(text),
    }),
    assumptions: z.array(text),
    notPredicted: z.array(z.strictObject({ change: askedChange, why: text })),
  }) satisfies z.ZodType<wire.WhatIfResponse>,
  RulesResponse: z.strictObject({ rules: z.array(ruleRow) }) satisfies z.ZodType<wire.RulesResponse>,
  RulePage: ruleRow.extend({ markdown: text }) satisfies z.ZodType<wire.RulePage>,
  ReportResponse: z.strictObject({
    week: text,
    fromMs: epochMs,
    toMs: epochMs,
    knownToMs: epochMs,
    owner: optional(text),
    jobsWatched: count,
    jobsWithFindings: count,
    jobsUnjudged: count,
    health: reportHealth,
    changes: z.strictObject({
      new: count,
      worse: count,
      open: count,
      better: count,
      snoozed: count,
      fixed: count,
      passed: count,
      unjudged: count,
    }),
    actions: z.array(reportAction),
    cost: reportCost,
    currency: optional(text),
    savings: z.strictObject({ estimated: reportCost, realised: reportCost }),
    hoursWithoutData: z.array(reportSpan),
    gone: z.array(z.strictObject({ cluster: text, jobName: text })),
    curve: z.array(z.strictObject({ atMs: epochMs, now: optional(figure), before: optional(figure) })),
    days: z.array(z.strictObject({ atMs: epochMs, critical: count, warning: count })),
    sections: z.array(
      z.strictObject({
        cluster: text,
        jobName: text,
        owner: optional(text),
        watchedMs: figure,
        coveredRatio: ratio,
        coveredBeforeRatio: ratio,
        isJudged: z.boolean(),
        hoursWithoutData: z.array(reportSpan),
        lastWatchedMs: optional(epochMs),
        health: reportHealth,
        findings: z.array(
          z.strictObject({
            id: text,
            rule: text,
            title: text,
            severity,
            basis: z.enum(['measured', 'configuration']),
            vertexName: optional(text),
            firstSeenMs: epochMs,
            lastSeenMs: epochMs,
            firingMs: figure,
            firingBeforeMs: figure,
            openNow: z.boolean(),
            change: z.enum(['new', 'worse', 'open', 'better', 'snoozed', 'fixed', 'passed', 'unjudged']),
            severityNow: optional(severity),
            severityBefore: optional(severity),
            snoozed: optional(z.strictObject({ untilMs: epochMs, reason: text })),
          }),
        ),
        figures: z.strictObject({
          uptimeRatio: optional(ratio),
          restarts: optional(count),
          checkpointSuccessRatio: optional(ratio),
          checkpoints: optional(z.strictObject({ completed: count, failed: count })),
          lagRecordsMedian: optional(figure),
          lagRecordsP95: optional(figure),
          lagSecondsMax: optional(figure),
          busyRatioMedian: optional(ratio),
          busyRatioP95: optional(ratio),
          heapRatioP95: optional(ratio),
        }),
        cost: reportCost,
        savings: z.strictObject({ estimated: optional(reportCost), realised: optional(reportCost) }),
        actions: z.array(reportAction),
        followed: z.array(
          z.strictObject({
            id: text,
            title: text,
            state: z.enum(['applied', 'confirmed', 'refuted']),
            appliedMs: epochMs,
            judgedMs: optional(epochMs),
            expected: recommendation.shape.expected,
            outcomes: recommendation.shape.outcomes,
            cost: recommendation.shape.cost,
          }),
        ),
      }),
    ),
  }) satisfies z.ZodType<wire.ReportResponse>,
  StatusResponse: z.strictObject({
    version: text,
    startedMs: epochMs,
    demo: z.boolean(),
    clusters: z.array(cluster.extend({ intervalMs: figure, stretchedToMs: optional(figure) })),
    discoveries: z.array(
      z.strictObject({ source: text, clusters: count, failure: optional(text), lastReadMs: optional(epochMs) }),
    ),
    store: z.strictObject({ kind: text, healthy: z.boolean(), notes: z.array(text), droppedSamples: count }),
  }) satisfies z.ZodType<wire.StatusResponse>,
  StreamEvent: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('fleet'), atMs: epochMs, clusters: z.array(cluster), jobs: z.array(jobRow) }),
    z.strictObject({ type: z.literal('job'), atMs: epochMs, cluster: text, jobId: text }),
  ]) satisfies z.ZodType<wire.StreamEvent>,
  Problem: z.strictObject({
    type: z.literal('about:blank'),
    title: text,
    status: count,
    detail: text,
  }) satisfies z.ZodType<wire.Problem>,
};
