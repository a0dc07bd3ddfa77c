import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { present, quantile } from '../../analyzer/numbers.js';
import { usualNow } from '../../analyzer/signals/season.js';
import { compact, duration, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

/** Minutes that are needed to call anything usual, and the newest that are not part of it. */
const USUAL_MINUTES = 20;
const NEWEST_MINUTES = 10;

export const srcRateSpike = defineRule({
  id: 'src-rate-spike',
  category: 'source',
  title: text('Far more arrives than before', '到达量远高于此前'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag', 'history'],
  options: {
    factor: {
      default: 2,
      unit: 'times',
      description: 'what arrives over the busiest minutes before, from which it is said',
    },
    minPerSecond: { default: 10, unit: 'records/s', description: 'rate before below which a ratio is chance' },
  },
  detect({ job, lag, history, nowMs }, { factor, minPerSecond }) {
    // While it keeps up nobody needs to know.
    const growing = lag.sources.filter(
      ({ trend, offeredPerSecond }) => trend === 'growing' && offeredPerSecond !== undefined,
    );
    if (growing.length === 0) return [];
    const known = growing.flatMap((source) => {
      const minutes = history.vertices.find(({ vertexId }) => vertexId === source.vertexId)?.minutes ?? [];
      const before = minutes.slice(0, -NEWEST_MINUTES);
      const highest = quantile(present(before.map(({ recordsOutPerSecond }) => recordsOutPerSecond)), 0.95);
      if (before.length < USUAL_MINUTES || highest === undefined) return [];
      // A wave that comes every week at this hour is no spike.
      const usual = Math.max(highest, usualNow(history.seasons, source.vertexId, nowMs) ?? 0);
      return [{ source, usual, windowMs: before.length * 60_000 }];
    });
    if (known.length === 0) return { notEvaluated: TOO_YOUNG };
    return known.flatMap(({ source: { vertexId, offeredPerSecond = 0 }, usual, windowMs }) =>
      usual < minPerSecond || offeredPerSecond < factor * usual
        ? []
        : [
            remark({
              subject: vertexSubject(job, vertexId),
              confidence: 0.7,
              title: text(
                `${job.vertexName(vertexId)}: ${compact(offeredPerSecond)} records/s arrive, ${compact(usual)} before`,
                `${job.vertexName(vertexId)}：每秒到达 ${compact(offeredPerSecond)} 条，此前为 ${compact(usual)} 条`,
              ),
              summary: text(
                `That is ${compact(offeredPerSecond / usual)} times the busiest of the ${duration(windowMs)} before: the load changed, not the job. If it comes at known hours, a larger job can be there before it.`,
                `是此前 ${duration(windowMs)} 最高值的 ${compact(offeredPerSecond / usual)} 倍：变化的是负载而非作业。若有规律，可提前扩容。`,
              ),
              evidence: [
                ...evidence('arrivingPerSecond', offeredPerSecond, windowMs, ['>=', factor * usual]),
                ...evidence('usualPerSecond', usual, windowMs, ['>=', minPerSecond]),
              ],
              until: text('the old rate, or a job that keeps up', '恢复原速率或作业跟上'),
            }),
          ],
    );
  },
  // How large the job must be for it `par-under` says.
  advise: () => [],
});

const TOO_YOUNG = text(
  'a source falls behind, and fewer than 30 minutes of its rate are kept: whether it is more than usual is not known',
  '有源端在落后，但保留的速率不足 30 分钟：无法判断是否高于平时',
);
