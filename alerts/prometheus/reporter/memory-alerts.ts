import { text } from '../../../analyzer/text.js';
import type { ReporterAlert } from './alert.js';
import type { Names } from './labels.js';
import { GC_SHARE, HEAP_COLLECTIONS, HEAP_FLOOR, LEAK_STEP } from './thresholds.js';

const METASPACE = 'flink_taskmanager_Status_JVM_Memory_Metaspace';
const FLOOR = 'flink:taskmanager_heap_floor:ratio';
/** Windows of the lowest use, one after the other. */
const RISES = ['', ' offset 2m', ' offset 4m']
  .map((offset, i) => `${FLOOR}${offset} - ${FLOOR} offset ${2 * (i + 1)}m > ${LEAK_STEP}`)
  .join(' and ');

/** TaskManagers whose memory is the cause, with the jobs that they hold up. */
export function memoryAlerts({ taskManager, jobText, taskManagerText }: Names): readonly ReporterAlert[] {
  const where = `${jobText}: TaskManager ${taskManagerText}`;
  const share = '{{ $value | humanizePercentage }}';
  const collected = (times: number): string =>
    `and on (${taskManager}) (flink:taskmanager_collections:increase5m >= ${times})`;
  const unlessCollecting = `unless on (${taskManager}) (flink:taskmanager_gc:ratio >= ${GC_SHARE})`;
  return [
    {
      alert: 'FlinkGarbageCollection',
      expr: `flink:job_taskmanager_gc:ratio >= ${GC_SHARE}`,
      for: '3m',
      severity: 'warning',
      rule: 'gc-pressure',
      summary: text(
        `${where} spends ${share} of its time in garbage collection`,
        `${where} 有 ${share} 的时间在做垃圾回收`,
      ),
      description: text(
        'Its tasks stand still meanwhile. A full vertex on it is a consequence.',
        '在此期间其上的任务停顿，其上的顶点满负荷只是后果，不是原因。',
      ),
      action: text(
        'Give the task heap more memory (taskmanager.memory.process.size), or keep fewer objects: state in RocksDB, smaller windows.',
        '增大任务堆内存（taskmanager.memory.process.size），或减少对象：状态放入 RocksDB、缩小窗口。',
      ),
    },
    {
      alert: 'FlinkHeapFull',
      expr: `flink:job_taskmanager_heap_floor:ratio >= ${HEAP_FLOOR} ${collected(HEAP_COLLECTIONS)} ${unlessCollecting}`,
      for: '5m',
      severity: 'warning',
      rule: 'gc-live-set-high',
      summary: text(
        `${where} has a heap that stays ${share} full after collections`,
        `${where} 的堆在垃圾回收后仍占用 ${share}`,
      ),
      description: text(
        'What is alive fills the heap; a little more load and collections take the time of the tasks. Use before a collection says nothing.',
        '存活对象占满了堆；负载再高一点，垃圾回收就会占用任务的时间。回收前的占用说明不了问题。',
      ),
      action: text(
        'Give the task heap more memory before it fails, or find out what is kept in it.',
        '在失败之前增大任务堆内存，或查明堆中保留了什么。',
      ),
    },
    {
      alert: 'FlinkHeapFills',
      expr: `flink:job_taskmanager_heap_floor:ratio > 0.5 and on (${taskManager}) (${RISES}) ${collected(3)} ${unlessCollecting}`,
      for: '1m',
      severity: 'warning',
      rule: 'gc-leak',
      summary: text(`${where} has a heap whose lowest use rises without pause`, `${where} 的堆的最低占用持续上升`),
      description: text(
        'What collections leave behind has grown in each of the last two-minute windows: the TaskManager will run out of heap.',
        '最近每个两分钟窗口中回收后的剩余都在增长：该 TaskManager 的堆将会耗尽。',
      ),
      action: text(
        'Take a heap dump before it fails (jmap -dump:live), and look for collections in user code that only grow.',
        '在失败前做堆转储（jmap -dump:live），查找用户代码中只增不减的集合。',
      ),
    },
    {
      alert: 'FlinkMetaspaceFull',
      expr: `max by (${taskManager}) (${METASPACE}_Used / (${METASPACE}_Max > 0)) >= 0.9`,
      for: '5m',
      severity: 'warning',
      rule: 'mem-metaspace',
      summary: text(
        `TaskManager ${taskManagerText} has used ${share} of its metaspace`,
        `TaskManager ${taskManagerText} 的元空间已用 ${share}`,
      ),
      description: text(
        'Classes are loaded and not let go, mostly by restarts of jobs on a session cluster. It ends with the loss of the TaskManager.',
        '类被加载而不释放，多因会话集群上作业反复重启，最终会失去该 TaskManager。',
      ),
      action: text(
        'Restart the TaskManager when it suits, raise taskmanager.memory.jvm-metaspace.size, and put libraries that hold classes into lib/.',
        '择机重启该 TaskManager，增大 taskmanager.memory.jvm-metaspace.size，并把持有类的库放入 lib/。',
      ),
    },
  ];
}
