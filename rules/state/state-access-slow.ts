import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, percent, text } from '../../analyzer/text.js';
import { isKeyedVertex } from '../support/facts.js';
import { METRIC_WINDOW_MS } from '../support/operator-metrics.js';
import { pressureCounts } from '../support/pressure.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';
import { worstTracked } from '../support/tracked-state.js';

const NANOS = 1_000_000;

export const stateAccessSlow = defineRule({
  id: 'state-access-slow',
  category: 'state',
  title: text('Reads of state are slow', '状态读取慢'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag', 'history'],
  options: {
    readMs: { default: 1, unit: 'ms', description: '99 % quantile of a read from which it is said' },
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy below which it costs nothing' },
  },
  detect({ job, load, lag, history, nowMs }, { readMs, busyRatio }) {
    if (!pressureCounts(lag)) return [];
    const busy = history.vertices.filter(
      ({ vertexId }) => (load.get(vertexId)?.busyMax ?? 0) >= busyRatio && isKeyedVertex(job, vertexId),
    );
    if (busy.length === 0) return [];
    const told = busy.flatMap((vertex) => {
      const nanos = worstTracked(vertex, 'GetLatency', job, nowMs);
      return nanos === undefined ? [] : [{ vertex, ms: nanos / NANOS }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told
      .filter(({ ms }) => ms >= readMs)
      .map(({ vertex: { vertexId, name }, ms }) =>
        remark({
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name}: one read of state in a hundred takes ${duration(ms)} or more`,
            `${name}：百分之一的状态读取耗时 ${duration(ms)} 以上`,
          ),
          summary: text(
            `It is ${percent(load.get(vertexId)?.busyMax ?? 0)} busy, and reads go to disk: more managed memory for the block cache, faster disks, or asynchronous state (2.x).`,
            `其繁忙率为 ${percent(load.get(vertexId)?.busyMax ?? 0)}，读取落到磁盘：可增加托管内存用于块缓存、更快的磁盘或异步状态（2.x）。`,
          ),
          evidence: [
            ...evidence('stateReadMs', ms, METRIC_WINDOW_MS, ['>=', readMs]),
            ...evidence('busyRatio', load.get(vertexId)?.busyMax, 60_000, ['>=', busyRatio]),
          ],
          until: text('faster reads', '读取变快'),
        }),
      );
  },
  // `rocksdb-cache-miss` and `mem-managed-small` know by how much.
  advise: () => [],
});

const NOT_TOLD = text(
  'a keyed vertex is busy; how long its reads of state take is told only with state.latency-track.keyed-state-enabled: true (valueStateGetLatency_p99 and its kin)',
  '有键控顶点繁忙；状态读取耗时仅在 state.latency-track.keyed-state-enabled: true 时报告（valueStateGetLatency_p99 等）',
);
