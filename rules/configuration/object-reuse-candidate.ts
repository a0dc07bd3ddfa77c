import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOn } from '../support/settings.js';
import { vertexSubject } from '../support/subjects.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { bottlenecksBy } from '../support/pressure.js';

export const objectReuseCandidate = defineRule({
  id: 'object-reuse-candidate',
  category: 'configuration',
  title: text('Records are copied between chained operators', '链内算子之间会复制记录'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['bottlenecks', 'lag', 'configuration', 'history'],
  options: {
    operators: { default: 3, unit: 'count', description: 'operators in one chain from which copies add up' },
  },
  detect({ bottlenecks, lag, job, configuration }, limits) {
    if (isOn(configuration, 'pipeline.object-reuse')) return [];
    const computing = (['cpu-bound', 'cpu-saturated'] as const).flatMap((kind) =>
      bottlenecksBy(bottlenecks, kind, lag),
    );
    return computing.flatMap(({ vertexId }) => {
      const name = job.vertexName(vertexId);
      const operators = name.split('->').length;
      if (operators < limits.operators) return [];
      return [
        {
          severity: 'info' as const,
          confidence: 0.5,
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name} computes at its limit and copies each record ${operators - 1} times`,
            `${name} 计算已达上限，且每条记录复制 ${operators - 1} 次`,
          ),
          summary: text(
            'Between chained operators Flink copies every record, unless object reuse is on.',
            '除非开启对象重用，链内算子之间会复制每条记录。',
          ),
          evidence: evidence('settingCount', operators, LOAD_WINDOW_MS, ['>=', limits.operators]),
          wouldChange: [text('object reuse is on, or the vertex has room', '开启对象重用，或该顶点有余量')],
        },
      ];
    });
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('Hand records on without a copy', '直接传递记录，不再复制'),
        changes: [optionChange('job', 'pipeline.object-reuse', 'true', configuration)],
        effect: {
          metric: 'busyRatio',
          label: labelOf('busyRatio'),
          from: 1,
          to: 0.9,
          low: 0.6,
          high: 1,
          unit: 'ratio',
        },
        verify: ['<', 0.95],
        restart: 'job',
        note: text('wrong results where code changes or keeps its input', '若代码修改或保留输入对象，结果会出错'),
        prerequisites: [text('no function changes a record it was given, or keeps it', '没有函数修改或保留传入的记录')],
        confidence: 0.4,
        source: 'dev/datastream/execution/execution_configuration/',
      },
      { job, history },
    );
  },
});
