import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice } from '../../analyzer/engine/recommendation.js';
import { ASSIGNMENT_MIN } from '../../analyzer/signals/source-skew.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import { capacityOf } from '../../analyzer/tuning/parallelism.js';
import { slotCost, slotsNeededFor } from '../../analyzer/tuning/slots.js';
import { min, present } from '../../analyzer/numbers.js';
import { counted, text } from '../../analyzer/text.js';
import { expectedBusy, expectedEven } from '../support/expectations.js';
import { ofSourceSkew, rebalanceAdvice, sourceSkewEvidence, sourceSkewImpact } from '../support/source-skew-verdict.js';
import { vertexSubject } from '../support/subjects.js';

export const skewSourceAssignment = defineRule({
  id: 'skew-source-assignment',
  category: 'skew',
  title: text('Partitions do not divide evenly over the readers', '分区无法均分给读取者'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'sourceSkew', 'lag', 'slots', 'history'],
  options: {},
  detect: (view) =>
    ofSourceSkew(view, 'assignment', ({ skew, impact, severity, name, who, work }) => {
      if (skew.partitions === undefined) return [];
      const { fewest, all } = skew.partitions;
      return [
        {
          severity,
          // Two to one is seldom chance; three to two and closer may as well be what the partitions hold.
          confidence: fewest === 1 ? 0.8 : 0.6,
          subject: vertexSubject(view.job, skew.vertexId, skew.subtasks),
          title: text(
            `${name}: ${all} partitions over ${skew.arriving.length} readers leave ${who.en} with one more`,
            `${name}：${all} 个分区分给 ${skew.arriving.length} 个读取者，${who['zh-CN']} 多分到一个`,
          ),
          summary: text(
            `The rates of the readers are whole multiples of one partition's: ${fewest + 1} to ${fewest}. The work stays in the subtask that read the record: ${work.en}. One partition with more records looks alike.`,
            `各读取者的速率恰为单个分区速率的整数倍：${fewest + 1} 比 ${fewest}。记录在读取它的子任务中处理：${work['zh-CN']}。某个分区数据更多时看起来也一样。`,
          ),
          evidence: [
            ...evidence('arrivingOverMean', skew.maxOverMean, skew.windowMs, ['>=', ASSIGNMENT_MIN]),
            ...sourceSkewEvidence(skew, impact),
          ],
          wouldChange: [text('readers whose rates are no multiples of each other', '读取者的速率不再互为整数倍')],
          notSeen: [
            {
              signal: text('partitions', '分区'),
              enableBy: text(
                'the number of partitions of the topics it reads settles it',
                '查看所读主题的分区数即可确认',
              ),
            },
          ],
        },
      ];
    }),
  advise(finding, { job, load, sourceSkew, lag, slots, history }) {
    const skew = sourceSkew.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const impact = skew === undefined ? undefined : sourceSkewImpact(skew, job, load, lag);
    if (skew?.partitions === undefined || impact === undefined || finding.severity === 'info') return [];
    const capacity = capacityOf(job, load, lag).get(impact.vertexId);
    const { fewest, all } = skew.partitions;
    const from = skew.arriving.length;
    const carriers = [skew.vertexId, ...job.topology.forwardFrom(skew.vertexId)];
    const limits = history.vertices.filter(({ vertexId }) => carriers.includes(vertexId));
    const to = dividing(all, from, min(present(limits.map(({ maxParallelism }) => maxParallelism))));
    if (to === undefined || capacity === undefined)
      return rebalanceAdvice(skew, impact, { job, load, lag }, [A_DIVISOR]);
    const changes = carriers.map((vertexId) => ({
      scope: 'vertex' as const,
      vertexId,
      vertexName: job.vertexName(vertexId),
      from,
      to,
      unit: 'subtasks',
    }));
    const wanted = new Map(carriers.map((vertexId) => [vertexId, to]));
    const extra = slotsNeededFor(history, wanted) - slotsNeededFor(history, new Map());
    const busyTo = Math.min(
      1,
      impact.busy * (all / to / (fewest + 1)) * (capacity.demandPerSecond / capacity.servedPerSecond),
    );
    const advice: Advice = {
      kind: 'parallelism',
      title: text(
        `Run ${job.vertexName(skew.vertexId)} with parallelism ${to}: ${counted(all / to, 'partition')} for each reader`,
        `将 ${job.vertexName(skew.vertexId)} 的并行度设为 ${to}：每个读取者 ${all / to} 个分区`,
      ),
      changes,
      diffs: diffsFor(changes, { job, history }),
      expected: [expectedEven('arrivingOverMean', skew.maxOverMean), expectedBusy(impact.busy, busyTo)],
      cost: slotCost(extra, slots, history.taskManagers[0]?.memory.totalProcessBytes),
      prerequisites: [
        text(`the source has ${all} partitions`, `源端确有 ${all} 个分区`),
        ...(extra > (slots.available ?? 0) ? [text(`${extra} more slots`, `再增加 ${extra} 个 slot`)] : []),
      ],
      risk: {
        restart: 'job',
        stateLoss: false,
        note: text(
          'restarts from the last checkpoint; partitions are dealt out anew',
          '从最近检查点重启；分区重新分配',
        ),
      },
      verify: [
        { metric: 'arrivingOverMean', label: labelOf('arrivingOverMean'), comparison: '<', target: 1.1, unit: 'ratio' },
      ],
      rejected: [
        {
          alternative: text('rebalance() behind the source', '在源端之后加 rebalance()'),
          why: text(
            'spreads the work as well, at the price of the network and of the order within a partition',
            '同样能均匀分担，但要经过网络并失去分区内的顺序',
          ),
        },
        {
          alternative: text('more partitions', '增加分区'),
          why: text('keys move to other partitions: their order breaks', '键会换到别的分区，顺序被打乱'),
        },
      ],
      confidence: finding.confidence,
      sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/'],
    };
    return [advice];
  },
});

/** The next parallelism that divides the partitions; twice as many subtasks are too dear for the sake of evenness. */
function dividing(all: number, now: number, limit = Infinity): number | undefined {
  const larger = Array.from({ length: now }, (_, i) => now + 1 + i);
  return larger.find((parallelism) => parallelism <= limit && all % parallelism === 0);
}

const A_DIVISOR = {
  alternative: text('a parallelism that divides the partitions', '能整除分区数的并行度'),
  why: text(
    'the next one is more than twice as large, or above the max parallelism',
    '下一个要大一倍以上，或超过最大并行度',
  ),
};
