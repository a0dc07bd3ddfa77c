import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { compact, text } from '../../analyzer/text.js';
import { lastAre, propertyByVertex } from '../support/rocksdb.js';
import { vertexSubject } from '../support/subjects.js';

const OPTION = 'state.backend.rocksdb.metrics.num-immutable-mem-table';

export const rocksdbFlushPressure = defineRule({
  id: 'rocksdb-flush-pressure',
  category: 'state',
  title: text('RocksDB falls behind with flushing', 'RocksDB 刷写落后'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    // Two write buffers by default: one that waits while the other is filled is all there is (count − 1).
    waiting: {
      default: 1,
      unit: 'count',
      description: 'write buffers of one state that wait in each of four readings',
    },
  },
  detect({ job, history }, { waiting }) {
    const told = propertyByVertex(history, 'num-immutable-mem-table', OPTION);
    if ('notEvaluated' in told) return told;
    return told.flatMap(({ vertex, readings }): Verdict[] => {
      const last = lastAre(readings, 4, (reading) => reading.max >= waiting);
      const before = readings.at(-4);
      if (last === undefined || before === undefined) return [];
      const name = job.vertexName(vertex.vertexId);
      return [
        {
          severity: 'warning',
          confidence: 0.7,
          subject: vertexSubject(job, vertex.vertexId),
          title: text(`Write buffers of ${name} always wait to be flushed`, `${name} 的写缓冲总在等待刷写`),
          summary: text(
            `${compact(last.max)} of them wait at each look. The buffers are small for what is written, usually because many states share little managed memory: more of it, a higher state.backend.rocksdb.memory.write-buffer-ratio, or fewer states.`,
            `每次查看都有 ${compact(last.max)} 个在等待。写缓冲相对写入量偏小，通常因为许多状态共用很少的托管内存：请增加托管内存、提高 state.backend.rocksdb.memory.write-buffer-ratio，或合并状态。`,
          ),
          evidence: evidence('immutableMemTables', last.max, Math.max(1, last.atMs - before.atMs), ['>=', waiting]),
          wouldChange: [text('a reading without one', '某次读数中没有等待的写缓冲')],
        },
      ];
    });
  },
  advise: () => [],
});
