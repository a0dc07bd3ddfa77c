import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { structuralImbalance } from '../../analyzer/tuning/key-groups.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { listed, percent, text } from '../../analyzer/text.js';
import { keyedVertexIds } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const parMaxNotDivisible = defineRule({
  id: 'par-max-not-divisible',
  category: 'capacity',
  title: text('The parallelism does not divide the key groups', '并行度不能整除 key group'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew'],
  options: {
    imbalance: {
      default: 1.2,
      unit: 'times',
      description: 'key groups of the fullest subtask over the mean, from which it is said',
    },
    busyRatio: { default: 0.3, unit: 'ratio', description: 'mean busy below which it costs nothing' },
  },
  detect({ job, load, skew }, limits) {
    return keyedVertexIds(job).flatMap((vertexId) => {
      const vertex = load.get(vertexId);
      const { parallelism = 1, maxParallelism = 1, busyMean = 0 } = vertex ?? {};
      // A lone key group for each subtask is even; more subtasks than groups is another fault.
      if (
        parallelism < 2 ||
        maxParallelism <= parallelism ||
        maxParallelism % parallelism === 0 ||
        busyMean < limits.busyRatio
      )
        return [];
      const imbalance = structuralImbalance(parallelism, maxParallelism);
      // Where the readings show it, `skew-keygroup` tells of it, and how much it costs.
      const isSeen = skew.some((found) => found.vertexId === vertexId && found.kind !== 'even');
      if (imbalance < limits.imbalance || isSeen) return [];
      const [name, better] = [job.vertexName(vertexId), listed(neighbours(maxParallelism, parallelism))];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name}: ${maxParallelism} key groups over ${parallelism} subtasks: the fullest owns ${percent(imbalance - 1)} more than the mean`,
            `${name}：${maxParallelism} 个 key group 分给 ${parallelism} 个子任务，最多的比均值多 ${percent(imbalance - 1)}`,
          ),
          summary: text(
            `Even keys cannot be spread evenly then, and the fullest subtask limits them all. A parallelism of ${better.en} would divide them.`,
            `即使键均匀也无法均分，最满的子任务限制整体。并行度取 ${better['zh-CN']} 可以整除。`,
          ),
          evidence: [
            ...evidence('structuralImbalance', imbalance, LOAD_WINDOW_MS, ['>=', limits.imbalance]),
            ...evidence('maxParallelism', maxParallelism, LOAD_WINDOW_MS),
            ...evidence('parallelism', parallelism, LOAD_WINDOW_MS),
          ],
          until: text('a parallelism that divides the key groups', '并行度能整除 key group 数'),
        }),
      ];
    });
  },
  // Which of its neighbours has the slots and the room `skew-keygroup` works out once it is felt.
  advise: () => [],
});

/** The divisors on both sides of the parallelism. */
function neighbours(maxParallelism: number, parallelism: number): readonly number[] {
  let [below, above] = [parallelism, parallelism];
  while (maxParallelism % below !== 0) below -= 1;
  while (maxParallelism % above !== 0) above += 1;
  return [below, above];
}
