import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { max, mean, present } from '../../analyzer/numbers.js';
import { LOAD_WINDOW_MS, type VertexLoad } from '../../analyzer/signals/load.js';
import { bytes, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { rebalancesOf, SHUFFLE_BYTES } from '../support/shuffles.js';
import { vertexSubject } from '../support/subjects.js';

export const bpUnneededShuffle = defineRule({
  id: 'bp-unneeded-shuffle',
  category: 'backpressure',
  title: text('Records are dealt out anew where they are even already', '记录本已均匀却被重新分配'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load'],
  options: {
    bytesPerSecond: SHUFFLE_BYTES,
    evenness: {
      default: 1.2,
      unit: 'times',
      description: 'records of the subtask with most over the mean, below which they are even',
    },
  },
  detect({ job, load }, { bytesPerSecond, evenness }) {
    return rebalancesOf(job, load)
      .filter(
        ({ from, to, bytesPerSecond: over }) =>
          from.parallelism === to.parallelism &&
          from.parallelism > 1 &&
          over >= bytesPerSecond &&
          (unevenness(from) ?? evenness) < evenness,
      )
      .map(({ from, to, bytesPerSecond: over }) =>
        remark({
          subject: vertexSubject(job, to.vertexId),
          confidence: 0.6,
          title: text(
            `${bytes(over)}/s from ${from.name} to ${to.name} are dealt out anew, and were even before`,
            `从 ${from.name} 到 ${to.name} 每秒 ${bytes(over)} 被重新分配，而此前已经均匀`,
          ),
          summary: text(
            'Both have the same number of subtasks: without rebalance() they would be chained, and nothing would be serialised. Keep it where partitions are uneven at other times, or fewer than subtasks.',
            '两侧子任务数相同：去掉 rebalance() 即可链接，无需序列化。若分区有时不均或少于子任务，请保留。',
          ),
          evidence: [
            ...evidence('networkBytesPerSecond', over, LOAD_WINDOW_MS, ['>=', bytesPerSecond]),
            ...evidence('recordsMaxOverMean', unevenness(from), LOAD_WINDOW_MS, ['<', evenness]),
          ],
          until: text('no rebalance, or records that need it', '去掉重分配，或记录确实不均'),
        }),
      );
  },
  // The exchange is in code, and whether it mends something at another hour its author knows.
  advise: () => [],
});

function unevenness({ subtasks, parallelism }: VertexLoad): number | undefined {
  const rates = present(subtasks.map(({ recordsOutPerSecond }) => recordsOutPerSecond));
  const average = mean(rates);
  return rates.length < parallelism || average === undefined || average <= 0 ? undefined : (max(rates) ?? 0) / average;
}
