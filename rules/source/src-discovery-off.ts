import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { listed, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { durationMs, settingOf } from '../support/settings.js';

/** The connector's property, and the table source's option. A negative number is no duration: it switches it off. */
const KEYS = ['partition.discovery.interval.ms', 'scan.topic-partition-discovery.interval'];

export const srcDiscoveryOff = defineRule({
  id: 'src-discovery-off',
  category: 'source',
  title: text('New partitions are not looked for', '不会发现新分区'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {},
  detect({ job, nowMs, history }) {
    const sources = history.vertices
      .filter(({ vertexId, name }) => job.topology.isSource(vertexId) && name.toLowerCase().includes('kafka'))
      .map(({ name }) => name);
    if (sources.length === 0) return [];
    const value = settingOf(history.configuration, ...KEYS);
    if (value === undefined) return { notEvaluated: NOT_TOLD };
    if ((durationMs(value) ?? 0) > 0) return [];
    const names = listed(sources, 2);
    return [
      remark({
        confidence: 0.7,
        title: text(`${names.en}: new partitions are not looked for`, `${names['zh-CN']}：不会发现新分区`),
        summary: text(
          'What is written to a partition that is added later is not read until the job starts again. Every one to five minutes is usual.',
          '之后新增分区的数据要到作业重启才会读取。通常设为 1–5 分钟。',
        ),
        evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['>=', 1]),
        until: text('discovery is on', '开启分区发现'),
      }),
    ];
  },
  // The property is given in code or in the table's options, not in Flink's configuration.
  advise: () => [],
});

const NOT_TOLD = text(
  'properties of a Kafka source are not told by REST: partition.discovery.interval.ms among the job’s global parameters would tell',
  'REST 不提供 Kafka 源端的属性：将 partition.discovery.interval.ms 放入作业全局参数即可判断',
);
