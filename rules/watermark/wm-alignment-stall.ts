import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { LAG_NOT_TOLD } from '../support/not-told.js';
import { metricsNamed } from '../support/operator-metrics.js';
import { pressureSeverity } from '../support/pressure.js';
import { SOURCE_IDLE_MIN, starvedSources } from '../support/starved-source.js';
import { vertexSubject } from '../support/subjects.js';

export const wmAlignmentStall = defineRule({
  id: 'wm-alignment-stall',
  category: 'watermark',
  title: text('Watermark alignment holds a source back', '水位线对齐拖住了源端'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag', 'load', 'history'],
  options: {
    driftSeconds: {
      default: 1,
      unit: 's',
      description: 'event time ahead of the alignment group below which alignment does not pause a source',
    },
  },
  detect({ job, lag, load, history, nowMs }, { driftSeconds }) {
    if (lag.phase === 'none') return { notEvaluated: LAG_NOT_TOLD };
    return starvedSources(lag, load).flatMap(({ source, idleRatio }) => {
      const vertex = history.vertices.find(({ vertexId }) => vertexId === source.vertexId);
      // Registered only where alignment is configured (1.15+).
      const [drift] = vertex === undefined ? [] : metricsNamed(vertex, ['watermarkAlignmentDrift'], job, nowMs);
      const looks = (drift?.readings ?? []).slice(-2).flatMap(({ max }) => (max === undefined ? [] : [max]));
      const [before, now] = looks;
      if (before === undefined || now === undefined || Math.min(before, now) < driftSeconds * 1000) return [];
      const name = job.vertexName(source.vertexId);
      return [
        {
          severity: pressureSeverity(lag),
          confidence: 0.8,
          subject: vertexSubject(job, source.vertexId),
          title: text(
            `${name} pauses for alignment: it is ${duration(now)} ahead of its group`,
            `${name} 因对齐而暂停：领先所在组 ${duration(now)}`,
          ),
          summary: text(
            `It rests ${percent(idleRatio)} of its time while ${compact(source.lagRecords)} records wait and more come. Alignment lets no reader run further ahead than its limit, so the slowest reader of the group sets the pace: see why that one is slow or silent (an idle one needs withIdleness). A larger limit in withWatermarkAlignment, or scan.watermark.alignment.max-drift of the table, only allows more state.`,
            `它有 ${percent(idleRatio)} 的时间空闲，而 ${compact(source.lagRecords)} 条记录在等待且不断增加。对齐不允许任何读取者领先超过上限，因此组内最慢的读取者决定速度：请查明它为何慢或静默（空闲的需要 withIdleness）。增大 withWatermarkAlignment 的上限，或表的 scan.watermark.alignment.max-drift，只会允许更多状态。`,
          ),
          evidence: [
            ...evidence('watermarkDriftMs', now, LOAD_WINDOW_MS, ['>=', driftSeconds * 1000]),
            ...evidence('idleRatio', idleRatio, LOAD_WINDOW_MS, ['>=', SOURCE_IDLE_MIN]),
            ...evidence('lagSlope', source.slopePerSecond, source.windowMs, ['>', 0], {
              metric: 'pendingRecords',
              vertexId: source.vertexId,
            }),
          ],
          wouldChange: [
            text('the lag stops growing, or the source is no longer ahead', '积压不再增长，或源端不再领先'),
          ],
        },
      ];
    });
  },
  // The limit is in the code or in the table; what holds the group back is what must change.
  advise: () => [],
});
