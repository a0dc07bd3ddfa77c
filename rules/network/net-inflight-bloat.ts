import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { median, present } from '../../analyzer/numbers.js';
import type { CheckpointSignal } from '../../analyzer/signals/checkpoints.js';
import { duration, text } from '../../analyzer/text.js';
import { lastLooks, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOn } from '../support/settings.js';
import { vertexSubject } from '../support/subjects.js';

const DEBLOAT = 'taskmanager.network.memory.buffer-debloat.enabled';
/** Misspelt in 1.14. */
const NAMES = ['estimatedTimeToConsumeBuffersMs', 'estimatedTimeToConsumerBuffersMs'];
const LOOKS = 2;

export const netInflightBloat = defineRule({
  id: 'net-inflight-bloat',
  category: 'network',
  title: text('Too many records are under way between tasks', '任务之间在途数据过多'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    ms: {
      default: 5000,
      unit: 'ms',
      description: 'time that the records in the buffers take, and that barriers wait, from which it is said',
    },
  },
  detect({ job, checkpoints, history, nowMs }, { ms }) {
    const delayMs = startDelayOf(checkpoints);
    if (
      delayMs === undefined ||
      delayMs < ms ||
      history.checkpointConfig?.unaligned === true ||
      isOn(history.configuration, DEBLOAT)
    )
      return [];
    const told = history.vertices.flatMap((vertex) => {
      const readings = NAMES.map((name) => taskReadings(vertex, name, job, nowMs)).find(
        ({ length }) => length >= LOOKS,
      );
      return readings === undefined
        ? []
        : [{ vertex, held: lastLooks(readings, LOOKS, ({ max = 0 }) => max >= ms)?.max }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told.flatMap(({ vertex: { vertexId, name }, held }) =>
      held === undefined
        ? []
        : [
            remark({
              subject: vertexSubject(job, vertexId),
              title: text(
                `${name} has ${duration(held)} of work in its buffers`,
                `${name} 的缓冲中积压了 ${duration(held)} 的工作量`,
              ),
              summary: text(
                `Barriers wait behind all of it (${duration(delayMs)}). Buffer debloating keeps one second of work in the buffers.`,
                `barrier 需排在其后（${duration(delayMs)}）。缓冲去膨胀可将缓冲内工作量保持在一秒。`,
              ),
              evidence: [
                ...evidence('inFlightMs', held, METRIC_WINDOW_MS, ['>=', ms]),
                ...evidence('startDelayMs', delayMs, METRIC_WINDOW_MS, ['>=', ms]),
              ],
              until: text('less in the buffers', '缓冲内数据减少'),
            }),
          ],
    );
  },
  advise(finding, { job, history }) {
    const fromMs = finding.evidence[0]?.value ?? 0;
    return settingAdvice(
      {
        kind: 'network',
        title: text('Keep one second of work in the buffers (debloating)', '缓冲内保持一秒的工作量（去膨胀）'),
        changes: [optionChange('taskmanager', DEBLOAT, 'true', history.configuration)],
        effect: {
          metric: 'inFlightMs',
          label: labelOf('inFlightMs'),
          from: fromMs,
          to: 1000,
          low: 500,
          high: 1500,
          unit: 'ms',
        },
        verify: ['<=', 1500],
        restart: 'cluster',
        note: text('a load that changes fast may lose some throughput', '负载变化快时可能损失少量吞吐'),
        source: 'deployment/memory/network_mem_tuning/#the-buffer-debloating-mechanism',
      },
      { job, history },
    );
  },
});

function startDelayOf({ anatomies }: CheckpointSignal): number | undefined {
  return median(present(anatomies.map(({ phases }) => phases.startDelay?.ms)));
}

const NOT_TOLD = text(
  'barriers wait long, and estimatedTimeToConsumeBuffersMs, which is told only with buffer debloating on, is not there; ckpt-start-delay tells of the wait',
  'barrier 等待较长，但未报告仅在开启缓冲去膨胀时提供的 estimatedTimeToConsumeBuffersMs；等待本身见 ckpt-start-delay',
);
