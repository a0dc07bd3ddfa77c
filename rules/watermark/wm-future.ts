import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { duration, text } from '../../analyzer/text.js';
import { unitOf } from '../support/event-time.js';
import { vertexSubject } from '../support/subjects.js';

/** It is what one reading says. */
const READING_MS = 10_000;

export const wmFuture = defineRule({
  id: 'wm-future',
  category: 'watermark',
  title: text('Event time is not of this time', '事件时间与当前时间不符'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['watermarks'],
  options: {
    aheadSeconds: {
      default: 60,
      unit: 's',
      description: 'event time ahead of the clock from which it is wrong: clocks of producers differ by less',
    },
  },
  detect({ job, watermarks }, { aheadSeconds }) {
    const done = new Set<string>();
    return job.topology.order.flatMap((vertexId) => {
      const vertex = watermarks.get(vertexId);
      if (vertex?.highestMs === undefined || done.has(vertexId)) return [];
      const aheadMs = vertex.highestMs - vertex.atMs;
      const unit = unitOf(vertex.highestMs, vertex.atMs);
      if (aheadMs < aheadSeconds * 1000 && unit === undefined) return [];
      // What comes after has it from here.
      for (const id of job.topology.componentOf(vertexId)) if (!job.topology.isSource(id)) done.add(id);
      const name = job.vertexName(vertexId);
      return [
        {
          severity: 'warning' as const,
          confidence: unit === undefined ? 0.8 : 0.95,
          subject: vertexSubject(job, vertexId),
          title:
            unit === undefined
              ? text(
                  `${name}: event time is ${duration(aheadMs)} ahead of the clock`,
                  `${name}：事件时间超前时钟 ${duration(aheadMs)}`,
                )
              : text(
                  `${name}: the times in its records are ${unit.en}, not milliseconds`,
                  `${name}：记录中的时间是${unit['zh-CN']}，不是毫秒`,
                ),
          summary:
            unit === undefined
              ? text(
                  'Some record carries a time that has not come. Everything with the right time is late from then on: windows drop it. Look at the clocks and time zones of the producers, and cap times that are in the future.',
                  '某些记录的时间尚未到来。此后时间正确的记录都会被视为迟到并被窗口丢弃。请检查生产者的时钟和时区，并对未来时间设上限。',
                )
              : text(
                  'Flink takes times as milliseconds since 1970. Windows and timeouts have another length than they say. Convert the time where it is assigned.',
                  'Flink 将时间视为自 1970 年起的毫秒数，窗口与超时的实际长度与设定不符。请在分配时间戳处换算。',
                ),
          evidence:
            aheadMs >= 0
              ? evidence('watermarkAheadMs', aheadMs, READING_MS, ['>=', aheadSeconds * 1000])
              : evidence('watermarkLagMs', -aheadMs, READING_MS),
          wouldChange: [text('event time that is not ahead of the clock', '事件时间不再超前于时钟')],
        },
      ];
    });
  },
  // Where the time is taken from is code, or the producer's.
  advise: () => [],
});
