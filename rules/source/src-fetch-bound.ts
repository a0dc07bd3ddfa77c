import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { LAG_NOT_TOLD } from '../support/not-told.js';
import { latest, metricsNamed } from '../support/operator-metrics.js';
import { pressureSeverity } from '../support/pressure.js';
import { SOURCE_IDLE_MIN, starvedSources } from '../support/starved-source.js';
import { vertexSubject } from '../support/subjects.js';

export const srcFetchBound = defineRule({
  id: 'src-fetch-bound',
  category: 'source',
  title: text('A source gets its records too slowly', '源端获取记录过慢'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag', 'load', 'history'],
  options: {},
  detect({ job, lag, load, history, nowMs }) {
    if (lag.phase === 'none') return { notEvaluated: LAG_NOT_TOLD };
    return starvedSources(lag, load).flatMap(({ source, idleRatio }) => {
      const vertex = history.vertices.find(({ vertexId }) => vertexId === source.vertexId);
      const figure = (name: string): number | undefined => {
        const [metric] = vertex === undefined ? [] : metricsNamed(vertex, [name], job, nowMs);
        return metric === undefined ? undefined : latest(metric)?.max;
      };
      // Aligned sources pause on purpose: another rule's matter.
      if ((figure('watermarkAlignmentDrift') ?? 0) > 0) return [];
      const name = job.vertexName(source.vertexId);
      const throttledMs = figure('fetch-throttle-time-avg');
      const isThrottled = (throttledMs ?? 0) > 0;
      const read = compact(source.consumedPerSecond ?? 0);
      return [
        {
          severity: pressureSeverity(lag),
          confidence: isThrottled ? 0.95 : 0.85,
          subject: vertexSubject(job, source.vertexId),
          title: isThrottled
            ? text(
                `${name} is throttled by the broker: ${duration(throttledMs ?? 0)} per fetch`,
                `${name} 被 broker 限流：每次拉取 ${duration(throttledMs ?? 0)}`,
              )
            : text(
                `${name} rests ${percent(idleRatio)} of its time while records wait for it`,
                `${name} 有 ${percent(idleRatio)} 的时间空闲，而记录在等待`,
              ),
          summary: text(
            `${compact(source.lagRecords)} records wait and more come, yet its task has nothing to do: ${read}/s reach it, and nothing downstream holds it back. ${isThrottled ? 'A quota of the broker limits it: raise the quota.' : 'Look at the fetch: quota and load of the brokers, the network, sizes of a fetch (max.partition.fetch.bytes, fetch.max.bytes, max.poll.records), a rate limit in the source, few partitions with most of the records.'}`,
            `有 ${compact(source.lagRecords)} 条记录在等待且不断增加，但其任务无事可做：每秒只有 ${read} 条到达，下游没有拖慢它。${isThrottled ? '受 broker 配额限制：请提高配额。' : '请检查拉取：broker 的配额与负载、网络、单次拉取大小（max.partition.fetch.bytes、fetch.max.bytes、max.poll.records）、源端限速、少数分区集中了大部分记录。'}`,
          ),
          evidence: [
            ...evidence('idleRatio', idleRatio, LOAD_WINDOW_MS, ['>=', SOURCE_IDLE_MIN]),
            ...evidence('lagSlope', source.slopePerSecond, source.windowMs, ['>', 0], {
              metric: 'pendingRecords',
              vertexId: source.vertexId,
            }),
            ...evidence('lagRecords', source.lagRecords, source.windowMs),
            ...evidence('fetchLatencyMs', figure('fetch-latency-avg'), LOAD_WINDOW_MS),
            ...evidence('fetchThrottleMs', throttledMs, LOAD_WINDOW_MS),
          ],
          wouldChange: [text('the lag stops growing, or the source becomes busy', '积压不再增长，或源端变得繁忙')],
        },
      ];
    });
  },
  // The limit is outside Flink, or an option of the connector whose value Weir cannot read.
  advise: () => [],
});
