import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { STANDS_MS } from '../../analyzer/signals/event-time.js';
import { duration, text } from '../../analyzer/text.js';
import { flowedText, stallConfidence, waitingText } from '../support/event-time.js';
import { vertexSubject } from '../support/subjects.js';

export const wmNever = defineRule({
  id: 'wm-never',
  category: 'watermark',
  title: text('Event time never begins', '事件时间从未开始'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['eventTimeStalls'],
  options: {},
  detect({ job, eventTimeStalls }) {
    return eventTimeStalls.flatMap((stall) => {
      const first = stall.waiting[0];
      // Without somebody who waits, a job that has no use for event time looks the same.
      if (stall.watermarkMs !== undefined || first === undefined) return [];
      const name = job.vertexName(first.vertexId);
      const flowed = flowedText(stall);
      const waits = waitingText(stall, job);
      return [
        {
          severity: 'warning' as const,
          confidence: stallConfidence(stall),
          subject: vertexSubject(job, first.vertexId),
          title: text(
            `${name} waits for event time, and there is none after ${duration(stall.standsMs)}`,
            `${name} 在等待事件时间，${duration(stall.standsMs)} 后仍没有`,
          ),
          summary: text(
            `${flowed.en} arrived without a watermark. ${waits.en}${stall.silent.length > 0 ? '' : ' Assign a WatermarkStrategy at every source that feeds it, or declare WATERMARK FOR in its tables.'}`,
            `${flowed['zh-CN']} 到达，但没有水位线。${waits['zh-CN']}${stall.silent.length > 0 ? '' : '请在它的每个源端设置 WatermarkStrategy，或在表中声明 WATERMARK FOR。'}`,
          ),
          evidence: [
            ...evidence('watermarkStandsMs', stall.standsMs, stall.standsMs, ['>=', STANDS_MS]),
            ...evidence('recordsMeanwhile', stall.recordsMeanwhile, stall.standsMs),
          ],
          wouldChange: [text('a first watermark', '出现第一个水位线')],
        },
      ];
    });
  },
  // Where a watermark is made is code; which time it should follow only the owner knows.
  advise: () => [],
});
