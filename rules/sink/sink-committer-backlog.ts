import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { counted, duration, text } from '../../analyzer/text.js';
import { metricNotRead, metricsNamed, NO_SINK } from '../support/operator-metrics.js';
import { vertexSubject } from '../support/subjects.js';

/** Diagnosis §5.9: rising over three checkpoints. */
const CHECKPOINTS_MIN = 3;
const READINGS_MIN = 3;

export const sinkCommitterBacklog = defineRule({
  id: 'sink-committer-backlog',
  category: 'sink',
  title: text('A committer falls behind', 'Committer 越落越远'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'checkpoints'],
  options: {
    factor: { default: 2, unit: 'times', description: 'growth of what waits from which it counts' },
    committables: { default: 10, unit: 'count', description: 'waiting commits below which it is not worth a word' },
  },
  detect({ job, history, checkpoints, nowMs }, { factor, committables }) {
    const gauges = history.vertices
      .flatMap((vertex) => metricsNamed(vertex, ['pendingCommittables'], job, nowMs))
      .map(({ vertex, readings }) => ({
        vertex,
        points: readings.flatMap(({ atMs, sum }) => (sum === undefined ? [] : [{ atMs, sum }])),
      }))
      .filter(({ points }) => points.length >= READINGS_MIN);
    if (gauges.length === 0) return metricNotRead('pendingCommittables', NO_SINK);
    return gauges.flatMap(({ vertex, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      if (first === undefined || last === undefined) return [];
      const isRising = points.every(({ sum }, i) => i === 0 || sum > (points[i - 1]?.sum ?? 0));
      // Committables come with each checkpoint: without completed ones nothing is to be committed, and nothing is slow.
      const completed = checkpoints.ended.filter(
        ({ status, triggerMs, durationMs }) =>
          status === 'COMPLETED' && triggerMs + durationMs >= first.atMs && triggerMs + durationMs <= last.atMs,
      );
      if (!isRising || completed.length < CHECKPOINTS_MIN) return [];
      if (last.sum < committables || last.sum < factor * Math.max(1, first.sum)) return [];
      const name = job.vertexName(vertex.vertexId);
      const windowMs = last.atMs - first.atMs;
      return [
        {
          severity: 'warning' as const,
          confidence: 0.8,
          subject: vertexSubject(job, vertex.vertexId),
          title: text(
            `${name}: ${counted(last.sum, 'commit')} wait, and more come than are done`,
            `${name}：${last.sum} 次提交在等待，且越来越多`,
          ),
          summary: text(
            `${first.sum} waited ${duration(windowMs)} ago. Each checkpoint hands the committer more than it commits until the next one; results become visible later and later, and transactions may expire. Larger files or fewer partitions make fewer commits, a longer checkpoint interval leaves more time for them.`,
            `${duration(windowMs)} 前有 ${first.sum} 次。每个检查点交给 committer 的提交多于其在下个检查点前能完成的；结果越来越晚可见，事务可能过期。更大的文件或更少的分区可减少提交，更长的检查点间隔留出更多时间。`,
          ),
          evidence: [
            ...evidence('pendingCommittables', last.sum, windowMs, ['>=', committables]),
            ...evidence('completedCheckpoints', completed.length, windowMs, ['>=', CHECKPOINTS_MIN]),
          ],
          wouldChange: [text('fewer commits wait at one of the next looks', '后续读取时等待的提交减少')],
        },
      ];
    });
  },
  // Whether files, partitions or the interval should change depends on what the results are for.
  advise: () => [],
});
