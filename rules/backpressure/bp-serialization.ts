import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOff, isOn } from '../support/settings.js';

export const bpSerialization = defineRule({
  id: 'bp-serialization',
  category: 'backpressure',
  title: text('Records are serialised with Kryo', '记录使用 Kryo 序列化'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    if (isOn(configuration, FORCE)) {
      return [
        remark({
          title: text(
            'All POJOs go through Kryo: pipeline.force-kryo is true',
            '所有 POJO 均经 Kryo：pipeline.force-kryo 为 true',
          ),
          summary: text(
            "Flink's own serialiser for POJOs writes the same record in a quarter of the time (its own benchmark), and its state can take new fields.",
            'Flink 自带的 POJO 序列化器写同样的记录只需约四分之一时间（官方基准），且其状态支持新增字段。',
          ),
          evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['>=', 1]),
          until: text('POJOs are no longer forced through Kryo', '不再强制使用 Kryo'),
        }),
      ];
    }
    // Flink refuses a job with a generic type then.
    return isOff(configuration, 'pipeline.generic-types') ? [] : { notEvaluated: NOT_TOLD };
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('Let Flink serialise POJOs itself', '让 Flink 自行序列化 POJO'),
        changes: [optionChange('job', FORCE, 'false', configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 1, to: 0, unit: 'count' },
        verify: ['=', 0],
        restart: 'savepoint',
        note: text(
          'state written by Kryo is not read by the other serialiser: start afresh or migrate',
          'Kryo 写入的状态无法由另一序列化器读取：需重新开始或迁移',
        ),
        source: 'dev/datastream/fault-tolerance/serialization/types_serialization/',
      },
      { job, history },
    );
  },
});

const FORCE = 'pipeline.force-kryo';
const NOT_TOLD = text(
  'whether a type falls back to Kryo is only in the logs ("will be processed as GenericType") and in flame graphs; pipeline.generic-types: false would rule it out',
  '类型是否回退到 Kryo 只见于日志（"will be processed as GenericType"）和火焰图；设 pipeline.generic-types: false 可排除',
);
