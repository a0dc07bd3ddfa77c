import { defineRule } from '../../analyzer/engine/rule.js';
import { STANDS_MS } from '../../analyzer/signals/event-time.js';
import { duration, text } from '../../analyzer/text.js';
import {
  CRITICAL_SECONDS,
  flowedText,
  stallConfidence,
  stallEvidence,
  stallSeverity,
  waitingText,
} from '../support/event-time.js';
import { vertexSubject } from '../support/subjects.js';

export const wmStuck = defineRule({
  id: 'wm-stuck',
  category: 'watermark',
  title: text('Event time stands still', '事件时间停滞'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['watermarks', 'eventTimeStalls'],
  options: { criticalSeconds: CRITICAL_SECONDS },
  detect({ job, eventTimeStalls }, { criticalSeconds }) {
    return eventTimeStalls.flatMap((stall) => {
      const vertexId = stall.waiting[0]?.vertexId ?? stall.vertexIds[0];
      if (stall.watermarkMs === undefined || vertexId === undefined) return [];
      const name = job.vertexName(vertexId);
      const flowed = flowedText(stall);
      const waits = waitingText(stall, job);
      return [
        {
          severity: stallSeverity(stall, criticalSeconds),
          confidence: stallConfidence(stall),
          subject: vertexSubject(job, vertexId),
          title: text(
            `Event time at ${name} has not moved for ${duration(stall.standsMs)}`,
            `${name} 的事件时间已停滞 ${duration(stall.standsMs)}`,
          ),
          summary: text(
            `${flowed.en} went through, and event time stayed where it was. ${waits.en}${stall.silent.length > 0 ? '' : ` ${WHY_NOT_SILENT.en}`}`,
            `${flowed['zh-CN']} 通过，事件时间没有变化。${waits['zh-CN']}${stall.silent.length > 0 ? '' : WHY_NOT_SILENT['zh-CN']}`,
          ),
          evidence: stallEvidence(stall, STANDS_MS),
          wouldChange: [text('event time moves', '事件时间前进')],
        },
      ];
    });
  },
  // A silent reader has its own rule, with the option that helps; for records that carry old times there is none.
  advise: () => [],
});

const WHY_NOT_SILENT = text(
  'Every reader emits, so look at the times in the records: one partition of several in a reader that is silent, records older than what was already seen, or one record with a time in the future.',
  '每个读取者都在发出记录，请检查记录中的时间：同一读取者的某个分区静默、记录比已见到的更旧，或某条记录的时间在未来。',
);
