import { labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST, type Advice } from '../../analyzer/engine/recommendation.js';
import { servedAt, type Contention } from '../../analyzer/tuning/scalability.js';
import { TARGET_UTILISATION, type VertexCapacity } from '../../analyzer/tuning/parallelism.js';
import { text, type Text } from '../../analyzer/text.js';

type Waiting = Pick<
  VertexCapacity,
  'vertexId' | 'parallelism' | 'demandPerSecond' | 'servedPerSecond' | 'secondsPerRecord'
>;

/** More subtasks brought nothing: what is outside is at its own limit, and more requests at once only queue there. */
export function relieveOutside(name: string, waiting: Waiting, contention?: Contention): Advice {
  const perRequest = Math.max(2, Math.ceil(waiting.demandPerSecond / waiting.servedPerSecond));
  return ofCode(name, waiting, {
    title: text(
      `Ask what ${name} waits for less often (batches, a cache), or make it faster: it is at its own limit`,
      `减少 ${name} 对外部系统的请求（批量、缓存），或提升该系统：它已到自身极限`,
    ),
    from: '1 record per request',
    to: `${perRequest} or more records per request`,
    prerequisite: text('the outside system takes many records in one request', '外部系统支持一次请求处理多条记录'),
    note: text('a batch waits until it is full or its time is up', '批量会等到满或超时才发送'),
    rejected: [
      {
        alternative: text('more parallelism', '提高并行度'),
        why: contention === undefined ? TRIED : triedAt(contention),
      },
      {
        alternative: text('asynchronous I/O', '异步 I/O'),
        why: text('more requests at once meet the same limit', '更多并发请求仍受同一极限'),
      },
    ],
  });
}

const TRIED = text(
  'it was tried: a scale-out within the kept history served no more records',
  '已尝试：历史中扩容后处理量没有增加',
);

function triedAt(contention: Contention): Text {
  const seen = servedAt(contention);
  return text(`it was tried: when full ${seen.en}`, `已尝试：满负荷时 ${seen['zh-CN']}`);
}

/** Little's law: requests in flight = rate × latency, with half again as reserve (F11). */
const ASYNC_RESERVE = 1.5;

export function waitLess(name: string, waiting: Waiting): Advice {
  const perSubtask = waiting.demandPerSecond / waiting.parallelism;
  const inFlight = Math.max(2, Math.ceil(ASYNC_RESERVE * perSubtask * waiting.secondsPerRecord));
  return ofCode(name, waiting, {
    title: text(
      `Let ${name} keep ${inFlight} requests in flight per subtask (async I/O), or batch them`,
      `让 ${name} 每个子任务保持 ${inFlight} 个并发请求（异步 I/O），或批量发送`,
    ),
    from: '1 request at a time',
    to: `AsyncDataStream.unorderedWait, capacity ${inFlight}`,
    prerequisite: text('the outside system itself has room', '外部系统本身要有余量'),
    note: text('unordered async changes the order of records', '无序异步会改变记录顺序'),
    rejected: [
      {
        alternative: text('more parallelism', '提高并行度'),
        why: text('no more subtasks can share its work', '无法再由更多子任务分担'),
      },
    ],
  });
}

/**
 * A sink waits for one system that all its subtasks share. Whether that has room shows only when more of them ask, while records
 * written together cost it fewer requests either way: so batches come first, and the size is said beside them.
 */
export function writeTogether(name: string, waiting: Waiting, sizeInstead: number | undefined): Advice {
  const perRequest = Math.max(2, Math.ceil(waiting.demandPerSecond / (TARGET_UTILISATION * waiting.servedPerSecond)));
  return {
    ...ofCode(name, waiting, {
      title: text(
        `Let ${name} write ${perRequest} or more records per request`,
        `让 ${name} 每次请求写入 ${perRequest} 条或更多记录`,
      ),
      from: '1 record per request',
      to: `${perRequest} or more records per request`,
      prerequisite: text(
        'the outside system takes many records in one request (JDBC sink.buffer-flush.max-rows, Elasticsearch bulk, Kafka batch.size)',
        '外部系统支持一次请求处理多条记录（JDBC sink.buffer-flush.max-rows、Elasticsearch bulk、Kafka batch.size）',
      ),
      note: text('a batch waits until it is full or its time is up', '批量会等到满或超时才发送'),
      rejected: [
        {
          alternative:
            sizeInstead === undefined
              ? text('more parallelism', '提高并行度')
              : text(`parallelism ${sizeInstead}`, `并行度 ${sizeInstead}`),
          why: text(
            'helps only while the system behind the sink has room: batches help in both cases. Without them, try it and see whether more is written',
            '仅当 Sink 之后的系统有余量时有效，而批量在两种情况下都有效。若无法批量，可先尝试再看写入量是否上升',
          ),
        },
      ],
    }),
    kind: 'sink',
  };
}

interface ChangeOfCode extends Pick<Advice, 'title' | 'rejected'> {
  readonly from: string;
  readonly to: string;
  readonly prerequisite: Text;
  readonly note: Text;
}

/** At best all that arrives is served, at worst what is served now. */
/** More readers than partitions read nothing, and Flink does not tell how many there are: what is behind them can be any number. */
export function spreadBehind(name: string, waiting: Waiting, parallelism: number): Advice {
  return ofCode(name, waiting, {
    title: text(
      `Put rebalance() after the source of ${name}, and run its work with parallelism ${parallelism}`,
      `在 ${name} 的源之后加 rebalance()，并以并行度 ${parallelism} 运行其后的处理`,
    ),
    from: 'work chained to the source',
    to: `rebalance(), then the work with parallelism ${parallelism}`,
    prerequisite: text(
      'the order of records of one partition does not matter, or keyBy() in place of rebalance() keeps that of a key',
      '同一分区内的记录顺序无关紧要；否则用 keyBy() 代替 rebalance() 可保持同一键的顺序',
    ),
    note: text(
      'the job graph changes: operators need uids for the savepoint to fit',
      '作业图会改变：算子需要 uid，savepoint 才能匹配',
    ),
    rejected: [
      {
        alternative: text(`the source itself with parallelism ${parallelism}`, `源本身以并行度 ${parallelism} 运行`),
        why: text(
          `a reader more than there are splits (Kafka: partitions) reads nothing, and Flink does not tell how many there are; with ${parallelism} or more of them it does as well`,
          `多于 split（Kafka：分区）数的读取者什么也读不到，而 Flink 不报告其数量；若不少于 ${parallelism} 个，效果相同`,
        ),
      },
      {
        alternative: text('only break the chain (disableChaining)', '仅断开算子链（disableChaining）'),
        why: text(
          'it shows which operator is slow but adds no capacity by itself',
          '只能看出哪个算子慢，本身不增加处理能力',
        ),
      },
    ],
  });
}

function ofCode(
  name: string,
  waiting: Waiting,
  { title, from, to, prerequisite, note, rejected }: ChangeOfCode,
): Advice {
  const { vertexId, servedPerSecond, demandPerSecond } = waiting;
  return {
    kind: 'code',
    title,
    changes: [{ scope: 'vertex', vertexId, vertexName: name, from, to, unit: 'code' }],
    diffs: {},
    expected: [
      {
        metric: 'recordsInPerSecond',
        label: labelOf('recordsPerSecond'),
        from: servedPerSecond,
        to: demandPerSecond,
        low: servedPerSecond,
        high: demandPerSecond,
        unit: 'records/s',
      },
    ],
    cost: NO_COST,
    prerequisites: [prerequisite],
    risk: { restart: 'savepoint', stateLoss: false, note },
    verify: [{ metric: 'busyRatio', label: labelOf('busyRatio'), comparison: '<', target: 0.7, unit: 'ratio' }],
    rejected,
    confidence: 0.6,
    sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/asyncio/'],
  };
}
