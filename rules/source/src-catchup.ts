import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { toldForecast } from '../../analyzer/signals/forecast.js';
import { compact, text } from '../../analyzer/text.js';
import { forecastEvidence, inTime } from '../support/forecast-words.js';
import { LAG_NOT_TOLD } from '../support/not-told.js';
import { vertexSubject } from '../support/subjects.js';

export const srcCatchup = defineRule({
  id: 'src-catchup',
  category: 'source',
  title: text('The job works off a backlog', '作业正在追赶积压'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag'],
  options: {},
  detect({ job, lag }) {
    if (lag.phase === 'none') return { notEvaluated: LAG_NOT_TOLD };
    if (lag.phase !== 'catching-up') return [];
    return lag.sources
      .filter(({ trend }) => trend === 'falling')
      .map((source) => {
        const told = toldForecast(source.catchUp);
        const when = told === undefined ? undefined : inTime(told);
        const mayStop = source.catchUp?.highMs === undefined;
        return {
          severity: 'info' as const,
          confidence: 0.95,
          subject: vertexSubject(job, source.vertexId),
          title: text(
            `${job.vertexName(source.vertexId)} catches up${when === undefined ? '' : `: done ${when.en}`}`,
            `${job.vertexName(source.vertexId)} 正在追赶${when === undefined ? '' : `：${when['zh-CN']}完成`}`,
          ),
          summary: text(
            `${compact(source.lagRecords)} records wait and ${compact(-(source.slopePerSecond ?? 0))} fewer every second${when === undefined ? `, too unevenly to say ${mayStop ? 'whether it will be done' : 'when it is done'}` : ''}. Busy and backpressured vertices are expected until then; nothing to change.`,
            `有 ${compact(source.lagRecords)} 条记录在等待，每秒减少 ${compact(-(source.slopePerSecond ?? 0))} 条${when === undefined ? `，但波动过大，无法判断${mayStop ? '能否' : '何时'}追上` : ''}。在此之前出现繁忙与反压是正常的，无需改动。`,
          ),
          evidence: [
            ...evidence('lagSlope', source.slopePerSecond, source.windowMs, ['<', 0], {
              metric: 'pendingRecords',
              vertexId: source.vertexId,
            }),
            ...evidence('lagRecords', source.lagRecords, source.windowMs),
            ...evidence('lagSeconds', source.lagSeconds, source.windowMs),
            ...forecastEvidence('caughtUpIn', source.catchUp ?? {}, source.windowMs),
          ],
          wouldChange: [text('the number of waiting records stops falling', '等待的记录数不再下降')],
        };
      });
  },
  advise: () => [],
});
