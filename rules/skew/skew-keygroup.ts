import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { VertexSkew } from '../../analyzer/signals/skew.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import { capacityOf } from '../../analyzer/tuning/parallelism.js';
import { slotCost, slotsNeededFor } from '../../analyzer/tuning/slots.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { expectedBusy, expectedEven } from '../support/expectations.js';
import { pressureCounts } from '../support/pressure.js';
import { skewEvidence, skewImpact } from '../support/skew-verdict.js';
import { subtaskNames, vertexSubject } from '../support/subjects.js';

export const skewKeygroup = defineRule({
  id: 'skew-keygroup',
  category: 'skew',
  title: text('Key groups do not divide evenly', 'key group 无法均分'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew', 'lag', 'slots', 'history'],
  options: {
    warningBusyRatio: {
      default: 0.8,
      unit: 'ratio',
      description: 'busy of the overloaded subtasks from which it is a warning',
    },
  },
  detect({ job, load, skew, lag }, { warningBusyRatio }) {
    if (!pressureCounts(lag)) return [];
    return skew
      .filter(({ kind }) => kind === 'keygroup')
      .map((found) => {
        const impact = skewImpact(found, job, load);
        const name = job.vertexName(found.vertexId);
        const who = subtaskNames(found.subtasks);
        const pressed = impact.inputPressure >= 0.5;
        return {
          severity:
            impact.busy >= warningBusyRatio
              ? pressed
                ? ('critical' as const)
                : ('warning' as const)
              : ('info' as const),
          confidence: 0.95,
          subject: vertexSubject(job, found.vertexId, found.subtasks),
          title: text(
            `${name}: ${found.maxParallelism} key groups over ${found.records.length} subtasks leave some with ${compact(found.structural)}× the work`,
            `${name}：${found.maxParallelism} 个 key group 分给 ${found.records.length} 个子任务，部分子任务负担是均值的 ${compact(found.structural)} 倍`,
          ),
          summary: text(
            `${who.en} own one key group more than the rest and are ${percent(impact.busy)} busy. This is the division, not the data.`,
            `${who['zh-CN']} 多拥有一个 key group，繁忙率 ${percent(impact.busy)}。这是划分造成的，不是数据倾斜。`,
          ),
          evidence: [
            ...evidence('structuralImbalance', found.structural, found.windowMs, ['>=', 1.3]),
            ...evidence('maxParallelism', found.maxParallelism, found.windowMs),
            ...skewEvidence(found, impact),
          ],
          wouldChange: [text('the parallelism divides the number of key groups', '并行度能整除 key group 数')],
        };
      });
  },
  advise(finding, { job, load, skew, lag, slots, history }) {
    const found = skew.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const capacity = found === undefined ? undefined : capacityOf(job, load, lag).get(found.vertexId);
    if (found === undefined || capacity === undefined) return [];
    const from = found.records.length;
    const impact = skewImpact(found, job, load);
    const to = betterParallelism(found, finding.severity !== 'info');
    if (to === undefined) return [];
    const ratio = Math.ceil(found.maxParallelism / to) / Math.ceil(found.maxParallelism / from);
    const changes = [
      {
        scope: 'vertex' as const,
        vertexId: found.vertexId,
        vertexName: job.vertexName(found.vertexId),
        from,
        to,
        unit: 'subtasks',
      },
    ];
    const extra = slotsNeededFor(history, new Map([[found.vertexId, to]])) - slotsNeededFor(history, new Map());
    const busyTo = Math.min(1, impact.busy * ratio * (capacity.demandPerSecond / capacity.servedPerSecond));
    return [
      {
        kind: 'parallelism',
        title: text(
          `Run ${job.vertexName(found.vertexId)} with parallelism ${to}: it divides ${found.maxParallelism} key groups`,
          `将 ${job.vertexName(found.vertexId)} 的并行度设为 ${to}：可整除 ${found.maxParallelism} 个 key group`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [expectedEven('recordsMaxOverMean', found.maxOverMean), expectedBusy(impact.busy, busyTo)],
        cost: slotCost(extra, slots, history.taskManagers[0]?.memory.totalProcessBytes),
        prerequisites: extra > (slots.available ?? 0) ? [text(`${extra} more slots`, `再增加 ${extra} 个 slot`)] : [],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text(
            'restarts from the last checkpoint; keyed state moves with its key groups',
            '从最近检查点重启；键控状态随 key group 迁移',
          ),
        },
        verify: [
          {
            metric: 'recordsMaxOverMean',
            label: labelOf('recordsMaxOverMean'),
            comparison: '<',
            target: 1.1,
            unit: 'ratio',
          },
        ],
        rejected: [
          {
            alternative: text('a larger max parallelism', '提高最大并行度'),
            why: text(
              'divides more finely, but changing it discards the state: only at a fresh start',
              '划分更细，但修改它会丢弃状态：只能在全新启动时做',
            ),
          },
        ],
        confidence: 0.9,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/production_ready/#set-an-explicit-max-parallelism',
        ],
      },
    ];
  },
});

/** Up to the next divisor when the vertex is full; down to one that carries the same with fewer subtasks when it is not. */
function betterParallelism(found: VertexSkew, overloaded: boolean): number | undefined {
  const { maxParallelism: groups } = found;
  const now = found.records.length;
  const divisors = Array.from({ length: groups }, (_, i) => i + 1).filter((p) => groups % p === 0);
  const perSubtask = Math.ceil(groups / now);
  return overloaded
    ? divisors.find((p) => p > now && groups / p < perSubtask)
    : divisors.find((p) => p < now && groups / p === perSubtask);
}
