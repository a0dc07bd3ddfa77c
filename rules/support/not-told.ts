import { text } from '../../analyzer/text.js';

/** Reasons for which a rule says nothing although Flink answers. */
export const LAG_NOT_TOLD = text(
  'no source tells how many records wait: its connector does not register pendingRecords',
  '没有源端报告等待的记录数：其连接器未注册 pendingRecords',
);
export const GC_NOT_TOLD = text(
  'no TaskManager of this job has told three readings of its collectors and heap yet',
  '该作业的 TaskManager 尚未给出三次垃圾回收与堆的读数',
);
export const MANAGED_NOT_TOLD = text(
  'no TaskManager of this job tells how much managed memory is used',
  '该作业的 TaskManager 没有报告托管内存的使用量',
);
export const PACE_NOT_TOLD = text(
  'fewer than five checkpoints have completed since the tasks run',
  '任务运行以来完成的检查点不足五个',
);
export const CHECKPOINT_SETTINGS_NOT_TOLD = text(
  '/jobs/:jobid/checkpoints/config was not read yet',
  '尚未读取 /jobs/:jobid/checkpoints/config',
);

/** What a finding would like to have seen: the CPU time of its TaskManagers. */
export const CPU_NOT_SEEN = {
  signal: text('Status.JVM.CPU.Time', 'Status.JVM.CPU.Time'),
  enableBy: text('TaskManager metrics must be readable over REST', '需要能通过 REST 读取 TaskManager 指标'),
};
export const CPU_NOT_TOLD = text(
  'no TaskManager tells its CPU time (Status.JVM.CPU.Time)',
  '没有 TaskManager 报告 CPU 时间（Status.JVM.CPU.Time）',
);
export const NO_PHASES = text(
  'no completed checkpoint has its phases per subtask read yet (/jobs/:jobid/checkpoints/details)',
  '尚未读取任何已完成检查点的子任务阶段（/jobs/:jobid/checkpoints/details）',
);
export const NETWORK_NOT_TOLD = text(
  'where each subtask runs, or how many network buffers its TaskManager has, was not read yet',
  '尚未读取每个子任务的位置或其 TaskManager 的网络缓冲数',
);
