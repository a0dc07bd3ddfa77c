import { text } from '../../../analyzer/text.js';
import type { ReporterAlert } from './alert.js';
import type { Names } from './labels.js';
import { unlessHeldBack } from './shared.js';
import { CHECKPOINT_SHARE, PRESSURED, SATURATED_BUSY } from './thresholds.js';

const JOB = 'flink_jobmanager_job_';
const COMPLETED = `${JOB}numberOfCompletedCheckpoints`;
const FAILED = `${JOB}numberOfFailedCheckpoints`;
const DURATION = `${JOB}lastCheckpointDuration`;
const IN_PROGRESS = `${JOB}numberOfInProgressCheckpoints`;

/** The least that a job must have completed in a window before, so that its own pace is known. */
const PACE = 3;
/** For jobs with an interval of up to 100 s, 7, 20 and 120 min. */
const WINDOWS = [
  { window: '5m', seconds: 300, before: '10m' },
  { window: '20m', seconds: 1200, before: '40m' },
  { window: '1h', seconds: 3600, before: '2h' },
  { window: '6h', seconds: 21_600, before: '12h' },
] as const;

/**
 * All against the job's own interval, which no metric has: its pace before, and the share of time that checkpoints take. Barriers behind a full vertex come late: then that vertex alerts, and its checkpoints do not.
 */
export function checkpointAlerts({ job, jobText }: Names): readonly ReporterAlert[] {
  const stands = `unless on (${job}) flink:job_without_tasks:restarts`;
  const notHeldBack = unlessHeldBack(job);
  // A full vertex lets barriers wait minutes before its inputs do: small records fill its buffers slowly.
  const noPressure = `unless on (${job}) (flink:job_backpressure:max >= ${PRESSURED}) unless on (${job}) (flink:vertex_busy:max >= ${SATURATED_BUSY})`;
  const fail = failing(job);
  return [
    {
      alert: 'FlinkCheckpointsStopped',
      expr: `max by (${job}) (${WINDOWS.map(stopped).join(' or ')}) ${stands} ${notHeldBack} unless on (${job}) ${fail}`,
      for: '1m',
      severity: 'critical',
      rule: 'ckpt-failing',
      summary: text(
        `${jobText} has completed no checkpoint in the time in which it used to complete {{ $value | printf "%.0f" }}`,
        `${jobText} 没有完成检查点，而以往在这段时间内会完成 {{ $value | printf "%.0f" }} 个`,
      ),
      description: text(
        'What a failure now would repeat grows from minute to minute.',
        '现在若失败，需要重做的工作每分钟都在增加。',
      ),
      action: text(
        'Look at the checkpoints page: the subtask without acknowledgement is the slow one; without any checkpoint look at the log of the JobManager.',
        '查看检查点页面：未确认的子任务就是慢的那个；若根本没有检查点，查看 JobManager 日志。',
      ),
    },
    {
      alert: 'FlinkCheckpointsFail',
      expr: `${fail} ${stands} ${notHeldBack}`,
      for: '1m',
      severity: 'critical',
      rule: 'ckpt-failing',
      summary: text(
        `${jobText}: {{ $value | printf "%.0f" }} checkpoints failed in 10 minutes, more than completed`,
        `${jobText}：10 分钟内有 {{ $value | printf "%.0f" }} 个检查点失败，多于完成的`,
      ),
      description: text(
        'They begin and are declined or time out. Restarts of the job may be their consequence (tolerable-failed-checkpoints).',
        '它们开始后被拒绝或超时。作业重启可能是其后果（tolerable-failed-checkpoints）。',
      ),
      action: text(
        'The checkpoints page says why the last one failed: a timeout wants the slow phase mended, an exception its cause.',
        '检查点页面说明最近一次为何失败：超时要解决慢的阶段，异常要解决其原因。',
      ),
    },
    {
      alert: 'FlinkCheckpointsWithoutPause',
      expr: `max by (${job}) (${underWay('5m')} or ${underWay('1h')}) and on (${job}) flink:job_settled:restarts ${stands} ${noPressure}`,
      for: '2m',
      severity: 'warning',
      rule: 'ckpt-interval-too-short',
      summary: text(
        `${jobText} takes a checkpoint {{ $value | humanizePercentage }} of the time`,
        `${jobText} 有 {{ $value | humanizePercentage }} 的时间在做检查点`,
      ),
      description: text(
        'They take more than half of their own interval: the job works for checkpoints instead of records, and one slow one delays the next.',
        '检查点耗时超过自身间隔的一半：作业忙于检查点而不是记录，一个慢的会推迟下一个。',
      ),
      action: text(
        'Find the slow phase on the checkpoints page (async: storage or size; sync: snapshotState), and set an interval of twice the duration.',
        '在检查点页面找出慢的阶段（async：存储或大小；sync：snapshotState），并把间隔设为耗时的两倍。',
      ),
    },
  ];
}

/** None completed in the window, although the job's pace before would have brought several. The value is how many. */
const stopped = ({ window, seconds, before }: (typeof WINDOWS)[number]): string =>
  `(deriv(${COMPLETED}[${before}] offset ${window}) * ${seconds} >= ${PACE} and changes(${COMPLETED}[${window}]) == 0)`;

/** Failures at the start of a job, before all its tasks run, are usual (one to five): the job must have been there before. */
const failing = (job: string): string =>
  `max by (${job}) (increase(${FAILED}[10m]) >= 3 and increase(${FAILED}[10m]) > increase(${COMPLETED}[10m]) and avg_over_time(${IN_PROGRESS}[5m]) > 0.3 and ${FAILED} offset 5m)`;

/**
 * Durations by how many there were in the window. Not the number in progress: scraped at the pace of the checkpoints, that
 * one shows a short checkpoint as one that is always there.
 */
const underWay = (window: string): string =>
  `(clamp_max(avg_over_time(${DURATION}[${window}]) / 1000 * rate(${COMPLETED}[${window}]), 1) >= ${CHECKPOINT_SHARE} and increase(${COMPLETED}[${window}]) >= 2 and ${COMPLETED} offset ${window})`;
