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
