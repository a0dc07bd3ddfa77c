import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { cacheReadsOf, usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { percent, text } from '../../analyzer/text.js';
import { CACHE_HIT_MIN, CACHE_READS_MIN, notTold } from '../support/rocksdb.js';
import { vertexSubject } from '../support/subjects.js';

export const rocksdbCacheMiss = defineRule({
  id: 'rocksdb-cache-miss',
  category: 'state',
  title: text('RocksDB reads from disk', 'RocksDB 从磁盘读取'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['load', 'history'],
  options: {
    // Diagnosis §5.6.
    hitRatio: {
      default: CACHE_HIT_MIN,
      unit: 'ratio',
      description: 'reads that the block cache answers, below which it counts',
    },
    readsPerSecond: {
      default: CACHE_READS_MIN,
      unit: 'per second',
      description: 'reads from which a ratio says anything (10 000 a minute)',
    },
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy of the busiest subtask from which slow reads hurt' },
    warmUpMs: { default: 600_000, unit: 'ms', description: 'how long after a start the cache may be cold' },
  },
  detect({ job, load, history, nowMs }, limits) {
    if (!usesRocksdb(history)) return [];
    const told = history.vertices.flatMap((vertex) => {
      const reads = cacheReadsOf(vertex);
      return reads === undefined ? [] : [{ vertex, ...reads }];
    });
    if (told.length === 0) {
      return {
        notEvaluated: notTold(
          'state.backend.rocksdb.metrics.block-cache-hit and state.backend.rocksdb.metrics.block-cache-miss',
        ),
      };
    }
    if (nowMs - (job.allRunningSinceMs ?? nowMs) < limits.warmUpMs) return [];
    return told.flatMap(({ vertex, perSecond, hitRatio: ratio }): Verdict[] => {
      const busy = load.get(vertex.vertexId)?.busyMax ?? 0;
      if (perSecond < limits.readsPerSecond || ratio >= limits.hitRatio || busy < limits.busyRatio) return [];
      const name = job.vertexName(vertex.vertexId);
      return [
        {
          severity: 'warning',
          confidence: 0.75,
          subject: vertexSubject(job, vertex.vertexId),
          title: text(
            `Only ${percent(ratio)} of the state reads of ${name} come from memory`,
            `${name} 的状态读取只有 ${percent(ratio)} 来自内存`,
          ),
          summary: text(
            `The others wait for a disk while the vertex is ${percent(busy)} busy. What is read often does not fit into the block cache: more managed memory (taskmanager.memory.managed.fraction), fewer slots per TaskManager, or state.backend.rocksdb.memory.partitioned-index-filters where indexes push data out.`,
            `其余读取在等待磁盘，而该算子繁忙率为 ${percent(busy)}。常读数据放不进块缓存：请增加托管内存（taskmanager.memory.managed.fraction）、减少每个 TaskManager 的 slot，或在索引挤占数据时启用 state.backend.rocksdb.memory.partitioned-index-filters。`,
          ),
          evidence: [
            ...evidence('cacheHitRatio', ratio, 60_000, ['<', limits.hitRatio]),
            ...evidence('busyRatio', busy, LOAD_WINDOW_MS, ['>=', limits.busyRatio], {
              metric: 'busyRatio',
              vertexId: vertex.vertexId,
            }),
          ],
          wouldChange: [text('four of five reads come from memory', '五次读取中有四次来自内存')],
        },
      ];
    });
  },
  advise: () => [],
});
