import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { compact, text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { durationMs, settingOf } from '../support/settings.js';

const KEY = 'metrics.latency.granularity';

export const wasteMetrics = defineRule({
  id: 'waste-metrics',
  category: 'configuration',
  title: text('Latency is measured from each subtask to each', '每对子任务都在测量延迟'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    histograms: { default: 100_000, unit: 'count', description: 'histograms from which it is said' },
  },
  detect({ job, nowMs, configuration, history }, limits) {
    if (settingOf(configuration, KEY)?.toLowerCase() !== 'subtask') return [];
    if ((durationMs(settingOf(configuration, 'metrics.latency.interval')) ?? 0) === 0) return [];
    const histograms = histogramsOf(job, history);
    if (histograms < limits.histograms) return [];
    return [
      remark({
        confidence: 0.9,
        title: text(
          `${compact(histograms)} latency histograms, one for each pair of subtasks`,
          `${compact(histograms)} 个延迟直方图，每对子任务一个`,
        ),
        summary: text(
          'Each has ten series in whatever keeps the metrics, and lies in the heap of the TaskManagers. By operator there are as many as subtasks, and they tell the same to most questions.',
          '每个在指标存储中有十条序列，并占用 TaskManager 的堆。按算子粒度只有子任务数那么多，对多数问题已足够。',
        ),
        evidence: evidence('histograms', histograms, runningMs(job, nowMs), ['>=', limits.histograms]),
        until: text('a coarser granularity, or no markers', '更粗的粒度或关闭标记'),
      }),
    ];
  },
  advise(finding, { job, history, configuration }) {
    const from = finding.evidence[0]?.value ?? 0;
    const to = history.vertices.reduce((total, { parallelism = 0 }) => total + parallelism, 0);
    return settingAdvice(
      {
        kind: 'config',
        title: text('Measure latency by operator', '按算子测量延迟'),
        changes: [optionChange('job', KEY, 'operator', configuration)],
        effect: { metric: 'histograms', label: labelOf('histograms'), from, to, unit: 'count' },
        verify: ['<', from],
        restart: 'job',
        note: text(
          'which subtask of the source a latency comes from is no longer told',
          '不再区分延迟来自源端的哪个子任务',
        ),
        source: 'ops/metrics/#end-to-end-latency-tracking',
      },
      { job, history },
    );
  },
});

/** A marker of each subtask of a source makes a histogram in each subtask of every vertex behind it. */
function histogramsOf(job: JobFacts, { vertices }: JobHistory): number {
  const width = new Map(vertices.map(({ vertexId, parallelism = 0 }) => [vertexId, parallelism]));
  const sources = job.topology.vertexIds.filter((id) => job.topology.isSource(id));
  return vertices.reduce((total, { vertexId, parallelism = 0 }) => {
    const ancestors = job.topology.ancestorsOf(vertexId);
    const markers = sources.reduce((sum, id) => sum + (ancestors.has(id) ? (width.get(id) ?? 0) : 0), 0);
    return total + markers * parallelism;
  }, 0);
}
