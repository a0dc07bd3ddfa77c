import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { present } from '../../analyzer/numbers.js';
import { compact, duration, text } from '../../analyzer/text.js';
import { metricNotRead, mostGrown, NO_SOURCE } from '../support/operator-metrics.js';
import { vertexSubject } from '../support/subjects.js';

export const srcErrors = defineRule({
  id: 'src-errors',
  category: 'source',
  title: text('A source meets errors', '源端出错'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    records: { default: 10, unit: 'records', description: 'records that could not be read from which it is a warning' },
    commits: { default: 3, unit: 'count', description: 'failed commits of offsets from which it is worth a word' },
  },
  detect({ job, history, nowMs }, { records, commits }) {
    const sources = history.vertices.filter(({ vertexId }) => job.topology.isSource(vertexId));
    const errors = present(sources.map((vertex) => mostGrown(vertex, ['numRecordsInErrors'], job, nowMs)));
    const failures = present(sources.map((vertex) => mostGrown(vertex, ['commitsFailed'], job, nowMs)));
    if (errors.length + failures.length === 0) return metricNotRead('numRecordsInErrors or commitsFailed', NO_SOURCE);
    const bad = errors.filter(({ grown, grownLast }) => grown >= records && grownLast > 0);
    const ids = new Set(bad.map(({ vertex }) => vertex.vertexId));
    const uncommitted = failures.filter(
      ({ grown, grownLast, vertex }) => grown >= commits && grownLast > 0 && !ids.has(vertex.vertexId),
    );
    return [
      ...bad.map(({ vertex, grown, windowMs }) => {
        const name = job.vertexName(vertex.vertexId);
        return {
          severity: 'warning' as const,
          confidence: 0.85,
          subject: vertexSubject(job, vertex.vertexId),
          title: text(
            `${name} could not read ${compact(grown)} records`,
            `${name} 有 ${compact(grown)} 条记录无法读取`,
          ),
          summary: text(
            `So many failed in ${duration(windowMs)}, and it goes on. The job runs on without them. Look at one in the log of the TaskManager, and keep such records aside (a side output, a topic of their own) instead of losing them.`,
            `${duration(windowMs)} 内出现这些错误，且仍在继续，作业跳过了它们。请在 TaskManager 日志中查看其中一条，并将这类记录另存（侧输出或单独的 topic），而不是丢弃。`,
          ),
          evidence: evidence('sourceErrors', grown, windowMs, ['>=', records]),
          wouldChange: [text('a look at the counter that finds no more of them', '再次读取计数器时不再增长')],
        };
      }),
      ...uncommitted.map(({ vertex, grown, windowMs }) => {
        const name = job.vertexName(vertex.vertexId);
        return {
          // Flink restarts from its checkpoints: committed offsets only tell others how far it is.
          severity: 'info' as const,
          confidence: 0.85,
          subject: vertexSubject(job, vertex.vertexId),
          title: text(`${name} could not commit its offsets ${grown} times`, `${name} 有 ${grown} 次提交 offset 失败`),
          summary: text(
            `In ${duration(windowMs)}. Nothing is lost: Flink restarts from its checkpoints. Tools that watch the consumer group see a lag that is not there, and a start from group offsets would begin too early.`,
            `发生在 ${duration(windowMs)} 内。没有数据丢失：Flink 从检查点恢复。监控消费组的工具会看到并不存在的积压，从组 offset 启动会偏早。`,
          ),
          evidence: evidence('commitFailures', grown, windowMs, ['>=', commits]),
          wouldChange: [text('a look at the counter that finds no more of them', '再次读取计数器时不再增长')],
        };
      }),
    ];
  },
  advise: () => [],
});
