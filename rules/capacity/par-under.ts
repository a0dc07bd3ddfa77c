import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { capacityOf, planParallelism, TARGET_UTILISATION } from '../../analyzer/tuning/parallelism.js';
import { parallelismAdvice } from '../../analyzer/tuning/advice.js';
import { percent, text } from '../../analyzer/text.js';
import { pressureCounts } from '../support/pressure.js';
import { vertexSubject } from '../support/subjects.js';

/** Three minutes at the limit: shorter peaks are what reserve is for. */
const WINDOW_MS = 180_000;

export const parUnder = defineRule({
  id: 'par-under',
  category: 'capacity',
  title: text('A vertex has no reserve left', '某个顶点已没有余量'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'peakLoad', 'bottlenecks', 'skew', 'lag', 'slots', 'history'],
  options: {
    busyRatio: {
      default: 0.85,
      unit: 'ratio',
      description: 'busy over the last three minutes from which there is no reserve',
    },
    meanBusyRatio: {
      default: 0.7,
      unit: 'ratio',
      description: 'mean over the subtasks below which it is skew, not size',
    },
  },
  detect({ job, load, peakLoad, bottlenecks, skew, lag }, { busyRatio, meanBusyRatio }) {
    if (!pressureCounts(lag)) return [];
    return [...peakLoad.values()].flatMap(({ vertexId, recentBusyMin }) => {
      const vertex = load.get(vertexId);
      if (vertex === undefined) return [];
      if ((recentBusyMin ?? 0) < busyRatio || (vertex.busyMean ?? 0) < meanBusyRatio) return [];
      const held = bottlenecks.some((bottleneck) => bottleneck.vertexId === vertexId && bottleneck.kind !== 'alone');
      const uneven = skew.some((candidate) => candidate.vertexId === vertexId && candidate.kind !== 'even');
      const source = job.topology.isSource(vertexId) && lag.phase !== 'growing';
      if (held || uneven || source) return [];
      const name = job.vertexName(vertexId);
      return [
        {
          severity: 'warning' as const,
          confidence: 0.8,
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name} has no reserve: ${percent(recentBusyMin ?? 0)} busy for three minutes`,
            `${name} 没有余量：三分钟内繁忙率不低于 ${percent(recentBusyMin ?? 0)}`,
          ),
          summary: text(
            'It keeps up today; the next peak or restart will leave a lag that it can hardly work off.',
            '目前还跟得上；下一次高峰或重启将产生难以消化的积压。',
          ),
          evidence: [
            ...evidence('busyRatio', recentBusyMin, WINDOW_MS, ['>=', busyRatio], { metric: 'busyRatio', vertexId }),
            ...evidence('inputPressure', vertex.backPressuredMax, WINDOW_MS),
          ],
          wouldChange: [
            text('its busiest subtask rests more than 15 % of a minute', '最忙的子任务在某一分钟内空闲超过 15 %'),
          ],
        },
      ];
    });
  },
  advise(finding, { job, load, lag, slots, history }) {
    const vertexId = finding.subject.vertexId;
    const busyMax = vertexId === undefined ? undefined : load.get(vertexId)?.busyMax;
    if (vertexId === undefined || busyMax === undefined) return [];
    // Everything that arrives is served, so what is served is the demand, with or without a lag gauge.
    const capacities = new Map(
      [...capacityOf(job, load, lag)].map(([id, capacity]) => [id, { ...capacity, demandKnown: true }]),
    );
    const plan = planParallelism({ vertexId, busyMax }, capacities, lag, { job, history });
    if (plan === undefined) return [];
    return [
      parallelismAdvice(
        plan,
        { job, history, slots },
        {
          confidence: 0.75,
          prerequisites: [text('what the vertex calls outside Flink has room for more', '它调用的外部系统有余量')],
          rejected: [
            {
              alternative: text('wait for the first lag', '等出现积压再说'),
              why: text(
                `above ${percent(TARGET_UTILISATION)} busy a restart takes long to catch up`,
                `繁忙率高于 ${percent(TARGET_UTILISATION)} 时，重启后很难追上`,
              ),
            },
          ],
        },
      ),
    ];
  },
});
