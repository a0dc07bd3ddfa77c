import { evidence } from '../../analyzer/engine/evidence.js';
import type { Severity } from '../../analyzer/engine/finding.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { present } from '../../analyzer/numbers.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { metricNotRead, mostGrown, NO_VERTEX, recordsMeanwhile } from '../support/operator-metrics.js';
import { vertexSubject } from '../support/subjects.js';

const LATE = ['numLateRecordsDropped'];

export const wmLateDrops = defineRule({
  id: 'wm-late-drops',
  category: 'watermark',
  title: text('Records are dropped because they come too late', '记录因迟到被丢弃'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history', 'lag'],
  options: {
    records: { default: 100, unit: 'records', description: 'dropped records from which it counts' },
    share: { default: 0.001, unit: 'ratio', description: 'share of the input from which it is a warning' },
    criticalShare: { default: 0.01, unit: 'ratio', description: 'share of the input from which it is critical' },
  },
  detect({ job, history, lag, nowMs }, { records, share, criticalShare }) {
    const counters = present(history.vertices.map((vertex) => mostGrown(vertex, LATE, job, nowMs)));
    if (counters.length === 0) return metricNotRead('numLateRecordsDropped', NO_VERTEX);
    return counters.flatMap((counter) => {
      const all = recordsMeanwhile(counter);
      if (all === undefined || counter.grown < records || counter.grownLast === 0) return [];
      const dropped = Math.min(1, counter.grown / all);
      if (dropped < share) return [];
      const name = job.vertexName(counter.vertex.vertexId);
      // Old records that are read again are late for windows that ended before: it ends with the backlog.
      const isReplay = lag.phase === 'catching-up';
      const severity: Severity = dropped >= criticalShare && !isReplay ? 'critical' : 'warning';
      return [
        {
          severity,
          confidence: isReplay ? 0.6 : 0.9,
          subject: vertexSubject(job, counter.vertex.vertexId),
          title: text(
            `${name} drops ${percent(dropped)} of its records as late`,
            `${name} 因迟到丢弃了 ${percent(dropped)} 的记录`,
          ),
          summary: text(
            `${compact(counter.grown)} records in ${duration(counter.windowMs)} came after their window had ended, and its result lacks them. Allow for more disorder in the WatermarkStrategy (or WATERMARK FOR … - INTERVAL), or keep windows open with allowedLateness; sideOutputLateData shows how late they are.${isReplay ? ' A backlog is being read: it may end with it.' : ''}`,
            `${duration(counter.windowMs)} 内有 ${compact(counter.grown)} 条记录在其窗口结束后才到达，结果缺少这些数据。请在 WatermarkStrategy（或 WATERMARK FOR … - INTERVAL）中容忍更大的乱序，或用 allowedLateness 延长窗口；sideOutputLateData 可看到迟到多久。${isReplay ? '正在追赶积压，可能随之结束。' : ''}`,
          ),
          evidence: [
            ...evidence('lateRecords', counter.grown, counter.windowMs, ['>=', records]),
            ...evidence('lateShare', dropped, counter.windowMs, ['>=', share]),
          ],
          wouldChange: [text('a look at the counter that finds no more of them', '再次读取计数器时不再增长')],
        },
      ];
    });
  },
  // How late they are is not told: a bound without that would be a guess.
  advise: () => [],
});
