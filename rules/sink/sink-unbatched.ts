import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { max } from '../../analyzer/numbers.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { latest, METRIC_WINDOW_MS, metricNotRead, metricsNamed, NO_SINK } from '../support/operator-metrics.js';
import { pressureCounts } from '../support/pressure.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const sinkUnbatched = defineRule({
  id: 'sink-unbatched',
  category: 'sink',
  title: text('A sink sends each record by itself', 'Sink 逐条发送'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag', 'history'],
  options: {
    busyRatio: { default: 0.6, unit: 'ratio', description: 'mean busy of the sink from which it is said' },
    // Send time × rate is the busy time where nothing is batched; with a batch of ten it is a multiple, with threads too.
    tolerance: { default: 0.3, unit: 'ratio', description: 'how far send time times rate may be from the busy time' },
  },
  detect({ job, load, lag, history, nowMs }, { busyRatio, tolerance }) {
    if (!pressureCounts(lag)) return [];
    const busy = history.vertices.filter(
      ({ vertexId }) => job.topology.isSink(vertexId) && (load.get(vertexId)?.busyMean ?? 0) >= busyRatio,
    );
    if (busy.length === 0) return [];
    const told = busy.flatMap((vertex) => {
      const sendMs = max(
        metricsNamed(vertex, ['currentSendTime'], job, nowMs).flatMap((metric) => latest(metric)?.mean ?? []),
      );
      return sendMs === undefined || sendMs <= 0 ? [] : [{ vertex, sendMs }];
    });
    if (told.length === 0) return metricNotRead('currentSendTime', NO_SINK);
    return told.flatMap(({ vertex: { vertexId, name }, sendMs }) => {
      const { recordsInPerSecond = 0, parallelism = 1, busyMean = 0 } = load.get(vertexId) ?? {};
      const sending = (recordsInPerSecond / parallelism) * (sendMs / 1000);
      if (Math.abs(sending / busyMean - 1) > tolerance) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.7,
          title: text(
            `${name} sends ${compact(recordsInPerSecond)} records/s one by one, each in ${duration(sendMs)}`,
            `${name} 每秒逐条发送 ${compact(recordsInPerSecond)} 条，每条 ${duration(sendMs)}`,
          ),
          summary: text(
            `Sending alone makes up its busy time of ${percent(busyMean)}. In batches one round trip carries hundreds: sink.buffer-flush.max-rows and interval of JDBC, bulk actions of Elasticsearch, linger.ms and batch.size of Kafka. Results come later by the interval.`,
            `仅发送就占满其 ${percent(busyMean)} 的繁忙时间。批量发送一次往返可带数百条：JDBC 的 sink.buffer-flush.max-rows 与 interval、Elasticsearch 的 bulk、Kafka 的 linger.ms 与 batch.size。结果会延迟一个间隔。`,
          ),
          evidence: [
            ...evidence('sendMs', sendMs, METRIC_WINDOW_MS),
            ...evidence('busyRatio', busyMean, LOAD_WINDOW_MS, ['>=', busyRatio], { metric: 'busyRatio', vertexId }),
          ],
          until: text('records are sent in batches', '批量发送'),
        }),
      ];
    });
  },
  // The options belong to the connector, and its name is not told.
  advise: () => [],
});
