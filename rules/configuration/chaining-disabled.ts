import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Change } from '../../analyzer/engine/recommendation.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { brokenChainsOf } from '../../analyzer/graph/chains.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { present, sum } from '../../analyzer/numbers.js';
import { compact, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { bottlenecksBy } from '../support/pressure.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOff } from '../support/settings.js';

export const chainingDisabled = defineRule({
  id: 'chaining-disabled',
  category: 'configuration',
  title: text('Operators are not chained', '算子没有链接'),
  severityMax: 'warning',
  // What the graph and the load show; the option only says where it comes from.
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'history'],
  options: {
    // L60: 9; chained jobs had 0, and one or two are an operator's own wish (disableChaining, startNewChain).
    exchanges: {
      default: 4,
      unit: 'count',
      description: 'exchanges between vertices that could be one task, from which it is said',
    },
  },
  detect({ job, load, bottlenecks, lag, history, nowMs }, { exchanges }) {
    const { edges, everywhere } = brokenChainsOf(history);
    const key = offKey(job, history.configuration);
    if (edges.length < exchanges || (key === undefined && !everywhere)) return [];
    const vertexIds = new Set(edges.flatMap(({ fromVertexId, toVertexId }) => [fromVertexId, toVertexId]));
    // Handing records over costs CPU, so it costs throughput only where computing limits it.
    const isCostly = (['cpu-bound', 'cpu-saturated'] as const)
      .flatMap((kind) => bottlenecksBy(bottlenecks, kind, lag))
      .some(({ vertexId }) => vertexIds.has(vertexId));
    const perSecond = sum(present(edges.map(({ toVertexId }) => load.get(toVertexId)?.recordsInPerSecond)));
    return [
      {
        severity: isCostly ? ('warning' as const) : ('info' as const),
        confidence: key === undefined ? 0.8 : 0.95,
        subject: { kind: 'job' as const },
        title: text(
          `${vertexIds.size} vertices could be fewer tasks: operators are not chained`,
          `${vertexIds.size} 个顶点可以合并为更少的任务：算子没有链接`,
        ),
        summary: text(
          `${key === undefined ? 'No vertex of the job holds a chain, as after disableOperatorChaining()' : `${key} is false`}. ${compact(perSecond)} records a second are written to buffers and read again on ${edges.length} ways where a call would do. ${isCostly ? 'One of these vertices computes at its limit.' : 'No CPU is short for it now; each vertex still has its own threads and buffers.'}`,
          `${key === undefined ? '作业中没有任何顶点包含算子链，如同调用了 disableOperatorChaining()' : `${key} 为 false`}。每秒有 ${compact(perSecond)} 条记录在 ${edges.length} 处写入缓冲再读出，而本可直接调用。${isCostly ? '其中一个顶点的计算已达上限。' : '目前并不缺 CPU；但每个顶点仍有各自的线程和缓冲。'}`,
        ),
        evidence: [
          ...evidence('brokenChains', edges.length, runningMs(job, nowMs), ['>=', exchanges]),
          ...evidence('handedOverPerSecond', perSecond, LOAD_WINDOW_MS),
        ],
        wouldChange: [text('operators that are chained', '算子被链接')],
      },
    ];
  },
  advise(_finding, { job, history }) {
    const { edges } = brokenChainsOf(history);
    const key = offKey(job, history.configuration);
    const change: Change =
      key === undefined
        ? {
            scope: 'job',
            from: 'env.disableOperatorChaining()',
            to: 'operators chained; startNewChain() or disableChaining() on single ones',
            unit: 'code',
          }
        : optionChange('job', key, 'true', history.configuration);
    return settingAdvice(
      {
        kind: key === undefined ? 'code' : 'config',
        title: text('Let Flink chain operators', '让 Flink 链接算子'),
        changes: [change],
        effect: {
          metric: 'brokenChains',
          label: labelOf('brokenChains'),
          from: edges.length,
          to: 0,
          // Single operators may have asked for it.
          high: edges.length - 1,
          unit: 'count',
        },
        verify: ['<', edges.length],
        restart: 'savepoint',
        note: text(
          'state is found again only where operators have uids; figures are then told of whole chains',
          '只有设置了 uid 的算子才能找回状态；之后的指标以整条链为单位',
        ),
        prerequisites: [text('every operator with state has a uid', '每个有状态的算子都设置了 uid')],
        rejected: [
          {
            alternative: text('more parallelism', '提高并行度'),
            why: text('each further subtask hands its records over as often', '新增的子任务同样需要多次传递记录'),
          },
        ],
        confidence: key === undefined ? 0.6 : 0.8,
        source: 'dev/datastream/operators/overview/#task-chaining-and-resource-groups',
      },
      { job, history },
    );
  },
});

/** The name under which it is switched off; the older one is read by every version. */
function offKey({ flinkVersion }: JobFacts, configuration: Readonly<Record<string, string>>): string | undefined {
  return [optionKeys.chaining(flinkVersion), optionKeys.chaining({ major: 1, minor: 13, text: '1.13' })].find((key) =>
    isOff(configuration, key),
  );
}
