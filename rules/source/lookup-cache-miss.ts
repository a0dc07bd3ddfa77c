import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { metricNotRead, mostGrown, NO_VERTEX } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const lookupCacheMiss = defineRule({
  id: 'lookup-cache-miss',
  category: 'source',
  title: text('A lookup cache is asked in vain', '维表缓存命中率低'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'history'],
  options: {
    hitRatio: { default: 0.5, unit: 'ratio', description: 'share of hits below which it is said' },
    perMinute: { default: 1000, unit: 'count', description: 'lookups in a minute below which a share is chance' },
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy of the vertex below which it costs nothing' },
  },
  detect({ job, load, history, nowMs }, limits) {
    const busy = history.vertices.filter(({ vertexId }) => (load.get(vertexId)?.busyMax ?? 0) >= limits.busyRatio);
    const told = busy.flatMap((vertex) => {
      const [hits, misses] = [
        mostGrown(vertex, ['hitCount'], job, nowMs),
        mostGrown(vertex, ['missCount'], job, nowMs),
      ];
      return misses === undefined ? [] : [{ vertex, misses, hits: hits?.grown ?? 0 }];
    });
    // A lookup without a cache has no counters at all.
    if (told.length === 0)
      return busy.some(({ name }) => name.includes('LookupJoin'))
        ? metricNotRead('hitCount and missCount (1.16+)', NO_VERTEX)
        : [];
    return told.flatMap(({ vertex: { vertexId, name }, misses, hits }) => {
      const lookups = hits + misses.grown;
      const perMinute = (lookups * 60_000) / misses.windowMs;
      const ratio = hits / Math.max(1, lookups);
      if (perMinute < limits.perMinute || ratio >= limits.hitRatio) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name}: ${percent(ratio)} of ${compact(perMinute)} lookups a minute are in the cache`,
            `${name}：每分钟 ${compact(perMinute)} 次查询中 ${percent(ratio)} 命中缓存`,
          ),
          summary: text(
            'Each miss asks the other system and waits. A PARTIAL cache wants as many rows as there are keys in its time to live; a table below a gigabyte fits into a FULL cache; hash-partitioned lookups (hint SHUFFLE_HASH, 2.0+) give each subtask its own keys. Where keys hardly come again no cache helps.',
            '每次未命中都要访问外部系统并等待。PARTIAL 缓存的行数应覆盖 TTL 内的键数；1 GB 以下的表可用 FULL 缓存；按哈希分区查询（SHUFFLE_HASH 提示，2.0+）使各子任务只查自己的键。若键很少重复则缓存无效。',
          ),
          evidence: [
            ...evidence('lookupHitRatio', ratio, misses.windowMs, ['<', limits.hitRatio]),
            ...evidence('lookupsPerMinute', perMinute, misses.windowMs, ['>=', limits.perMinute]),
            ...evidence('busyRatio', load.get(vertexId)?.busyMax, 60_000, ['>=', limits.busyRatio]),
          ],
          until: text('more hits, or fewer lookups', '命中增多或查询减少'),
        }),
      ];
    });
  },
  // How stale a row may be decides the cache, and only its owner knows.
  advise: () => [],
});
