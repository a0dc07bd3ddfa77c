import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, toldFailure } from '../support/failure-verdict.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOff } from '../support/settings.js';

const KEY = 'pipeline.auto-generate-uids';

export const uidMissing = defineRule({
  id: 'uid-missing',
  category: 'configuration',
  title: text('State found no operator to belong to', '状态找不到所属算子'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'any-state',
  needs: ['exceptions', 'configuration', 'history'],
  options: {},
  detect({ job, exceptions, configuration, nowMs }) {
    // Flink refuses a job with an operator that has none then.
    if (isOff(configuration, KEY)) return [];
    const failure = toldFailure('restore-incompatible', exceptions, job, nowMs, FAILURE_OPTIONS.warningCount.default);
    if (failure === undefined || !isUnknownOperator(failure.words)) return { notEvaluated: NOT_TOLD };
    return [
      remark({
        title: text(
          'An operator of the savepoint is not in the job: an id was generated',
          'savepoint 中的算子不在作业中：其 id 是自动生成的',
        ),
        summary: text(
          'Without uid() Flink derives the id from the graph, and any change of the graph is another id. Give one to every operator with state; setUidHash() gives an operator the generated id it had.',
          '未设 uid() 时 Flink 由作业图推导 id，图一变 id 即变。请为每个有状态算子设置 uid()；setUidHash() 可沿用原先生成的 id。',
        ),
        evidence: evidence('failures', failure.falls, failure.windowMs, ['>=', 1]),
        until: text('every operator has a uid', '每个算子都有 uid'),
      }),
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('Let Flink refuse operators without a uid', '让 Flink 拒绝没有 uid 的算子'),
        changes: [optionChange('job', KEY, 'false', configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 0, to: 1, unit: 'count' },
        verify: ['=', 1],
        restart: 'savepoint',
        note: text(
          'the job does not start until every operator has one; a new id leaves the old state behind',
          '所有算子设好之前作业无法启动；新 id 会丢下旧状态',
        ),
        source: 'ops/production_ready/#set-uuids-for-all-operators',
      },
      { job, history },
    );
  },
});

/** A max parallelism that differs cannot be mapped either, and its words say so. */
function isUnknownOperator(words: string): boolean {
  return words.includes('Cannot map') && !/max(imum)? parallelism/i.test(words);
}

const NOT_TOLD = text(
  'a vertex id is a hash whether or not its operator has a uid: only pipeline.auto-generate-uids: false, or a restore that fails, tells',
  '无论算子是否设有 uid，顶点 id 都是哈希：只有 pipeline.auto-generate-uids: false 或恢复失败才能说明',
);
