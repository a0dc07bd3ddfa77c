import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { capacityOf, planParallelism } from '../../analyzer/tuning/parallelism.js';
import { percent, text } from '../../analyzer/text.js';
import { pressureCounts, pressureEvidence, pressureSeverity } from '../support/pressure.js';
import { vertexSubject } from '../support/subjects.js';
import { spreadBehind } from '../support/wait-advice.js';

export const bpSourceChained = defineRule({
  id: 'bp-source-chained',
  category: 'backpressure',
  title: text('The source vertex itself is the bottleneck', '源顶点本身就是瓶颈'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'slots', 'history'],
  options: {},
  detect({ job, bottlenecks, lag }) {
    // Only a growing lag makes a busy source a fault: an unlimited source is always busy.
    if (!pressureCounts(lag) || lag.phase !== 'growing') return [];
    const behind = new Set(lag.sources.filter(({ trend }) => trend === 'growing').map(({ vertexId }) => vertexId));
    return bottlenecks
      .filter(({ kind, vertexId, cause }) => kind === 'source' && behind.has(vertexId) && cause.kind !== 'gc')
      .map((bottleneck) => {
        const name = job.vertexName(bottleneck.vertexId);
        return {
          severity: pressureSeverity(lag),
          confidence: 0.9,
          subject: vertexSubject(job, bottleneck.vertexId),
          title: text(
            `${name} is full: work chained to the source holds it back`,
            `${name} 已满载：与源链接在一起的工作拖慢了它`,
          ),
          summary: text(
            `No vertex shows backpressure because there is no edge to show it on: the source and the work run in one task, ${percent(bottleneck.busyMax)} busy, and the lag grows.`,
            `没有顶点显示反压，因为没有边可以体现：源与处理在同一个任务中，繁忙率 ${percent(bottleneck.busyMax)}，积压在增长。`,
          ),
          evidence: [
            ...pressureEvidence(bottleneck, lag),
            ...evidence('lagSeconds', lag.lagSeconds, LOAD_WINDOW_MS),
            ...evidence('waitRatio', bottleneck.waitRatio, LOAD_WINDOW_MS),
          ],
          wouldChange: [text('the lag stops growing', '积压停止增长')],
        };
      });
  },
  advise(finding, { job, load, bottlenecks, lag, history }) {
    const bottleneck = bottlenecks.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const capacities = capacityOf(job, load, lag);
    const plan = bottleneck === undefined ? undefined : planParallelism(bottleneck, capacities, lag, { job, history });
    const capacity = capacities.get(finding.subject.vertexId ?? '');
    if (plan === undefined || capacity === undefined) return [];
    return [spreadBehind(job.vertexName(plan.vertexId), capacity, plan.to)];
  },
});
