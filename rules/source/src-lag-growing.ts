import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { usualNow } from '../../analyzer/signals/season.js';
import { compact, duration, text, type Text } from '../../analyzer/text.js';
import { LAG_NOT_TOLD } from '../support/not-told.js';
import { vertexSubject } from '../support/subjects.js';

export const srcLagGrowing = defineRule({
  id: 'src-lag-growing',
  category: 'source',
  title: text('The source falls behind', '源端越落越远'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag', 'history'],
  options: {
    criticalSeconds: {
      default: 300,
      unit: 's',
      description: 'lag in seconds of its own input from which a growing lag is critical',
    },
  },
  detect({ job, lag, history, nowMs }, { criticalSeconds }) {
    if (lag.phase === 'none') return { notEvaluated: LAG_NOT_TOLD };
    return lag.sources
      .filter(({ trend }) => trend === 'growing')
      .map((source) => {
        const name = job.vertexName(source.vertexId);
        const [low, high] = [source.line?.perMsLow, source.line?.perMsHigh].map((perMs) =>
          perMs === undefined ? undefined : perMs * 1000,
        );
        // Growth that may as well be none does not last for sure.
        const isSure = low !== undefined && low > 0;
        const usual = usualNow(history.seasons, source.vertexId, nowMs);
        const comparison = besideUsual(source.offeredPerSecond, usual);
        const behind = source.lagSeconds === undefined ? undefined : duration(source.lagSeconds * 1000);
        return {
          severity: (source.lagSeconds ?? 0) > criticalSeconds ? ('critical' as const) : ('warning' as const),
          confidence: 0.95,
          subject: vertexSubject(job, source.vertexId),
          title: text(
            `${name} falls behind by ${compact(source.slopePerSecond ?? 0)} records every second`,
            `${name} 每秒多积压 ${compact(source.slopePerSecond ?? 0)} 条记录`,
          ),
          summary: text(
            `${compact(source.lagRecords)} records wait${behind === undefined ? '' : `, ${behind} of its input`}. ${compact(source.offeredPerSecond ?? 0)}/s arrive, ${compact(source.consumedPerSecond ?? 0)}/s are read. ${isSure ? `It will not catch up at the present rates: ${between(low, high ?? low, ' to ')} more wait every second.` : 'At this pace it does not catch up; the rates waver too much to be sure.'}${comparison.en}`,
            `有 ${compact(source.lagRecords)} 条记录在等待${behind === undefined ? '' : `，相当于 ${behind} 的输入`}。每秒到达 ${compact(source.offeredPerSecond ?? 0)} 条，只读取 ${compact(source.consumedPerSecond ?? 0)} 条。${isSure ? `按当前速率不会追上：每秒新增等待 ${between(low, high ?? low, ' 至 ')} 条。` : '按此速度追不上；速率波动较大，尚不能确定。'}${comparison['zh-CN']}`,
          ),
          evidence: [
            ...evidence('lagSlope', source.slopePerSecond, source.windowMs, ['>', 0], {
              metric: 'pendingRecords',
              vertexId: source.vertexId,
            }),
            ...evidence('lagSlopeLow', low, source.windowMs),
            ...evidence('lagSlopeHigh', high, source.windowMs),
            ...evidence('usualThisHourPerSecond', usual, source.windowMs),
            ...evidence('lagRecords', source.lagRecords, source.windowMs),
            ...evidence('lagSeconds', source.lagSeconds, source.windowMs),
          ],
          wouldChange: [text('the number of waiting records stops growing', '等待的记录数不再增长')],
        };
      });
  },
  // What holds the source back is another rule's finding; without one there is no change known to help.
  advise: () => [],
});

/** From here on more than usual arrives, and the job may be as quick as ever; nearer to it, it is the job that has become slower. */
const MORE_THAN_USUAL = 1.5;
const AS_USUAL = 1.2;

/** Whether the load has grown or the job has become slower: one sentence more, where the kept weeks tell it. */
function besideUsual(offered: number | undefined, usual: number | undefined): Text {
  if (offered === undefined || usual === undefined || usual <= 0) return text('', '');
  if (offered >= MORE_THAN_USUAL * usual)
    return text(
      ` More arrives than usual at this hour of the week (${compact(usual)}/s): the load has grown.`,
      ` 到达量高于每周此时的常值（每秒 ${compact(usual)} 条）：负载增加了。`,
    );
  if (offered > AS_USUAL * usual || offered < usual / AS_USUAL) return text('', '');
  return text(
    ` As much arrives as usual at this hour of the week (${compact(usual)}/s): the job has become slower.`,
    ` 到达量与每周此时的常值（每秒 ${compact(usual)} 条）相当：是作业变慢了。`,
  );
}

const between = (low: number, high: number, to: string): string =>
  compact(low) === compact(high) ? compact(low) : `${compact(low)}${to}${compact(high)}`;
