import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { compact, duration, text } from '../../analyzer/text.js';
import type { VertexHistory } from '../../collector/model/index.js';
import { LAG_NOT_TOLD } from '../support/not-told.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const srcLagHighStable = defineRule({
  id: 'src-lag-high-stable',
  category: 'source',
  title: text('A source keeps its distance', '源端积压大而稳定'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag', 'history'],
  options: {
    lagSeconds: { default: 60, unit: 's', description: 'lag from which it is said' },
    // The diagnosis asks for half an hour; single readings are kept for eleven minutes.
    windowMs: { default: 600_000, unit: 'ms', description: 'how long it must have been steady' },
    perMinute: {
      default: 0.01,
      unit: 'ratio',
      description: 'change in a minute, of the lag, below which it is steady',
    },
  },
  detect({ job, lag, history, nowMs }, limits) {
    if (lag.phase === 'none') return { notEvaluated: LAG_NOT_TOLD };
    return lag.sources.flatMap(({ vertexId, trend, lagSeconds = 0, lagRecords, windowMs }) => {
      if (trend !== 'steady' || lagSeconds < limits.lagSeconds) return [];
      const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
      const steadyMs = vertex === undefined ? 0 : steadyFor(vertex, nowMs, lagRecords, limits.perMinute);
      if (steadyMs < limits.windowMs) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.7,
          title: text(
            `${job.vertexName(vertexId)} stays ${duration(lagSeconds * 1000)} behind`,
            `${job.vertexName(vertexId)} 始终落后 ${duration(lagSeconds * 1000)}`,
          ),
          summary: text(
            `${compact(lagRecords)} records wait and it neither gains nor loses: as much is read as arrives. It will not catch up at the present rates. It has no room left, or something holds its pace: watermark alignment, a rate limiter, a quota of the broker.`,
            `${compact(lagRecords)} 条记录在等待且不增不减：读取量恰等于到达量，按当前速率不会追上。可能已无余力，或被水位线对齐、限速或 broker 配额限制。`,
          ),
          evidence: [
            ...evidence('lagSeconds', lagSeconds, windowMs, ['>=', limits.lagSeconds]),
            ...evidence('lagRecords', lagRecords, steadyMs),
          ],
          until: text('the lag falls, or grows', '积压下降或增长'),
        }),
      ];
    });
  },
  // More capacity or a looser limit: which of the two, the bottleneck and the alignment say.
  advise: () => [],
});

/** For how long what waits has been within so much of what waits now; by readings of all subtasks. */
function steadyFor({ subtasks }: VertexHistory, nowMs: number, lagRecords: number, perMinute: number): number {
  const totals = new Map<number, number>();
  for (const { samples } of subtasks)
    for (const { atMs, pendingRecords } of samples)
      if (pendingRecords !== undefined) totals.set(atMs, (totals.get(atMs) ?? 0) + pendingRecords);
  let sinceMs = nowMs;
  for (const [atMs, records] of [...totals].sort(([a], [b]) => b - a)) {
    const minutes = Math.max(1, (nowMs - atMs) / 60_000);
    if (Math.abs(records - lagRecords) > perMinute * minutes * lagRecords) break;
    sinceMs = atMs;
  }
  return nowMs - sinceMs;
}
