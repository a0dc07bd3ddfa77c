import { text } from '../../../analyzer/text.js';
import type { ReporterAlert } from './alert.js';
import type { Names } from './labels.js';

const RESTARTS = 'flink_jobmanager_job_numRestarts';
const HEAP = 'flink_taskmanager_Status_JVM_Memory_Heap_Max';
/** The most minutes, of ten, with restarts of one incident: a killed TaskManager brought eight restarts within 60 s. */
const INCIDENT_MINUTES = 3;

/** Jobs that do not run, or not for long. One incident with many attempts is none of them. */
export function livenessAlerts({ job, cluster, jobText, labels }: Names): readonly ReporterAlert[] {
  const whichCluster = labels.cluster.map((label) => `{{ $labels.${label} }}`).join(' ');
  const taskManagers = 'flink:cluster_taskmanagers:sum';
  const lost = `(max_over_time(${taskManagers}[10m]) - ${taskManagers} > 0) and on (${cluster}) (sum by (${cluster}) (increase(${RESTARTS}[10m])) > 0)`;
  /** One that has come back in the meantime, too: its restarts are still among those of the last ten minutes. */
  const wasLost = `(max_over_time(${taskManagers}[20m]) - min_over_time(${taskManagers}[10m]) > 0)`;
  return [
    {
      alert: 'FlinkRestartLoop',
      expr: `max by (${job}) (count_over_time((${RESTARTS} - ${RESTARTS} offset 1m > 0)[10m:1m]) >= ${INCIDENT_MINUTES} and ${RESTARTS}) unless on (${cluster}) ${wasLost}`,
      for: '0s',
      severity: 'critical',
      rule: 'restart-loop',
      summary: text(
        `${jobText} restarts again and again: in {{ $value | printf "%.0f" }} of the last 10 minutes`,
        `${jobText} 反复重启：最近 10 分钟中有 {{ $value | printf "%.0f" }} 分钟发生重启`,
      ),
      description: text(
        'It fails soon after each start. Counted are minutes with restarts, because one incident can bring many attempts.',
        '每次启动后不久就失败。按发生重启的分钟计数，因为一次事故可能带来多次尝试。',
      ),
      action: text(
        'Read the first exception of the exceptions page, not the last. Where checkpoints fail before each restart, they are the cause.',
        '看异常页面的第一个异常，而不是最后一个。若每次重启前都有检查点失败，原因就是检查点。',
      ),
    },
    {
      alert: 'FlinkTaskManagerLost',
      expr: lost,
      for: '1m',
      severity: 'critical',
      rule: 'tm-lost',
      summary: text(
        `${whichCluster === '' ? 'The cluster' : whichCluster} has {{ $value | printf "%.0f" }} TaskManagers fewer, and jobs restarted`,
        `${whichCluster === '' ? '集群' : whichCluster} 少了 {{ $value | printf "%.0f" }} 个 TaskManager，且有作业重启`,
      ),
      description: text(
        'A TaskManager went away with running tasks, and none has come in its place.',
        '一个有任务运行的 TaskManager 消失了，且没有新的来替代。',
      ),
      action: text(
        'Look at why its process ended: out of memory killed by the system, node gone, heartbeat lost in a long pause.',
        '查明进程为何结束：内存不足被系统杀死、节点消失、长时间停顿导致心跳丢失。',
      ),
    },
    {
      alert: 'FlinkJobWithoutTasks',
      // Only where TaskManagers are scraped at all, or none is there.
      expr: `flink:job_without_tasks:restarts and on (${cluster}) (count by (${cluster}) (${HEAP}) or ${taskManagers} == 0) unless on (${cluster}) (${lost})`,
      for: '3m',
      severity: 'critical',
      rule: 'slots-unavailable',
      summary: text(`${jobText} is there, but none of its tasks runs`, `${jobText} 存在，但没有任务在运行`),
      description: text(
        'Flink calls such a job RUNNING. It waits for slots, or between restarts.',
        'Flink 仍称其为 RUNNING。它在等待 slot，或处于两次重启之间。',
      ),
      action: text(
        'Compare the slots that it needs (its highest parallelism) with those of the cluster, and look for TaskManagers that cannot start.',
        '比较它所需的 slot（最高并行度）与集群的 slot，并查找无法启动的 TaskManager。',
      ),
    },
    {
      alert: 'FlinkJobGone',
      expr: `max by (${job}) (flink_jobmanager_job_numberOfCompletedCheckpoints offset 15m > 0) unless on (${job}) max by (${job}) (${RESTARTS})`,
      for: '5m',
      severity: 'warning',
      rule: 'job-not-running',
      summary: text(
        `${jobText} took checkpoints a quarter of an hour ago, and is gone`,
        `${jobText} 一刻钟前还在做检查点，现在消失了`,
      ),
      description: text(
        'It failed for good, was stopped by someone, or its JobManager is away. The metrics do not tell which; the alert ends by itself.',
        '它彻底失败、被人停止，或其 JobManager 不在。指标无法区分；该告警会自行结束。',
      ),
      action: text(
        'Look at the job in Flink’s web interface or its History Server; if nobody stopped it, start it from its last checkpoint.',
        '在 Flink 界面或 History Server 中查看该作业；若无人停止它，从最近的检查点启动。',
      ),
    },
  ];
}
