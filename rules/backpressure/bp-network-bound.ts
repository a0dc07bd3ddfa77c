import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import type { VertexHistory } from '../../collector/model/index.js';
import { alignsLong, pressedOverIdle } from '../support/idle-successors.js';
import { lastLooks, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

const LOOKS = 3;
/** Diagnosis §5.1: full where it leaves, empty where it should arrive. */
const OUT_FULL = 0.95;
const IN_EMPTY = 0.3;

export const bpNetworkBound = defineRule({
  id: 'bp-network-bound',
  category: 'backpressure',
  title: text('Records wait for the network', '记录在等待网络'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'checkpoints', 'history'],
  options: {
    // A network of 1 Gbit/s carries 119 MB/s: half of it, of one direction, of one vertex.
    bytesPerSecond: {
      default: 60_000_000,
      unit: 'bytes/s',
      description: 'bytes a second that leave the vertex, from which a network may be full',
    },
  },
  detect({ job, load, checkpoints, history, nowMs }, { bytesPerSecond }) {
    const found = pressedOverIdle(job, load);
    // On one TaskManager all channels are local.
    const alive = history.taskManagers.filter(({ goneMs }) => goneMs === undefined);
    if (found.length === 0 || alive.length < 2 || alignsLong(checkpoints)) return [];
    const byId = (id: string): VertexHistory | undefined => history.vertices.find(({ vertexId }) => vertexId === id);
    const told = found.flatMap(({ vertex, successors }) => {
      const own = byId(vertex.vertexId);
      const out = own === undefined ? [] : taskReadings(own, OUT, job, nowMs);
      const ins = successors
        .flatMap(({ vertexId }) => byId(vertexId) ?? [])
        .map((next) => taskReadings(next, IN, job, nowMs));
      if (out.length < LOOKS || ins.length < successors.length || ins.some((readings) => readings.length < LOOKS))
        return [];
      const isFull = lastLooks(out, LOOKS, ({ max = 0 }) => max >= OUT_FULL) !== undefined;
      const isEmpty = ins.every(
        (readings) => lastLooks(readings, LOOKS, ({ max = 1 }) => max <= IN_EMPTY) !== undefined,
      );
      const sent = vertex.subtasks.reduce((total, { bytesOutPerSecond = 0 }) => total + bytesOutPerSecond, 0);
      return [{ vertex, sent, isBound: isFull && isEmpty && sent >= bytesPerSecond }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told
      .filter(({ isBound }) => isBound)
      .map(({ vertex, sent }) =>
        remark({
          subject: vertexSubject(job, vertex.vertexId),
          confidence: 0.6,
          title: text(
            `${vertex.name} waits for the network: ${bytes(sent)}/s leave it`,
            `${vertex.name} 在等待网络：每秒输出 ${bytes(sent)}`,
          ),
          summary: text(
            `Its output buffers are full (${percent(OUT_FULL)} and more) while the input buffers behind it are nearly empty and what they feed rests. Drop columns, combine before the exchange, or compress; more netty threads come last.`,
            `其输出缓冲已满（${percent(OUT_FULL)} 以上），而下游输入缓冲几乎为空且下游空闲。请减少列、在交换前合并或压缩；最后才考虑增加 netty 线程。`,
          ),
          evidence: [
            ...evidence('backPressuredRatio', vertex.backPressuredMax, LOAD_WINDOW_MS, ['>=', 0.5]),
            ...evidence('networkBytesPerSecond', sent, LOAD_WINDOW_MS, ['>=', bytesPerSecond]),
            ...evidence('outPoolUsage', OUT_FULL, METRIC_WINDOW_MS, ['>=', OUT_FULL]),
          ],
          until: text('fewer bytes, or a wider network', '减少字节数或更宽的网络'),
        }),
      );
  },
  // What a record may do without only its owner knows.
  advise: () => [],
});

const OUT = 'Shuffle.Netty.Output.Buffers.outPoolUsage';
const IN = 'Shuffle.Netty.Input.Buffers.inPoolUsage';
const NOT_TOLD = text(
  'a vertex waits over idle ones, and outPoolUsage and inPoolUsage of both were not told three times yet',
  '有顶点在空闲下游之上等待，但两侧的 outPoolUsage 与 inPoolUsage 尚未报告三次',
);
