import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { bytes, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { rebalancesOf, SHUFFLE_BYTES } from '../support/shuffles.js';
import { vertexSubject } from '../support/subjects.js';

export const parMixedBreaksChain = defineRule({
  id: 'par-mixed-breaks-chain',
  category: 'capacity',
  title: text('Another parallelism breaks a chain', '不同的并行度打断了算子链'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load'],
  options: { bytesPerSecond: SHUFFLE_BYTES },
  detect({ job, load }, { bytesPerSecond }) {
    return (
      rebalancesOf(job, load)
        // A vertex of one subtask wants it so, and a wider one may need its subtasks: only near misses are said.
        .filter(
          ({ from, to, bytesPerSecond: over }) => over >= bytesPerSecond && isNear(from.parallelism, to.parallelism),
        )
        .map(({ from, to, bytesPerSecond: over }) =>
          remark({
            subject: vertexSubject(job, to.vertexId),
            confidence: 0.6,
            title: text(
              `${from.name} has ${from.parallelism} subtasks and ${to.name} ${to.parallelism}: ${bytes(over)}/s go over the network`,
              `${from.name} 有 ${from.parallelism} 个子任务而 ${to.name} 有 ${to.parallelism} 个：每秒 ${bytes(over)} 经过网络`,
            ),
            summary: text(
              'With the same number Flink would chain them, and a record would be a call. Where both numbers are wanted, rescale() keeps most of it on the machine.',
              '并行度相同则 Flink 会将其链接，传递记录只是一次调用。若确需不同，可用 rescale() 使大部分留在本机。',
            ),
            evidence: [
              ...evidence('networkBytesPerSecond', over, LOAD_WINDOW_MS, ['>=', bytesPerSecond]),
              ...evidence('parallelism', to.parallelism, LOAD_WINDOW_MS),
              ...evidence('inputParallelism', from.parallelism, LOAD_WINDOW_MS),
            ],
            until: text('the same parallelism on both sides', '两侧并行度相同'),
          }),
        )
    );
  },
  // Which of the two numbers is the right one the rules about parallelism say.
  advise: () => [],
});

/** Up to twice as many: further apart the difference is a decision. */
function isNear(a: number, b: number): boolean {
  return a !== b && Math.min(a, b) > 1 && Math.max(a, b) <= 2 * Math.min(a, b);
}
