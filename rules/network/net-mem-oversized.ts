import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { max, present } from '../../analyzer/numbers.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { mebibytes } from '../../analyzer/tuning/values/memory-size.js';
import { networkNeeds, segmentBytesOf, type NetworkNeed } from '../../analyzer/tuning/network-buffers.js';
import { bytes, compact, text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import { runningMs } from '../support/facts.js';
import { MIB } from '../support/memory-advice.js';
import { NETWORK_NOT_TOLD } from '../support/not-told.js';
import { NETWORK_ROOM } from '../support/network-memory.js';
import { settingAdvice } from '../support/setting-advice.js';

export const netMemOversized = defineRule({
  id: 'net-mem-oversized',
  category: 'network',
  title: text('Network memory is reserved that no exchange can take', '预留了任何数据交换都用不到的网络内存'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    // Diagnosis §5.5, both.
    minBytes: {
      default: 256 * MIB,
      unit: 'bytes',
      description: 'network memory of a TaskManager below which it is not worth a word',
    },
    factor: { default: 2, unit: 'ratio', description: 'what is there over what can be taken, from which it is much' },
  },
  detect({ job, history, nowMs }, { minBytes, factor }) {
    // Another job may need what this one does not.
    if (history.jobsOnCluster > 1) return [];
    const needs = networkNeeds(history);
    if (needs === undefined) return { notEvaluated: NETWORK_NOT_TOLD };
    const { total, taken } = largest(needs, history);
    const segmentBytes = segmentBytesOf(history.configuration);
    if (total * segmentBytes < minBytes || total <= factor * taken) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(
          `Each TaskManager keeps ${bytes(total * segmentBytes)} for the network, of which ${bytes(taken * segmentBytes)} can be taken`,
          `每个 TaskManager 为网络保留 ${bytes(total * segmentBytes)}，最多只会用到 ${bytes(taken * segmentBytes)}`,
        ),
        summary: text(
          `The exchanges of this job take ${compact(taken)} buffers at most, whatever the load. By default a tenth of the process goes to the network, without an upper limit from Flink 1.17 on.`,
          `无论负载多高，该作业的数据交换最多占用 ${compact(taken)} 个缓冲。默认网络占进程的十分之一，自 Flink 1.17 起没有上限。`,
        ),
        evidence: [
          ...evidence('networkBytes', total * segmentBytes, runningMs(job, nowMs), ['>=', minBytes]),
          ...evidence('networkWantedRatio', taken / total, runningMs(job, nowMs), ['<', 1 / factor]),
        ],
        wouldChange: [text('a higher parallelism, or more exchanges', '更高的并行度或更多数据交换')],
      },
    ];
  },
  advise(_finding, { job, history }) {
    const needs = networkNeeds(history);
    if (needs === undefined) return [];
    const { total, taken } = largest(needs, history);
    const { configuration } = history;
    const segmentBytes = segmentBytesOf(configuration);
    const toBytes = Math.max(NETWORK_DEFAULT_MIN, Math.ceil((taken * segmentBytes * NETWORK_ROOM) / MIB) * MIB);
    return settingAdvice(
      {
        kind: 'memory',
        title: text(
          `Keep ${bytes(toBytes)} for the network: the heap gets the rest`,
          `为网络保留 ${bytes(toBytes)}：其余归堆使用`,
        ),
        changes: ['taskmanager.memory.network.min', 'taskmanager.memory.network.max'].map((key) =>
          optionChange('taskmanager', key, mebibytes(toBytes), configuration, 'bytes'),
        ),
        effect: {
          metric: 'networkBytes',
          label: labelOf('networkBytes'),
          from: total * segmentBytes,
          to: toBytes,
          unit: 'bytes',
        },
        verify: ['<=', toBytes],
        restart: 'cluster',
        note: text('a higher parallelism later may not start with it', '之后提高并行度时可能无法启动'),
        source: 'deployment/memory/network_mem_tuning/',
      },
      { job, history },
    );
  },
});

/** Flink's lower bound of network memory. */
const NETWORK_DEFAULT_MIN = 64 * MIB;

/** The smallest pool, and the most that any of them can be asked for or was. */
function largest(needs: readonly NetworkNeed[], { taskManagers }: JobHistory): { total: number; taken: number } {
  const used = taskManagers.flatMap(({ samples }) =>
    samples.map(({ networkSegmentsTotal: all, networkSegmentsAvailable: free }) =>
      all === undefined || free === undefined ? undefined : all - free,
    ),
  );
  return {
    total: Math.min(...needs.map(({ total }) => total)),
    taken: max([...needs.flatMap(({ placed, packed }) => [placed.wanted, packed?.wanted ?? 0]), ...present(used)]) ?? 0,
  };
}
