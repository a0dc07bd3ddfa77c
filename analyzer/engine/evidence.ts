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
  heapMaxBytes: [text('heap size', '堆大小'), 'bytes'],
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
  checkpointShare: [text('time with a checkpoint under way', '正在做检查点的时间占比'), 'ratio'],
  pauseShare: [text('time stopped by synchronous snapshots', '同步快照造成停顿的时间占比'), 'ratio'],
  intervalMs: [text('checkpoint interval', '检查点间隔'), 'ms'],
  minPauseMs: [text('pause between checkpoints', '检查点之间的间隔'), 'ms'],
  replayRecords: [text('records to read again after a failure', '故障后需重读的记录'), 'records'],
  checkpointedBytes: [text('written by one checkpoint', '单个检查点写入量'), 'bytes'],
  checkpointStateBytes: [text('state in a checkpoint', '检查点中的状态'), 'bytes'],
  writtenShare: [text('written over state', '写入量与状态之比'), 'ratio'],
  persistedBytes: [text('records in flight inside a checkpoint', '检查点中的在途数据'), 'bytes'],
  persistedShare: [text('share of records in flight', '在途数据占比'), 'ratio'],
  barrierShare: [text('share of the checkpoint that barriers wait', 'barrier 等待占检查点的比例'), 'ratio'],
  concurrentCheckpoints: [text('checkpoints allowed at once', '允许同时进行的检查点'), 'count'],
  toleratedFailures: [text('failed checkpoints tolerated', '容忍的失败检查点'), 'count'],
  keptCheckpoints: [text('checkpoints kept after the job', '作业结束后保留的检查点'), 'count'],
  snapshotMs: [text('snapshot of the slowest subtask', '最慢子任务的快照耗时'), 'ms'],
  othersSnapshotMs: [text('snapshot, median of the others', '其余子任务快照耗时的中位数'), 'ms'],
  stateGrowthBytesPerHour: [text('growth of the state in an hour', '状态每小时增长'), 'bytes'],
  durationGrowth: [text('duration, last third over first', '时长：后三分之一与前三分之一之比'), 'ratio'],
  runningMs: [text('running for', '已运行'), 'ms'],
  settingMs: [text('setting', '设置值'), 'ms'],
  settingCount: [text('setting', '设置值'), 'count'],
  settingsFound: [text('settings found', '发现的设置'), 'count'],
  restartAttempts: [text('restarts allowed', '允许的重启次数'), 'count'],
  components: [text('independent parts of the job', '作业中相互独立的部分'), 'count'],
  hosts: [text('machines', '机器数'), 'count'],
  jobsOnCluster: [text('jobs on the cluster', '集群上的作业'), 'count'],
  slotsPerTaskManager: [text('slots of one TaskManager', '单个 TaskManager 的 slot'), 'slots'],
  slotsUsed: [text('slots in use', '使用中的 slot'), 'slots'],
  cpuCores: [text('cores', '核数'), 'cores'],
  sharingGroups: [text('slot sharing groups', 'slot 共享组'), 'count'],
  fixedMemoryShare: [text('memory that every process needs anyway', '每个进程的固定内存占比'), 'ratio'],
  recordsRead: [text('records read', '已读取的记录'), 'records'],
  writtenBytesPerDay: [text('written to the checkpoint storage in a day', '每天写入检查点存储'), 'bytes'],
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
