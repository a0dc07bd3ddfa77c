import type { RecordingRule } from '../rule-file.js';
import { garbageCollection } from './collectors.js';
import { eventTimeRecordings } from './event-time-recordings.js';
import type { Names } from './labels.js';
import { GC_SHARE, SATURATED_BUSY, PRESSURED, SETTLED, LAG_COUNTS_SECONDS, CATCH_UP_SECONDS } from './thresholds.js';

const TASK = 'flink_taskmanager_job_task_';
const OPERATOR = 'flink_taskmanager_job_task_operator_';
const JVM = 'flink_taskmanager_Status_JVM_';
/** Four samples at a scrape every 30 s. */
const WINDOW = '2m';

/** What the alerts share, each worked out once: shares of time, lag, and which vertices are full. */
export function recordingsOf(names: Names): readonly RecordingRule[] {
  return [
    ...loadOf(names),
    ...lagOf(names),
    ...jvmOf(names),
    ...stateOf(names),
    ...limitOf(names),
    ...eventTimeRecordings(names),
  ];
}

/**
 * Shares come from the accumulated times, which forget nothing and need no 60 s to become true (since 1.16); before that from
 * the gauges. A subtask's attempts and its moves between TaskManagers fall together.
 */
function loadOf({ subtask, vertex, job }: Names): RecordingRule[] {
  const share = (accumulated: string, gauge: string): string =>
    `max by (${subtask}) (clamp_max(rate(${TASK}${accumulated}[${WINDOW}]) / 1000, 1) or clamp_max(${TASK}${gauge} / 1000, 1))`;
  return [
    { record: 'flink:subtask_busy:ratio', expr: share('accumulateBusyTimeMs', 'busyTimeMsPerSecond') },
    {
      record: 'flink:subtask_backpressure:ratio',
      expr: share('accumulateBackPressuredTimeMs', 'backPressuredTimeMsPerSecond'),
    },
    { record: 'flink:subtask_records_in:rate', expr: `max by (${subtask}) (rate(${TASK}numRecordsIn[${WINDOW}]))` },
    { record: 'flink:vertex_busy:max', expr: `max by (${vertex}) (flink:subtask_busy:ratio)` },
    { record: 'flink:vertex_busy:avg', expr: `avg by (${vertex}) (flink:subtask_busy:ratio)` },
    { record: 'flink:vertex_backpressure:max', expr: `max by (${vertex}) (flink:subtask_backpressure:ratio)` },
    {
      record: 'flink:vertex_records_skew:ratio',
      expr: `max by (${vertex}) (flink:subtask_records_in:rate) / avg by (${vertex}) (flink:subtask_records_in:rate)`,
    },
    { record: 'flink:job_backpressure:max', expr: `max by (${job}) (flink:vertex_backpressure:max)` },
  ];
}

/** Only of sources that say what they have left to read (Kafka, Pulsar, files: `pendingRecords`). */
function lagOf({ job, labels: { job: jobLabel, cluster, operator, subtask } }: Names): RecordingRule[] {
  const same = [...cluster, jobLabel, operator, subtask].join(', ');
  const pending = 'flink:job_pending_records:sum';
  return [
    { record: pending, expr: `sum by (${job}) (${OPERATOR}pendingRecords)` },
    {
      record: 'flink:job_source_records:rate',
      expr: `sum by (${job}) (rate(${OPERATOR}numRecordsOut[${WINDOW}]) and on (${same}) ${OPERATOR}pendingRecords)`,
    },
    { record: 'flink:job_lag:seconds', expr: `${pending} / flink:job_source_records:rate` },
    {
      record: 'flink:job_falls_behind:ratio',
      expr: `deriv(${pending}[3m]) / flink:job_source_records:rate`,
    },
    // Keeps pace: hardly any lag, or one that will be gone soon at this pace (after a restart, a stop, a burst).
    {
      record: 'flink:job_keeps_pace:seconds',
      expr: `flink:job_lag:seconds < ${LAG_COUNTS_SECONDS} or ${pending} + ${CATCH_UP_SECONDS} * deriv(${pending}[3m]) < 0`,
    },
  ];
}

function jvmOf({ taskManager, jobOnTaskManager, job }: Names): RecordingRule[] {
  const here = `0 * count by (${jobOnTaskManager}) (flink:subtask_busy:ratio) + on (${taskManager}) group_left ()`;
  return [
    {
      record: 'flink:taskmanager_gc:ratio',
      expr: `max by (${taskManager}) (${garbageCollection('Time', (series) => `rate(${series}[${WINDOW}]) / 1000`)})`,
    },
    {
      record: 'flink:taskmanager_collections:increase5m',
      expr: `max by (${taskManager}) (${garbageCollection('Count', (series) => `increase(${series}[5m])`)})`,
    },
    {
      record: 'flink:taskmanager_heap_floor:ratio',
      expr: `max by (${taskManager}) (min_over_time(${JVM}Memory_Heap_Used[2m]) / ${JVM}Memory_Heap_Max)`,
    },
    { record: 'flink:job_taskmanager_gc:ratio', expr: `${here} flink:taskmanager_gc:ratio` },
    { record: 'flink:job_taskmanager_heap_floor:ratio', expr: `${here} flink:taskmanager_heap_floor:ratio` },
    { record: 'flink:job_gc:max', expr: `max by (${job}) (flink:job_taskmanager_gc:ratio)` },
  ];
}

/** Known and not restarted for a while: before that figures tell of starting, not of running. Counted per job id. */
function stateOf({ job, cluster }: Names): RecordingRule[] {
  const restarts = 'flink_jobmanager_job_numRestarts';
  return [
    {
      record: 'flink:job_settled:restarts',
      expr: `max by (${job}) (${restarts} and ${restarts} offset ${SETTLED} and changes(${restarts}[${SETTLED}]) == 0)`,
    },
    {
      record: 'flink:job_without_tasks:restarts',
      expr: `max by (${job}) (${restarts}) unless on (${job}) max by (${job}) (${TASK}numRecordsIn)`,
    },
    {
      record: 'flink:cluster_taskmanagers:sum',
      expr: `sum by (${cluster}) (flink_jobmanager_numRegisteredTaskManagers)`,
    },
  ];
}

/**
 * The vertex that holds a job back is full and waits for nobody, while others wait: the first below the last one with
 * backpressure. The order of vertices is not in the metrics, and need not be: whatever is below it has busy .52 at most.
 */
function limitOf({ job, labels: { task } }: Names): RecordingRule[] {
  const jobIsSlow = `and on (${job}) flink:job_settled:restarts unless on (${job}) flink:job_keeps_pace:seconds unless on (${job}) (flink:job_gc:max >= ${GC_SHARE})`;
  const full = `(flink:vertex_busy:max >= ${SATURATED_BUSY} unless flink:vertex_backpressure:max >= ${PRESSURED})`;
  return [
    {
      record: 'flink:vertex_at_limit:busy',
      expr: `${full} and on (${job}) (flink:job_backpressure:max >= ${PRESSURED}) ${jobIsSlow}`,
    },
    // Chained to its source a full vertex has nobody that waits for it: the lag tells.
    {
      record: 'flink:source_at_limit:busy',
      expr: `(flink:vertex_busy:max{${task}=~"Source:.*"} >= ${SATURATED_BUSY}) and on (${job}) (flink:job_backpressure:max < ${PRESSURED}) and on (${job}) flink:job_lag:seconds ${jobIsSlow}`,
    },
  ];
}
