import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { text } from '../../analyzer/text.js';
import { vertexSubject } from '../support/subjects.js';

const PREFIX = 'state.backend.rocksdb.metrics.';

export const sbNoMetrics = defineRule({
  id: 'sb-no-metrics',
  category: 'state',
  title: text('RocksDB may be the bottleneck and tells nothing', 'RocksDB 可能是瓶颈，但没有指标'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['bottlenecks', 'history'],
  options: {
    minStateBytes: {
      default: 100 * 1024 ** 2,
      unit: 'bytes',
      description: 'state of the vertex below which RocksDB is hardly the cause',
    },
  },
  detect({ job, bottlenecks, history }, { minStateBytes }) {
    if (!usesRocksdb(history)) return [];
    const detailed = history.checkpoints.findLast(
      ({ details, status }) => status === 'COMPLETED' && details !== undefined,
    );
    return bottlenecks.flatMap((bottleneck): Verdict[] => {
      const { vertexId } = bottleneck;
      const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
      const hasMetrics = [...(vertex?.metrics?.keys() ?? [])].some((id) => /\.rocksdb[._]/.test(id));
      const stateBytes = (detailed?.details ?? [])
        .filter((detail) => detail.vertexId === vertexId)
        .reduce((total, detail) => total + (detail.stateSizeBytes ?? 0), 0);
      // Only where waiting or computing within the task is what takes the time, state access is a candidate.
      const isOpen = ['external-wait', 'cpu-bound', 'unclear'].includes(bottleneck.cause.kind);
      if (hasMetrics || !isOpen || stateBytes < minStateBytes) return [];
      return [
        {
          severity: 'info',
          confidence: 0.7,
          subject: vertexSubject(job, vertexId),
          title: text(
            `${job.vertexName(vertexId)} is the bottleneck and keeps state in RocksDB, which tells nothing`,
            `${job.vertexName(vertexId)} 是瓶颈且状态在 RocksDB 中，但 RocksDB 没有指标`,
          ),
          summary: text(
            'Whether it waits for the disk or for stalled writes cannot be seen from outside. Switch five metrics on for an hour; they cost a few percent.',
            '从外部无法判断它是否在等待磁盘或被限制的写入。请打开五个指标一小时，开销为百分之几。',
          ),
          evidence: [
            ...evidence('busyRatio', bottleneck.busyMax, LOAD_WINDOW_MS),
            ...evidence('stateBytes', stateBytes, LOAD_WINDOW_MS, ['>=', minStateBytes]),
          ],
          wouldChange: [text('RocksDB tells its metrics, or it is no bottleneck', 'RocksDB 提供指标，或不再是瓶颈')],
        },
      ];
    });
  },
  advise(_finding, { job, history }) {
    const { configuration } = history;
    const changes = optionKeys
      .rocksdbMetrics(job.flinkVersion)
      .map((name) => optionChange('taskmanager', PREFIX + name, 'true', configuration))
      .filter(({ from, to }) => from !== to);
    if (changes.length === 0) return [];
    return [
      {
        kind: 'config',
        title: text('Switch RocksDB’s metrics on for an hour', '打开 RocksDB 指标一小时'),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          { metric: 'busyRatio', label: labelOf('busyRatio'), from: 1, to: 1, low: 1, high: 1.05, unit: 'ratio' },
        ],
        cost: NO_COST,
        prerequisites: [],
        risk: { restart: 'job', stateLoss: false, note: text('the job restarts', '作业重启') },
        verify: [
          { metric: 'cacheHitRatio', label: labelOf('cacheHitRatio'), comparison: '>=', target: 0.8, unit: 'ratio' },
        ],
        rejected: [],
        confidence: 0.8,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/#rocksdb-native-metrics',
        ],
      },
    ];
  },
});
