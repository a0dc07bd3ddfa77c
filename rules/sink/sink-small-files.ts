import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { sum, present } from '../../analyzer/numbers.js';
import type { LoadSignal } from '../../analyzer/signals/load.js';
import { bytes, compact, text } from '../../analyzer/text.js';
import { metricNotRead, mostGrown, NO_SINK } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

/** A committable is a file only where a sink writes files: of Kafka it is a transaction. */
const WRITES_FILES = /file|hdfs|\bs3\b|hive|iceberg|paimon|hudi/i;

export const sinkSmallFiles = defineRule({
  id: 'sink-small-files',
  category: 'sink',
  title: text('A sink writes many small files', 'Sink 写出大量小文件'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'history'],
  options: {
    bytes: {
      default: 16 * 1024 ** 2,
      unit: 'bytes',
      description: 'bytes of records for each file, below which it is said',
    },
    perHour: { default: 1000, unit: 'count', description: 'files in an hour from which it is said' },
  },
  detect({ job, load, history, nowMs }, limits) {
    const sinks = history.vertices.filter(
      ({ vertexId, name }) => job.topology.isSink(vertexId) && WRITES_FILES.test(name),
    );
    if (sinks.length === 0) return [];
    const told = present(sinks.map((vertex) => mostGrown(vertex, ['successfulCommittables'], job, nowMs)));
    if (told.length === 0) return metricNotRead('successfulCommittables', NO_SINK);
    return told.flatMap(({ vertex: { vertexId, name }, grown, windowMs }) => {
      const perHour = (grown * 3_600_000) / windowMs;
      // A committer by itself gets handles, and the records went into the writer before it.
      const writer =
        name.includes('Committer') && !name.includes('Writer')
          ? job.topology.inputsOf(vertexId)[0]?.fromVertexId
          : vertexId;
      const each = (bytesInto(writer ?? vertexId, load) * windowMs) / 1000 / Math.max(1, grown);
      if (perHour < limits.perHour || each <= 0 || each >= limits.bytes) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.6,
          title: text(
            `${name} commits ${compact(perHour)} files an hour, with ${bytes(each)} of records each`,
            `${name} 每小时提交 ${compact(perHour)} 个文件，每个含 ${bytes(each)} 记录`,
          ),
          summary: text(
            'Each subtask, bucket and checkpoint makes a file of its own: whoever reads them opens thousands. A longer checkpoint interval, fewer buckets at a time (keyBy the partition), or compaction makes them larger; results become visible later.',
            '每个子任务、分桶与检查点各产生一个文件，读取方需打开上千个。延长检查点间隔、减少同时写入的分桶（按分区 keyBy）或开启合并可使文件变大；结果可见更晚。',
          ),
          evidence: [
            ...evidence('filesPerHour', perHour, windowMs, ['>=', limits.perHour]),
            ...evidence('bytesPerFile', each, windowMs, ['<', limits.bytes]),
          ],
          until: text('fewer and larger files', '文件更少更大'),
        }),
      ];
    });
  },
  // How late results may be decides the interval, and only their reader knows.
  advise: () => [],
});

function bytesInto(vertexId: string, load: LoadSignal): number {
  return sum(present((load.get(vertexId)?.subtasks ?? []).map(({ bytesInPerSecond }) => bytesInPerSecond)));
}
