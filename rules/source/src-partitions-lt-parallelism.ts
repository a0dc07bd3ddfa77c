import { evidence } from '../../analyzer/engine/evidence.js';
import type { Severity } from '../../analyzer/engine/finding.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { neverEmittedMs } from '../../analyzer/signals/event-time.js';
import { counted, duration, text } from '../../analyzer/text.js';
import { idlenessAdvice } from '../support/event-time.js';
import { readersOf } from '../support/readers.js';
import { vertexSubject } from '../support/subjects.js';

export const srcPartitionsLtParallelism = defineRule({
  id: 'src-partitions-lt-parallelism',
  category: 'source',
  title: text('A source has more readers than partitions', '源端读取者多于分区'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'eventTimeStalls'],
  options: {
    records: {
      default: 1000,
      unit: 'records',
      description: 'records that the other readers must have emitted before one without any says something',
    },
  },
  detect({ job, history, eventTimeStalls }, { records }) {
    return history.vertices
      .filter(({ vertexId }) => job.topology.isSource(vertexId))
      .flatMap((vertex) => {
        const readers = readersOf(vertex);
        if (readers === undefined || readers.unused.length === 0 || readers.records < records) return [];
        const { unused, parallelism, isCertain, silentMs } = readers;
        const name = job.vertexName(vertex.vertexId);
        const used = parallelism - unused.length;
        // A source without a use for its last readers costs little; it matters where event time waits for them.
        const stall = eventTimeStalls.find(({ silent }) =>
          silent.some(({ vertexId, neverEmitted }) => vertexId === vertex.vertexId && neverEmitted),
        );
        const severity: Severity = stall !== undefined && stall.waiting.length > 0 ? 'warning' : 'info';
        return [
          {
            severity,
            confidence: isCertain ? 0.9 : 0.7,
            subject: vertexSubject(job, vertex.vertexId),
            title: text(
              `${name}: ${counted(unused.length, 'reader')} of ${parallelism} have nothing to read`,
              `${name}：${parallelism} 个读取者中有 ${unused.length} 个没有可读的数据`,
            ),
            summary: text(
              `${counted(used, 'reader')} read everything; the others have not emitted a record in ${duration(silentMs)}.${isCertain ? ' They have no partition.' : ' They have no partition, or an empty one.'} Parallelism ${used} does the same work${severity === 'warning' ? ', and event time no longer waits for the others' : ''}; where more than that is needed after the source, follow it with rebalance().`,
              `${used} 个读取者读取了全部数据，其余在 ${duration(silentMs)} 内没有发出记录。${isCertain ? '它们没有分区。' : '它们没有分区，或分区为空。'}并行度 ${used} 即可完成同样的工作${severity === 'warning' ? '，事件时间也不再等待其余读取者' : ''}；若下游需要更高并行度，请在源端之后使用 rebalance()。`,
            ),
            evidence: [
              ...evidence('silentReaders', unused.length, silentMs, ['>', 0]),
              ...evidence('readers', parallelism, silentMs),
              ...evidence('silentMs', silentMs, silentMs, ['>=', neverEmittedMs(!isCertain)]),
            ],
            wouldChange: [text('a record from one of these readers', '其中一个读取者发出记录')],
          },
        ];
      });
  },
  // A parallelism of the source alone breaks its chain with what follows: whether that is worth it depends on the job.
  // That event time waits for readers without a partition can be ended at once.
  advise(finding, { job, history, eventTimeStalls }) {
    if (finding.severity === 'info') return [];
    return eventTimeStalls.flatMap((stall) =>
      stall.silent
        .filter(({ vertexId }) => vertexId === finding.subject.vertexId)
        .flatMap((silent) => idlenessAdvice(silent, stall, { job, history, configuration: history.configuration })),
    );
  },
});
