import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { latest, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

/** An exchange of all with all keeps 1/n on the machine of n: only more than that is anybody's choice. */
const BEYOND = 0.05;

export const netCrossShuffleHeavy = defineRule({
  id: 'net-cross-shuffle-heavy',
  category: 'network',
  title: text('Nearly all bytes of an exchange leave the machine', '交换的数据几乎全部跨机器'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'history'],
  options: {
    remoteShare: {
      default: 0.9,
      unit: 'ratio',
      description: 'bytes from other TaskManagers, of all, from which it is said',
    },
    bytesPerSecond: {
      default: 50_000_000,
      unit: 'bytes/s',
      description: 'of them for each TaskManager, from which it is said',
    },
  },
  detect({ job, load, history, nowMs }, limits) {
    const alive = history.taskManagers.filter(({ goneMs }) => goneMs === undefined).length;
    if (alive < 2) return [];
    const least = limits.bytesPerSecond * alive;
    const heavy = history.vertices.filter(({ vertexId }) => (load.get(vertexId)?.bytesInPerSecond ?? 0) >= least);
    if (heavy.length === 0) return [];
    const told = heavy.flatMap((vertex) => {
      const [remote, all] = ['numBytesInRemotePerSecond', 'numBytesInPerSecond'].map((name) => {
        const readings = taskReadings(vertex, name, job, nowMs);
        return latest({ vertex, id: name, readings })?.sum;
      });
      return remote === undefined || all === undefined || all <= 0 ? [] : [{ vertex, remote, share: remote / all }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    const expected = 1 - 1 / alive;
    return told.flatMap(({ vertex: { vertexId, name }, remote, share }) =>
      share < limits.remoteShare || share < expected + BEYOND || remote < least
        ? []
        : [
            remark({
              subject: vertexSubject(job, vertexId),
              confidence: 0.6,
              title: text(
                `${name} gets ${bytes(remote)}/s, ${percent(share)} of it from other machines`,
                `${name} 每秒接收 ${bytes(remote)}，其中 ${percent(share)} 来自其他机器`,
              ),
              summary: text(
                `An even exchange over ${alive} TaskManagers would be ${percent(expected)}: the tasks lie apart. Fewer columns, adding up before the exchange, or fewer and larger TaskManagers keep more at home.`,
                `在 ${alive} 个 TaskManager 上均匀交换应为 ${percent(expected)}：任务放置分散。减少列、先聚合再交换，或使用更少更大的 TaskManager 可减少跨机器流量。`,
              ),
              evidence: [
                ...evidence('remoteShare', share, METRIC_WINDOW_MS, ['>=', limits.remoteShare]),
                ...evidence('networkBytesPerSecond', remote, METRIC_WINDOW_MS, ['>=', least]),
              ],
              until: text('fewer bytes between machines', '跨机器字节减少'),
            }),
          ],
    );
  },
  // What a record may do without, and how large a machine is, only the owner knows.
  advise: () => [],
});

const NOT_TOLD = text(
  'many bytes arrive, and numBytesInRemotePerSecond and numBytesInPerSecond of the tasks were not told yet',
  '到达的字节很多，但尚未报告任务的 numBytesInRemotePerSecond 与 numBytesInPerSecond',
);
