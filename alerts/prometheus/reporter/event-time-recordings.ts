import type { RecordingRule } from '../rule-file.js';
import type { Names } from './labels.js';
import { LAST_WATERMARK, RECORDS_FLOW, WATERMARK_WINDOW } from './thresholds.js';

const INPUT = 'flink_taskmanager_job_task_currentInputWatermark';
const OPERATOR = 'flink_taskmanager_job_task_operator_';

/** Where event time stands still, and which readers of sources hold it back. */
export function eventTimeRecordings({ job, vertex, subtask, labels }: Names): readonly RecordingRule[] {
  const sources = `{${labels.operator}=~"Source.*"}`;
  const output = `${OPERATOR}currentOutputWatermark${sources}`;
  const window = `[${WATERMARK_WINDOW}]`;
  const before = `offset ${WATERMARK_WINDOW}`;
  const silent = `changes(${output}${window}) == 0 and ${output} < ${LAST_WATERMARK} and ${output} ${before} and rate(${OPERATOR}numRecordsOut${sources}${window}) == 0`;
  return [
    // A job without event time stands at its beginning: it counts only beside a reader whose event time moves.
    {
      record: 'flink:vertex_watermark_stands:bool',
      expr: `max by (${vertex}) (changes(${INPUT}${window}) == 0 and ${INPUT} < ${LAST_WATERMARK} and ${INPUT} ${before}) and on (${vertex}) (sum by (${vertex}) (flink:subtask_records_in:rate) > ${RECORDS_FLOW}) and on (${job}) flink:job_settled:restarts`,
    },
    {
      record: 'flink:source_readers_silent:count',
      expr: `count by (${vertex}) (max by (${subtask}) (${silent})) and on (${job}) (max by (${job}) (changes(${output}${window})) > 0) and on (${job}) flink:vertex_watermark_stands:bool`,
    },
  ];
}
