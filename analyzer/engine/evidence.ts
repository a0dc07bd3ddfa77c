import { text, type Text } from '../text.js';
import type { Evidence, Unit } from './finding.js';

/** Every signal that evidence may name: what a person reads, and its unit. */
const SIGNALS = {
  busyRatio: [text('busy, busiest subtask', '最忙子任务的繁忙率'), 'ratio'],
  othersBusyRatio: [text('busy, median of the other subtasks', '其余子任务繁忙率的中位数'), 'ratio'],
  inputPressure: [text('backpressure of its input', '上游的反压'), 'ratio'],
  idleRatio: [text('idle, mean of all subtasks', '全部子任务的平均空闲率'), 'ratio'],
  waitRatio: [text('busy time without using a CPU', '繁忙时间中不占用 CPU 的部分'), 'ratio'],
  cpuUtilisation: [text('CPU of the machine', '机器 CPU 使用率'), 'ratio'],
  cpuCoresUsed: [text('cores used by the TaskManager', 'TaskManager 使用的核数'), 'cores'],
  hotKeyShare: [text('share of one key', '单个键的占比'), 'ratio'],
  recordsMaxOverMean: [text('records, busiest subtask over mean', '记录数：最多的子任务与均值之比'), 'ratio'],
  structuralImbalance: [text('imbalance from key groups alone', '仅由 key group 造成的不均衡'), 'ratio'],
  excessVariation: [text('unevenness beyond key groups', '超出 key group 的不均匀度'), 'ratio'],
  parallelism: [text('parallelism', '并行度'), 'count'],
  inputParallelism: [text('parallelism of its input', '上游的并行度'), 'count'],
  maxParallelism: [text('max parallelism', '最大并行度'), 'count'],
  recordsPerSecond: [text('records in', '每秒输入记录'), 'records/s'],
  lagRecords: [text('records waiting at the source', '源端等待的记录'), 'records'],
  lagSeconds: [text('lag', '积压'), 's'],
  lagSlope: [text('growth of the lag', '积压的增长'), 'records/s'],
  gcRatio: [text('time in garbage collection', '垃圾回收耗时占比'), 'ratio'],
  collectionsPerSecond: [text('collections', '回收次数'), 'per minute'],
  fullCollectionsPerMinute: [text('full collections', '完全回收次数'), 'per minute'],
  heapLowRatio: [text('heap that stays after collections', '回收后仍占用的堆'), 'ratio'],
  fullCollections: [text('full collections', '完全回收次数'), 'count'],
  longestPauseMs: [text('longest pause', '最长停顿'), 'ms'],
  heapFloorBytes: [text('heap that stays after collections', '回收后仍占用的堆'), 'bytes'],
  heapFloorSlope: [text('growth of what stays', '存活数据的增长'), 'bytes/s'],
  trendFit: [text('steadiness of the growth', '增长的稳定度'), 'ratio'],
  timeLeftMs: [text('until it is full, at this pace', '按此速度距耗尽'), 'ms'],
  stateBytes: [text('state of the job', '作业的状态大小'), 'bytes'],
  stateGrowthPerDay: [text('growth of the state in a day, of its size', '状态每日增长占比'), 'ratio'],
  cacheHitRatio: [text('block cache hits', '块缓存命中率'), 'ratio'],
  pendingCompactionBytes: [text('bytes that wait for compaction', '等待压实的字节'), 'bytes'],
  immutableMemTables: [text('write buffers that wait to be flushed', '等待刷写的写缓冲'), 'count'],
  stallMsPerSecond: [text('stalled writes, per second', '每秒写入停顿'), 'ms'],
  delayedWriteBytesPerSecond: [text('writes are held to', '写入被限制到'), 'bytes/s'],
  managedPerSlotBytes: [text('managed memory of one slot', '每个 slot 的托管内存'), 'bytes'],
  networkUsedRatio: [text('network buffers in use', '已用网络缓冲'), 'ratio'],
  networkBytes: [text('network memory', '网络内存'), 'bytes'],
  buffersBytes: [text('size of a buffer', '缓冲区大小'), 'bytes'],
  rescales: [text('rescales', '伸缩次数'), 'count'],
  heapMaxBytes: [text('heap size', '堆大小'), 'bytes'],
  metaspaceRatio: [text('metaspace in use', '已用 Metaspace'), 'ratio'],
  managedUsedBytes: [text('managed memory used', '已用托管内存'), 'bytes'],
  managedTotalBytes: [text('managed memory reserved', '预留的托管内存'), 'bytes'],
  checkpointMs: [text('checkpoint duration', '检查点时长'), 'ms'],
  startDelayMs: [text('barrier waits before the vertex', 'barrier 到达前的等待'), 'ms'],
  startDelayShare: [text('share of the checkpoint spent there', '占检查点时长的比例'), 'ratio'],
  alignmentMs: [text('barrier alignment', 'barrier 对齐耗时'), 'ms'],
  alignmentShare: [text('share of the checkpoint spent aligning', '对齐占检查点的比例'), 'ratio'],
  syncMs: [text('synchronous snapshot', '同步快照耗时'), 'ms'],
  syncShare: [text('share of the checkpoint in the synchronous part', '同步阶段占比'), 'ratio'],
  asyncMs: [text('asynchronous upload', '异步上传耗时'), 'ms'],
  asyncShare: [text('share of the checkpoint in the asynchronous part', '异步阶段占比'), 'ratio'],
  writeBytesPerSecond: [text('write rate of that subtask', '该子任务的写入速率'), 'bytes/s'],
  stateSizeBytes: [text('state of that subtask', '该子任务的状态大小'), 'bytes'],
  failedCheckpoints: [text('failed checkpoints', '失败的检查点'), 'count'],
  endedCheckpoints: [text('checkpoints looked at', '考察的检查点'), 'count'],
  missingSubtasks: [text('subtasks that did not acknowledge', '未确认的子任务'), 'count'],
  timeoutMs: [text('checkpoint timeout', '检查点超时设置'), 'ms'],
  checkpointAgeMs: [text('since the last completed checkpoint', '距上次成功检查点'), 'ms'],
  slotsNeeded: [text('slots needed', '需要的 slot'), 'slots'],
  slotsTotal: [text('slots of the cluster', '集群 slot 总数'), 'slots'],
  slotsAvailable: [text('free slots', '空闲 slot'), 'slots'],
  waitingTasks: [text('tasks without a slot', '没有 slot 的任务'), 'count'],
  waitingMs: [text('waiting for', '已等待'), 'ms'],
  incidents: [text('failures', '失败次数'), 'count'],
  restarts: [text('restart attempts', '重启次数'), 'count'],
  completedCheckpoints: [text('checkpoints completed meanwhile', '期间完成的检查点'), 'count'],
  failures: [text('times seen', '出现次数'), 'count'],
  taskManagers: [text('TaskManagers registered', '已注册的 TaskManager'), 'count'],
  predictedBusyRatio: [text('busy after the change', '变更后的繁忙率'), 'ratio'],
} as const satisfies Readonly<Record<string, readonly [Text, Unit]>>;

export type SignalLabel = keyof typeof SIGNALS;

export function labelOf(signal: SignalLabel): Text {
  return SIGNALS[signal][0];
}

type Limit = readonly ['>=' | '<=' | '>' | '<' | '=', number];

/** One piece of evidence. A value that is not known gives none, so that no card shows a guess. */
export function evidence(
  signal: SignalLabel,
  value: number | undefined,
  windowMs: number,
  limit?: Limit,
  series?: Evidence['series'],
): readonly Evidence[] {
  if (value === undefined || !Number.isFinite(value)) return [];
  const [label, unit] = SIGNALS[signal];
  return [
    {
      signal,
      label,
      value,
      unit,
      windowMs,
      ...(limit === undefined ? {} : { comparison: limit[0], threshold: limit[1] }),
      ...(series === undefined ? {} : { series }),
    },
  ];
}
