const ROWS = [
  ['bp-bottleneck', 'backpressure', 'critical', 'One vertex holds the others back', '一个算子拖住了其他算子'],
  ['bp-external-wait', 'backpressure', 'warning', 'An outside system is slow', '外部系统响应慢'],
  ['bp-gc-induced', 'backpressure', 'warning', 'Garbage collection holds a vertex back', 'GC 造成反压'],
  ['bp-serialization', 'backpressure', 'warning', 'Records are serialized by Kryo', '记录由 Kryo 序列化'],
  ['skew-hot-key', 'skew', 'critical', 'One key carries too many records', '一个键承载过多记录'],
  ['skew-keygroup', 'skew', 'warning', 'Key groups do not divide evenly', '键组分配不均'],
  ['ckpt-async', 'checkpoint', 'warning', 'Checkpoint storage is slow', 'checkpoint 存储慢'],
  [
    'ckpt-full-rocksdb',
    'checkpoint',
    'warning',
    'Every checkpoint writes the whole state',
    '每次 checkpoint 都写全量状态',
  ],
  ['ckpt-not-retained', 'checkpoint', 'warning', 'Checkpoints are deleted on cancel', '取消时删除 checkpoint'],
  ['gc-pressure', 'memory', 'critical', 'Too much time in garbage collection', 'GC 时间过多'],
  ['gc-serial', 'memory', 'info', 'The JVM collects with one thread', 'JVM 只用一个线程回收'],
  ['rocksdb-cache-miss', 'state', 'warning', 'RocksDB reads from disk', 'RocksDB 频繁读盘'],
  ['rocksdb-write-stall', 'state', 'warning', 'RocksDB stops writes', 'RocksDB 写入停顿'],
  ['src-lag-growing', 'source', 'critical', 'The source falls behind', '数据源延迟增长'],
  ['par-over', 'capacity', 'info', 'More subtasks than needed', '并行度过大'],
];

const toRow =
  (L) =>
  ([id, category, severityMax, en, zh]) => ({ id, category, severityMax, title: L(en, zh), docs: `rules/${id}` });

export const RULES = (L) => ROWS.map(toRow(L));

export function rulePage(id, L) {
  const found = ROWS.find((it) => it[0] === id);
  if (found === undefined) return undefined;
  const markdown = `# ${found[3]}

## What it finds

A key that carries **so many records** that its subtask is the limit of the job, while its siblings idle. See also
[uneven key groups](skew-keygroup.md).

## Thresholds

| Option | Default | Meaning |
|---|---|---|
| \`busyRatioMin\` | 0.8 | busy of the hot subtask |
| \`hotShareMin\` | \`max(0.01, 0.5 / (p - 1))\` | share of the key \`a|b\` |

## What to change

1. Salt the key: \`keyBy(key, hash % N)\`.
2. Aggregate again by the key alone.

\`\`\`java
orders.keyBy(o -> Tuple2.of(o.customerId, o.id % 7))
    .process(new PreAggregate());
\`\`\`

> Text such as <script>alert(1)</script> stays text.
`;
  return { ...toRow(L)(found), markdown };
}
