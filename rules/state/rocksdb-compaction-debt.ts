import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { lastAre, propertyByVertex } from '../support/rocksdb.js';
import { vertexSubject } from '../support/subjects.js';

const OPTION = 'state.backend.rocksdb.metrics.estimate-pending-compaction-bytes';

export const rocksdbCompactionDebt = defineRule({
  id: 'rocksdb-compaction-debt',
  category: 'state',
  title: text('RocksDB falls behind with compaction', 'RocksDB 压实落后'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    // RocksDB slows writes down at 64 GiB (its wiki on write stalls); a quarter of that, rising, leaves time to act.
    pendingBytes: {
      default: 16 * 1024 ** 3,
      unit: 'bytes',
      description:
        'bytes of one state that wait for compaction, in three readings and not falling, from which it counts',
    },
  },
  detect({ job, history }, { pendingBytes }) {
    const told = propertyByVertex(history, 'estimate-pending-compaction-bytes', OPTION);
    if ('notEvaluated' in told) return told;
    return told.flatMap(({ vertex, readings }) => {
      const last = lastAre(readings, 3, (reading) => reading.max >= pendingBytes);
      const before = readings.at(-3);
      if (last === undefined || before === undefined || last.max < before.max) return [];
      const name = job.vertexName(vertex.vertexId);
      return [
        {
          severity: 'warning' as const,
          confidence: 0.85,
          subject: vertexSubject(job, vertex.vertexId),
          title: text(`${bytes(last.max)} of ${name} wait for compaction`, `${name} 有 ${bytes(last.max)} 等待压实`),
          summary: text(
            'More is written than the compaction threads get through. Reads look into more files meanwhile, and at 64 GiB RocksDB slows the writes down. Faster disks, or state.backend.rocksdb.thread.num above 2 where cores are free.',
            '写入多于压实线程的处理能力：读取需要查看更多文件，达到 64 GiB 时 RocksDB 会限制写入。请使用更快的磁盘，或在有空闲核时将 state.backend.rocksdb.thread.num 提高到 2 以上。',
          ),
          evidence: evidence('pendingCompactionBytes', last.max, Math.max(1, last.atMs - before.atMs), [
            '>=',
            pendingBytes,
          ]),
          wouldChange: [text('the debt falls', '积压下降')],
        },
      ];
    });
  },
  // The disk or the threads: `rocksdb-write-stall` advises threads once it hurts.
  advise: () => [],
});
