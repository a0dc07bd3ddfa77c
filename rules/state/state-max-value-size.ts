import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { bytes, text } from '../../analyzer/text.js';
import { isKeyed } from '../support/facts.js';
import { METRIC_WINDOW_MS } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';
import { worstTracked } from '../support/tracked-state.js';

export const stateMaxValueSize = defineRule({
  id: 'state-max-value-size',
  category: 'state',
  title: text('Single values of the state are large', '单个状态值过大'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    bytes: {
      default: 1024 * 1024,
      unit: 'bytes',
      description: '99 % quantile of a value that is read, from which it is said',
    },
  },
  detect({ job, history, nowMs }, limits) {
    if (!usesRocksdb(history) || !isKeyed(job)) return [];
    const told = history.vertices.flatMap((vertex) => {
      const size = worstTracked(vertex, 'GetValueSize', job, nowMs);
      return size === undefined ? [] : [{ vertex, size }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told
      .filter(({ size }) => size >= limits.bytes)
      .map(({ vertex: { vertexId, name }, size }) => ({
        ...remark({
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name}: one value in a hundred has ${bytes(size)} or more`,
            `${name}：百分之一的状态值不小于 ${bytes(size)}`,
          ),
          summary: text(
            'Each access reads and writes all of it, and RocksDB cannot hold one of 2 GiB: a list that is appended to reaches that without a warning. A map state, or more of the key, makes many small ones of it.',
            '每次访问都读写整个值，且 RocksDB 无法保存 2 GiB 的值：不断追加的列表会无预警地达到。改用 map 状态或细化键可拆分。',
          ),
          evidence: evidence('stateValueBytes', size, METRIC_WINDOW_MS, ['>=', limits.bytes]),
          until: text('smaller values', '值变小'),
        }),
        severity: 'warning' as const,
      }));
  },
  // How the values are cut is a matter of the code.
  advise: () => [],
});

const NOT_TOLD = text(
  'the size of values is told only with state.size-track.keyed-state-enabled: true (2.1+; valueStateGetValueSize_p99 and its kin)',
  '状态值大小仅在 state.size-track.keyed-state-enabled: true（2.1+，valueStateGetValueSize_p99 等）时报告',
);
