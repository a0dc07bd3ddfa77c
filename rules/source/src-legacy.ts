import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { LOAD_WINDOW_MS, settleMsOf } from '../../analyzer/signals/load.js';
import { oncePerReading } from '../../analyzer/signals/per-reading.js';
import { VertexWindow } from '../../analyzer/signals/vertex-window.js';
import { text } from '../../analyzer/text.js';
import { figureIn, type Frame } from '../../collector/model/index.js';
import { vertexSubject } from '../support/subjects.js';

export const srcLegacy = defineRule({
  id: 'src-legacy',
  category: 'source',
  title: text('A source has the old interface', '源端使用旧接口'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'load'],
  options: {},
  detect({ job, history }) {
    const settleMs = settleMsOf(history);
    return history.vertices
      .filter((vertex) => job.topology.isSource(vertex.vertexId) && isLegacy(vertex, settleMs))
      .map(({ vertexId, parallelism = 1 }) => {
        const name = job.vertexName(vertexId);
        return {
          severity: 'info' as const,
          confidence: 0.95,
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name} is a source of the old interface (SourceFunction)`,
            `${name} 是旧接口（SourceFunction）的源端`,
          ),
          summary: text(
            'Its task tells no busy time and no waiting records, so its load, its lag and its size stay unknown here, and event time cannot be aligned. Flink 2.0 keeps the interface only in a package named legacy.',
            '其任务不报告繁忙时间和等待的记录，因此负载、积压与规模在此均未知，也无法对齐事件时间。Flink 2.0 仅在名为 legacy 的包中保留该接口。',
          ),
          evidence: evidence('legacyReaders', parallelism, LOAD_WINDOW_MS, ['>', 0]),
          wouldChange: [text('its task tells a busy time', '其任务报告繁忙时间')],
        };
      });
  },
  advise(finding, { job, history }) {
    const { vertexId } = finding.subject;
    const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
    if (vertex === undefined) return [];
    const name = job.vertexName(vertex.vertexId);
    const readers = vertex.parallelism ?? 1;
    return [
      {
        kind: 'source',
        title: text(
          `Read ${name} with a source of the new interface (FLIP-27)`,
          `改用新接口（FLIP-27）的源端读取 ${name}`,
        ),
        changes: [
          {
            scope: 'vertex',
            vertexId: vertex.vertexId,
            vertexName: name,
            from: 'env.addSource(SourceFunction)',
            to: 'env.fromSource(Source, WatermarkStrategy, name)',
            unit: 'code',
          },
        ],
        diffs: {},
        expected: [
          {
            metric: 'legacyReaders',
            label: labelOf('legacyReaders'),
            from: readers,
            to: 0,
            low: 0,
            high: 0,
            unit: 'count',
          },
        ],
        cost: NO_COST,
        prerequisites: [
          text(
            'the connector has such a source (Kafka: KafkaSource, from 1.14 on in place of FlinkKafkaConsumer)',
            '连接器提供此类源端（Kafka：自 1.14 起以 KafkaSource 取代 FlinkKafkaConsumer）',
          ),
          text('its position is committed outside Flink, or known', '读取位置已提交到 Flink 之外，或已知'),
        ],
        risk: {
          restart: 'savepoint',
          stateLoss: true,
          note: text(
            'the new source does not read the old one’s state: start from committed offsets, and allow the savepoint to leave state behind',
            '新源端无法读取旧源端的状态：从已提交的 offset 启动，并允许 savepoint 中有未恢复的状态',
          ),
        },
        verify: [
          { metric: 'legacyReaders', label: labelOf('legacyReaders'), comparison: '=', target: 0, unit: 'count' },
        ],
        rejected: [],
        confidence: 0.7,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/sources/'],
      },
    ];
  },
});

/**
 * `SourceStreamTask` gives its busy time as the text NaN, from 1.13 to 2.3, and its other times as numbers (L19; fixtures of
 * four versions); no other task does once it runs. A young one may: hence settled readings only.
 */
const isLegacy = oncePerReading((vertex, settleMs: number): boolean => {
  const window = new VertexWindow(vertex, LOAD_WINDOW_MS, settleMs);
  for (let subtask = 0; subtask < window.width; subtask += 1) {
    const tells = (reading: Frame, figure: 'busyMs' | 'idleMs' | 'backPressuredMs'): boolean =>
      !Number.isNaN(figureIn(reading, figure, subtask));
    const isOld = (reading: Frame): boolean =>
      !tells(reading, 'busyMs') && tells(reading, 'idleMs') && tells(reading, 'backPressuredMs');
    if (!window.isEnough(subtask) || !window.readings(subtask).every(isOld)) return false;
  }
  return window.width > 0;
});
