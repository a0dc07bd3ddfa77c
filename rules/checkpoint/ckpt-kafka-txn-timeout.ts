import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { duration, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';

/** A restart that has to be survived on top: deployment and restore of minutes. */
const RESTART_MS = 120_000;
const DEFAULT_TIMEOUT_MS = 600_000;

export const ckptKafkaTxnTimeout = defineRule({
  id: 'ckpt-kafka-txn-timeout',
  category: 'checkpoint',
  title: text('Kafka gave up the sink’s transactions', 'Kafka 放弃了 sink 的事务'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, history, nowMs }, { warningCount }) {
    const failure = toldFailure('ckpt-kafka-txn-timeout', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    const refused = failure.words.includes('InvalidTxnTimeoutException');
    return [
      failureVerdict(failure, {
        title: refused
          ? text(
              'Kafka refuses the sink’s transaction timeout: it is above the broker’s limit',
              'Kafka 拒绝 sink 的事务超时：超过 broker 上限',
            )
          : text(
              `Kafka ended transactions of the sink before they were committed (${times(failure).en})`,
              `sink 的事务在提交前被 Kafka 终止（${times(failure)['zh-CN']}）`,
            ),
        summary: refused
          ? text(
              'transaction.timeout.ms of the sink must not be above transaction.max.timeout.ms of the brokers (15 min by default). Lower the one or raise the other.',
              'sink 的 transaction.timeout.ms 不得超过 broker 的 transaction.max.timeout.ms（默认 15 分钟）。请降低前者或提高后者。',
            )
          : text(
              'A transaction lives from one checkpoint to the next, and over a restart. If it is ended before, what it held is lost. The other reason is a second job with the same transactional id prefix: rule that out first.',
              '事务从一个检查点持续到下一个，并跨越重启；提前终止则其中的数据丢失。另一种原因是另一个作业使用了相同的 transactional id 前缀：请先排除。',
            ),
        evidence: evidence('timeoutMs', history.checkpointConfig?.timeoutMs, failure.windowMs),
      }),
    ];
  },
  advise(_finding, { exceptions, history }) {
    const words = exceptions.named.find(({ cause }) => cause === 'ckpt-kafka-txn-timeout')?.words ?? '';
    const config = history.checkpointConfig;
    if (config?.intervalMs === undefined || words.includes('InvalidTxnTimeoutException')) return [];
    // Twice the longest life of a transaction (Kafka connector docs: longer than checkpoint and restart together).
    const wanted = 2 * (config.intervalMs + Math.max(config.timeoutMs, DEFAULT_TIMEOUT_MS) + RESTART_MS);
    return [
      {
        kind: 'sink',
        title: text(
          `Let transactions of the Kafka sink live for ${duration(wanted)}`,
          `让 Kafka sink 的事务存活 ${duration(wanted)}`,
        ),
        changes: [
          {
            scope: 'job',
            from: 'transaction.timeout.ms of the Kafka sink',
            to: `setProperty("transaction.timeout.ms", "${wanted}")`,
            unit: 'code',
          },
        ],
        diffs: {},
        expected: [{ metric: 'failures', label: labelOf('failures'), from: 1, to: 0, low: 0, high: 1, unit: 'count' }],
        cost: NO_COST,
        prerequisites: [
          text(
            `transaction.max.timeout.ms of the brokers is at least ${wanted} (default 900000)`,
            `broker 的 transaction.max.timeout.ms 不小于 ${wanted}（默认 900000）`,
          ),
          text('no other job has the same transactional id prefix', '没有其他作业使用相同的 transactional id 前缀'),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text(
            'readers with read_committed wait longer for the transaction of a job that died',
            'read_committed 的消费者会为已死作业的事务等待更久',
          ),
        },
        verify: [{ metric: 'failures', label: labelOf('failures'), comparison: '=', target: 0, unit: 'count' }],
        rejected: [],
        confidence: 0.7,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/'],
      },
    ];
  },
});
