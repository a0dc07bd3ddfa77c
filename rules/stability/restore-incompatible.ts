import { defineRule } from '../../analyzer/engine/rule.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { text, type Text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureVerdict, toldFailure } from '../support/failure-verdict.js';

export const restoreIncompatible = defineRule({
  id: 'restore-incompatible',
  category: 'stability',
  title: text('The saved state does not fit the program', '保存的状态与程序不兼容'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('restore-incompatible', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    return [
      failureVerdict(failure, {
        title: text(
          'The job cannot start from its state: it was written by a program that does not fit',
          '作业无法从其状态启动：写入该状态的程序与现在的不兼容',
        ),
        summary: whatToDo(failure.words),
      }),
    ];
  },
  advise(_finding, { job, exceptions, history }) {
    const words = exceptions.named.find(({ cause }) => cause === 'restore-incompatible')?.words ?? '';
    const before = maxParallelismIn(words);
    if (before === undefined) return [];
    const changes = [optionChange('job', 'pipeline.max-parallelism', before, history.configuration)].filter(
      ({ from, to }) => String(from) !== String(to),
    );
    if (changes.length === 0) return [];
    return [
      {
        kind: 'config',
        title: text(`Give the job back its max parallelism of ${before}`, `将作业的最大并行度恢复为 ${before}`),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [{ metric: 'failures', label: labelOf('failures'), from: 1, to: 0, low: 0, high: 0, unit: 'count' }],
        cost: NO_COST,
        prerequisites: [
          text('setMaxParallelism in the code, if any, says the same', '代码中的 setMaxParallelism（若有）与之一致'),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text('the job starts from the same savepoint or checkpoint', '作业从同一个保存点或检查点启动'),
        },
        verify: [{ metric: 'failures', label: labelOf('failures'), comparison: '=', target: 0, unit: 'count' }],
        rejected: [
          {
            alternative: text(
              'starting without the state (allowNonRestoredState)',
              '不带状态启动（allowNonRestoredState）',
            ),
            why: text('it drops what the operators knew', '会丢弃算子的状态'),
          },
        ],
        confidence: 0.9,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/production_ready/'],
      },
    ];
  },
});

/** `Cannot map operator 8d4c with max parallelism 128 to new program with max parallelism 64.` */
function maxParallelismIn(words: string): number | undefined {
  const found = /max parallelism (\d+) to new program/.exec(words)?.[1];
  return found === undefined ? undefined : Number(found);
}

function whatToDo(words: string): Text {
  const before = maxParallelismIn(words);
  if (before !== undefined) {
    return text(
      `Its key groups were cut for a max parallelism of ${before}, and the new program has another: set it back. It cannot be changed without the State Processor API.`,
      `其 key group 按最大并行度 ${before} 划分，新程序不同：请改回。不借助 State Processor API 无法更改。`,
    );
  }
  if (/serializer|StateMigration/.test(words)) {
    return text(
      'A type in the state changed in a way that its serializer cannot read. Go back to the former type, or write a migration that the serializer supports (POJO and Avro have rules of evolution; Kryo has none).',
      '状态中的类型变化超出序列化器的兼容范围。请恢复原类型，或使用支持演进的方式（POJO、Avro 有演进规则，Kryo 没有）。',
    );
  }
  return text(
    'An operator that has state in it is not in the new program, or has another uid. Give operators the uid they had; allow non-restored state only if that state may be dropped.',
    '保存了状态的某个算子不在新程序中，或 uid 已改变。请恢复原来的 uid；仅当可以丢弃该状态时才允许 allowNonRestoredState。',
  );
}
