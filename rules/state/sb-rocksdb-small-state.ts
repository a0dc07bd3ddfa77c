import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { max } from '../../analyzer/numbers.js';
import { bytes, text } from '../../analyzer/text.js';
import { isKeyedVertex, runningMs } from '../support/facts.js';
import { holdsBack, pressureCounts } from '../support/pressure.js';
import { A_DAY, remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const sbRocksdbSmallState = defineRule({
  id: 'sb-rocksdb-small-state',
  category: 'state',
  title: text('RocksDB holds a state that the heap would hold', 'RocksDB 中的状态小到可放在堆上'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['bottlenecks', 'lag', 'checkpoints', 'history'],
  options: {
    bytes: { default: 100 * 1024 ** 2, unit: 'bytes', description: 'state up to which it is said' },
    runningMs: A_DAY,
  },
  detect({ job, nowMs, bottlenecks, lag, checkpoints, history }, limits) {
    if (
      bottlenecks.length === 0 ||
      !usesRocksdb(history) ||
      runningMs(job, nowMs) < limits.runningMs ||
      !pressureCounts(lag)
    )
      return [];
    const largest = max(checkpoints.completed.map(({ stateSizeBytes }) => stateSizeBytes));
    if (largest === undefined || largest === 0 || largest > limits.bytes) return [];
    return bottlenecks
      .filter((found) => isKeyedVertex(job, found.vertexId) && holdsBack(found, lag))
      .map(({ vertexId, busyMax }) =>
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.6,
          title: text(
            `${job.vertexName(vertexId)} goes to RocksDB for ${bytes(largest)} of state`,
            `${job.vertexName(vertexId)} 为 ${bytes(largest)} 的状态访问 RocksDB`,
          ),
          summary: text(
            'Each access is serialised and goes through native code. On the heap it would be an access to an object, and managed memory could be heap. What grows does not belong there.',
            '每次访问都要序列化并经过本地代码。放在堆上则只是访问对象，托管内存也可用作堆。会增长的状态不宜如此。',
          ),
          evidence: [
            ...evidence('checkpointStateBytes', largest, runningMs(job, nowMs), ['<=', limits.bytes]),
            ...evidence('busyRatio', busyMax, 60_000),
          ],
          until: text('state on the heap, or a state that grows', '状态放到堆上或状态增长'),
        }),
      );
  },
  // The way leads over a canonical savepoint, and only the owner knows what the state will be: the page describes it.
  advise: () => [],
});
