import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { lastLooks, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { isOn } from '../support/settings.js';
import { vertexSubject } from '../support/subjects.js';

const LOOKS = 3;
/** `taskmanager.memory.min-segment-size`: the debloater cannot go below it. */
const SMALLEST_BYTES = 256;

export const netDebloatMisfit = defineRule({
  id: 'net-debloat-misfit',
  category: 'network',
  title: text('Buffer debloating is at its end', '缓冲去膨胀已到极限'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    parallelism: {
      default: 200,
      unit: 'count',
      description: 'subtasks of its inputs above which one input alone is enough',
    },
  },
  detect({ job, nowMs, configuration, history }, { parallelism }) {
    if (!isOn(configuration, 'taskmanager.network.memory.buffer-debloat.enabled')) return [];
    const told = history.vertices
      .map((vertex) => ({ vertex, readings: taskReadings(vertex, 'debloatedBufferSize', job, nowMs) }))
      .filter(({ readings }) => readings.length >= LOOKS);
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told.flatMap(({ vertex: { vertexId, name }, readings }) => {
      const inputs = job.topology.inputsOf(vertexId);
      const isHard = inputs.length > 1 || job.parallelism > parallelism;
      const held = lastLooks(readings, LOOKS, ({ min = Infinity }) => min > 0 && min <= SMALLEST_BYTES)?.min;
      if (!isHard || held === undefined) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.6,
          title: text(`${name}: buffers are down to ${bytes(held)}`, `${name}：缓冲已缩至 ${bytes(held)}`),
          summary: text(
            'The debloater cannot make them smaller, and each buffer now costs more than its records. With several inputs of unequal load, or hundreds of channels, it works with one size for all: as many floating buffers as subtasks (≤1.20), more samples, or no debloating there.',
            '去膨胀无法再缩小，每个缓冲的开销已超过其记录。多个负载不均的输入或上百个通道时，它只用一个统一大小：可将浮动缓冲设为与子任务数相当（≤1.20）、增加采样，或在此处关闭。',
          ),
          evidence: [...evidence('buffersBytes', held, METRIC_WINDOW_MS, ['<=', SMALLEST_BYTES])],
          until: text('larger buffers', '缓冲变大'),
        }),
      ];
    });
  },
  // Which of the three fits depends on the inputs; the page names the options.
  advise: () => [],
});

const NOT_TOLD = text(
  'debloating is on, and debloatedBufferSize was not told three times yet',
  '已开启缓冲去膨胀，但 debloatedBufferSize 尚未报告三次',
);
