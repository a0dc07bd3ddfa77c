import { text } from '../../../analyzer/text.js';
import type { ReporterAlert } from './alert.js';
import type { Names } from './labels.js';
import { NO_WATERMARK, WATERMARK_WINDOW } from './thresholds.js';

/** Event time that stands still while records come: windows do not fire, state grows. */
export function eventTimeAlerts({ job, vertex, jobText, vertexText }: Names): readonly ReporterAlert[] {
  const where = `${jobText}: ${vertexText}`;
  return [
    {
      alert: 'FlinkWatermarkHeldBack',
      expr: 'flink:source_readers_silent:count',
      for: '1m',
      severity: 'warning',
      rule: 'wm-idle-partition',
      summary: text(
        `${where}: {{ $value | printf "%.0f" }} of its readers emit nothing, and hold back the event time of the job`,
        `${where}：有 {{ $value | printf "%.0f" }} 个读取者没有输出，拖住了作业的事件时间`,
      ),
      description: text(
        'Event time is that of the slowest input: windows, joins and timers wait for these readers, while others read on.',
        '事件时间取决于最慢的输入：窗口、连接和定时器都在等待这些读取者，而其他读取者仍在读取。',
      ),
      action: text(
        'Set an idleness on the watermark strategy (withIdleness); see whether their partitions have records at all, and whether there are more readers than partitions.',
        '在水位线策略上设置空闲检测（withIdleness）；检查它们的分区是否有记录，以及读取者是否多于分区。',
      ),
    },
    {
      alert: 'FlinkWatermarkStands',
      expr: `flink:vertex_watermark_stands:bool and on (${vertex}) (max by (${vertex}) (flink_taskmanager_job_task_currentInputWatermark) > ${NO_WATERMARK}) unless on (${job}) flink:source_readers_silent:count`,
      for: '1m',
      severity: 'warning',
      rule: 'wm-stuck',
      summary: text(
        `${where}: its event time has stood still for ${WATERMARK_WINDOW} while records come`,
        `${where}：事件时间已停滞 ${WATERMARK_WINDOW}，而记录仍在到来`,
      ),
      description: text(
        'No reader of a source is silent: the records carry the same time again and again, or the watermark strategy does not move on.',
        '没有数据源读取者沉默：记录一直带有相同的时间，或水位线策略没有推进。',
      ),
      action: text(
        'Look at the timestamps of the records that come now, and at the watermark strategy: its source, its alignment group, its punctuation.',
        '检查当前到来的记录的时间戳，以及水位线策略：其数据源、对齐组和标点方式。',
      ),
    },
  ];
}
