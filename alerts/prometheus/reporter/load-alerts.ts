import { text } from '../../../analyzer/text.js';
import type { ReporterAlert } from './alert.js';
import type { Names } from './labels.js';
import { AT_LIMIT, unlessHeldBack } from './shared.js';
import { EVEN_BUSY, FALLS_BEHIND, LAG_ALERT_SECONDS, SKEWED_RECORDS } from './thresholds.js';

/** The full vertex, in three classes that need different changes, and a job that falls behind without one. */
export function loadAlerts({ job, vertex, jobText, vertexText }: Names): readonly ReporterAlert[] {
  const uneven = `and on (${vertex}) (flink:vertex_busy:avg < ${EVEN_BUSY})`;
  const where = `${jobText}: ${vertexText}`;
  return [
    {
      alert: 'FlinkVertexAtItsLimit',
      expr: `${AT_LIMIT} and on (${vertex}) (flink:vertex_busy:avg >= ${EVEN_BUSY})`,
      for: '2m',
      severity: 'warning',
      rule: 'bp-bottleneck',
      summary: text(
        `${where} is full in all its subtasks and holds the job back`,
        `${where} 的所有子任务都已满负荷，拖慢了整个作业`,
      ),
      description: text(
        'It is busy all the time and waits for nobody, while what comes before it waits. What comes after it is not the cause.',
        '它一直繁忙且不等待任何顶点，而它的上游在等待。下游不是原因。',
      ),
      action: text(
        'Look at what it waits for or computes: an outside system called record by record wants async calls, plain work wants more subtasks.',
        '查看它在等待什么或计算什么：逐条调用外部系统应改为异步调用，纯计算则增加并行度。',
      ),
    },
    {
      alert: 'FlinkSubtaskOverloaded',
      expr: `${AT_LIMIT} ${uneven} and on (${vertex}) (flink:vertex_records_skew:ratio >= ${SKEWED_RECORDS})`,
      for: '2m',
      severity: 'warning',
      rule: 'skew-hot-key',
      summary: text(
        `${where} is full in some subtasks only, which get more records than the others`,
        `${where} 只有部分子任务满负荷，它们收到的记录比其他子任务多`,
      ),
      description: text(
        'A heavy key, few keys, uneven key groups or uneven partitions: the other subtasks have room.',
        '热点键、键太少、键组不均或分区不均：其他子任务仍有余量。',
      ),
      action: text(
        'Compare numRecordsIn of its subtasks. More subtasks do not help against one heavy key: salt it, or aggregate in two steps.',
        '比较各子任务的 numRecordsIn。单个热点键靠增加并行度无济于事：给键加盐，或分两步聚合。',
      ),
    },
    {
      alert: 'FlinkSubtaskSlow',
      expr: `${AT_LIMIT} ${uneven} and on (${vertex}) (flink:vertex_records_skew:ratio < ${SKEWED_RECORDS})`,
      for: '2m',
      severity: 'warning',
      rule: 'noisy-tm',
      summary: text(
        `${where} is full in some subtasks only, which get no more records than the others`,
        `${where} 只有部分子任务满负荷，但它们收到的记录并不比其他子任务多`,
      ),
      description: text(
        'They take longer for a record: their TaskManager is slower, or their records cost more.',
        '它们处理每条记录更慢：所在的 TaskManager 较慢，或它们的记录处理代价更高。',
      ),
      action: text(
        'See whether the full subtasks share a TaskManager: its CPU, its disk, its neighbours. If not, look at what their records hold.',
        '看满负荷的子任务是否在同一个 TaskManager 上：检查其 CPU、磁盘和同机进程；若不是，检查这些记录的内容。',
      ),
    },
    {
      alert: 'FlinkLagGrows',
      expr: `flink:job_falls_behind:ratio > ${FALLS_BEHIND} and flink:job_lag:seconds > ${LAG_ALERT_SECONDS} and flink:job_settled:restarts ${unlessHeldBack(job)}`,
      for: '2m',
      severity: 'warning',
      rule: 'src-lag-growing',
      summary: text(
        `${jobText} falls behind its input, and no vertex is full`,
        `${jobText} 的积压在增长，但没有顶点满负荷`,
      ),
      description: text(
        'The sources read less than arrives although nothing holds them back: fetching is the limit, or the figures do not show the full vertex.',
        '没有任何东西拖住数据源，但读取少于到达：瓶颈在拉取，或指标未显示出满负荷的顶点。',
      ),
      action: text(
        'Look at what the sources fetch with: fetch sizes, quotas of the broker, fewer readers than partitions.',
        '检查数据源的拉取：拉取大小、Broker 配额、读取者少于分区数。',
      ),
    },
  ];
}
