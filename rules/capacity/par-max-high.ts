import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { isKeyedVertex, runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const parMaxHigh = defineRule({
  id: 'par-max-high',
  category: 'capacity',
  title: text('The max parallelism is far above the parallelism', '最大并行度远高于并行度'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    // Flink's own choice ends at 32768 and starts at 128: for 64 subtasks it takes 128, so this many is somebody's wish.
    maxParallelism: { default: 8192, unit: 'count', description: 'max parallelism from which it is said' },
    parallelism: { default: 64, unit: 'count', description: 'parallelism up to which it is said' },
  },
  detect({ job, nowMs, history }, limits) {
    const high = history.vertices.filter(
      ({ parallelism = Infinity, maxParallelism = 0 }) =>
        maxParallelism >= limits.maxParallelism && parallelism <= limits.parallelism,
    );
    if (high.length === 0) return [];
    const heldMs = runningMs(job, nowMs);
    return high.flatMap(({ vertexId, parallelism = 1, maxParallelism = 1 }) =>
      isKeyedVertex(job, vertexId)
        ? [
            remark({
              subject: vertexSubject(job, vertexId),
              confidence: 0.6,
              title: text(
                `${job.vertexName(vertexId)}: ${maxParallelism} key groups for ${parallelism} subtasks`,
                `${job.vertexName(vertexId)}：${parallelism} 个子任务有 ${maxParallelism} 个 key group`,
              ),
              summary: text(
                'Each key group has an entry in the metadata of every state and a prefix of two bytes in every key of RocksDB. Leave it unless checkpoints have large metadata: the number cannot be changed without losing the state.',
                '每个 key group 在每个状态的元数据中都有一项，RocksDB 的每个键还有两字节前缀。除非检查点元数据过大，否则无需调整：修改会丢失状态。',
              ),
              evidence: [
                ...evidence('maxParallelism', maxParallelism, heldMs, ['>=', limits.maxParallelism]),
                ...evidence('parallelism', parallelism, heldMs, ['<=', limits.parallelism]),
              ],
              until: text('a smaller max parallelism, at a fresh start', '全新启动时设置更小的最大并行度'),
            }),
          ]
        : [],
    );
  },
  // The number belongs to the state: there is no option that may be changed under it.
  advise: () => [],
});
