import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { capacityOf, planParallelism, rateAt } from '../../analyzer/tuning/parallelism.js';
import { demandNote, parallelismAdvice } from '../../analyzer/tuning/advice.js';
import { max, present } from '../../analyzer/numbers.js';
import { percent, text } from '../../analyzer/text.js';
import { bottlenecksBy, pressureEvidence, pressureSeverity } from '../support/pressure.js';
import { vertexSubject } from '../support/subjects.js';

export const bpNonparallelOperator = defineRule({
  id: 'bp-nonparallel-operator',
  category: 'backpressure',
  title: text('One subtask does the work of a parallel job', '并行作业的工作集中在单个子任务上'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'slots', 'history'],
  options: {},
  detect({ job, load, bottlenecks, lag }) {
    return bottlenecksBy(bottlenecks, 'non-parallel', lag).map((bottleneck) => {
      const name = job.vertexName(bottleneck.vertexId);
      const inputs = job.topology.inputsOf(bottleneck.vertexId);
      const inputParallelism = max(present(inputs.map((edge) => load.get(edge.fromVertexId)?.parallelism)));
      return {
        severity: pressureSeverity(lag),
        confidence: 0.95,
        subject: vertexSubject(job, bottleneck.vertexId, [0]),
        title: text(`${name} runs as one subtask and is full`, `${name} 只有一个子任务且已满载`),
        summary: text(
          `All ${inputParallelism ?? 'parallel'} subtasks before it send to this one; it is ${percent(bottleneck.busyMax)} busy.`,
          `上游 ${inputParallelism ?? '多个'} 个子任务都发往它；其繁忙率为 ${percent(bottleneck.busyMax)}。`,
        ),
        evidence: [
          ...pressureEvidence(bottleneck, lag),
          ...evidence('parallelism', 1, LOAD_WINDOW_MS, ['=', 1]),
          ...evidence('inputParallelism', inputParallelism, LOAD_WINDOW_MS, ['>=', 2]),
        ],
        wouldChange: [text('the vertex runs with more than one subtask', '该顶点以多个子任务运行')],
      };
    });
  },
  advise(finding, { job, load, bottlenecks, lag, history, slots }) {
    const bottleneck = bottlenecks.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    if (bottleneck === undefined) return [];
    const capacities = capacityOf(job, load, lag);
    const capacity = capacities.get(bottleneck.vertexId);
    // Flink gives windowAll and other global operators a max parallelism of 1: those cannot be scaled, only split.
    const plan =
      capacity?.maxParallelism === 1 ? undefined : planParallelism(bottleneck, capacities, lag, { job, history });
    if (plan !== undefined) {
      return [
        parallelismAdvice(
          plan,
          { job, history, slots },
          {
            confidence: 0.7,
            prerequisites: [
              text(
                'nothing in it needs all records in one place (a global order, one file, one counter)',
                '其逻辑不要求所有记录集中在一处（全局顺序、单一文件、单一计数器）',
              ),
              demandNote(plan),
            ],
            rejected: [BIGGER_SLOT],
          },
        ),
      ];
    }
    if (capacity === undefined) return [];
    const buckets = job.parallelism;
    return [
      {
        kind: 'code',
        title: text(
          `Aggregate in ${buckets} buckets first, then combine the ${buckets} partial results in one subtask`,
          `先按 ${buckets} 个桶预聚合，再在单个子任务中合并 ${buckets} 个部分结果`,
        ),
        changes: [
          {
            scope: 'vertex',
            vertexId: bottleneck.vertexId,
            vertexName: finding.subject.vertexName ?? '',
            from: 'windowAll(…)',
            to: `keyBy(bucket of ${buckets}).window(…) → windowAll(combine)`,
            unit: 'code',
          },
        ],
        diffs: {},
        expected: [
          {
            metric: 'recordsInPerSecond',
            label: labelOf('recordsPerSecond'),
            from: capacity.servedPerSecond,
            to: Math.min(capacity.demandKnown ? capacity.demandPerSecond : Infinity, rateAt(capacity, 1) * buckets),
            low: capacity.servedPerSecond,
            high: rateAt(capacity, 1) * buckets,
            unit: 'records/s',
          },
        ],
        cost: NO_COST,
        prerequisites: [text('the aggregate can be combined from partial results', '聚合结果可由部分结果合并得到')],
        risk: {
          restart: 'savepoint',
          stateLoss: true,
          note: text(
            'the operator’s state changes its shape: drain or start it fresh',
            '算子状态结构改变：需排空或从空状态启动',
          ),
        },
        verify: [{ metric: 'busyRatio', label: labelOf('busyRatio'), comparison: '<', target: 0.5, unit: 'ratio' }],
        rejected: [
          {
            alternative: text('more parallelism', '提高并行度'),
            why: text(
              'the operator is global: Flink always runs it as one subtask',
              '该算子是全局的：Flink 总以单个子任务运行',
            ),
          },
          BIGGER_SLOT,
        ],
        confidence: 0.8,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/windows/#windowall',
        ],
      },
    ];
  },
});

const BIGGER_SLOT = {
  alternative: text('a bigger machine', '更大的机器'),
  why: text(
    'one subtask is one thread: it uses one core whatever the machine has',
    '一个子任务就是一个线程，只能用一个核',
  ),
};
