import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { percent, text } from '../../analyzer/text.js';
import type { VertexHistory } from '../../collector/model/index.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const srcPartitionLimit = defineRule({
  id: 'src-partition-limit',
  category: 'source',
  title: text('A source cannot be widened: it has a reader for each partition', '源端无法扩展：每个分区已有一个读取者'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['lag', 'load', 'history'],
  options: {
    busyRatio: { default: 0.8, unit: 'ratio', description: 'busy of its busiest reader from which it is said' },
  },
  detect({ job, lag, load, history }, { busyRatio }) {
    const full = lag.sources.filter(
      ({ vertexId, trend }) => trend === 'growing' && (load.get(vertexId)?.busyMax ?? 0) >= busyRatio,
    );
    if (full.length === 0) return [];
    const told = full.flatMap(({ vertexId }) => {
      const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
      const partitions = vertex === undefined ? 0 : partitionsOf(vertex);
      return vertex === undefined || partitions === 0 ? [] : [{ vertex, partitions }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told
      .filter(({ vertex: { parallelism = 0 }, partitions }) => partitions <= parallelism)
      .map(({ vertex: { vertexId, name, parallelism }, partitions }) => {
        const busy = load.get(vertexId)?.busyMax ?? 0;
        return remark({
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name} falls behind, and ${partitions} partitions occupy no more readers`,
            `${name} 在落后，而 ${partitions} 个分区无法分给更多读取者`,
          ),
          summary: text(
            `Its busiest reader is ${percent(busy)} busy. More partitions, or the work of the source's own task moved behind a rebalance(), give it room.`,
            `最忙的读取者繁忙率为 ${percent(busy)}。增加分区，或将源端任务内的工作移到 rebalance() 之后，才有余地。`,
          ),
          evidence: [
            ...evidence('busyRatio', busy, LOAD_WINDOW_MS, ['>=', busyRatio], { metric: 'busyRatio', vertexId }),
            ...evidence('partitions', partitions, LOAD_WINDOW_MS, ['<=', parallelism ?? 0]),
          ],
          until: text('more partitions, or less work in the source', '增加分区或减少源端内的工作'),
        });
      });
  },
  // Partitions are made at the other side, and a rebalance is `bp-source-chained`'s advice.
  advise: () => [],
});

/** `….topic.orders.partition.3.currentOffset`: one for each partition that is read. */
const PARTITION = /\.topic\.(.+)\.partition\.(\d+)\./;

function partitionsOf({ metrics }: VertexHistory): number {
  const found = new Set<string>();
  for (const id of metrics?.keys() ?? []) {
    const [partition] = PARTITION.exec(id) ?? [];
    if (partition !== undefined) found.add(partition);
  }
  return found.size;
}

const NOT_TOLD = text(
  'a busy source falls behind; whether it has more partitions than readers KafkaSourceReader.topic.<topic>.partition.<n>.currentOffset would tell, which is not read over REST',
  '有繁忙的源端在落后；其分区是否多于读取者需 KafkaSourceReader.topic.<topic>.partition.<n>.currentOffset，REST 未读取该指标',
);
