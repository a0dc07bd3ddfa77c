import { defineRule } from '../../analyzer/engine/rule.js';
import { budgetFor } from '../../analyzer/tuning/memory/budget.js';
import { bytes, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';
import { partAdvice, processBytesOf } from '../support/memory-advice.js';

export const memContainerOomkilled = defineRule({
  id: 'mem-container-oomkilled',
  category: 'memory',
  title: text('A container was killed for its memory', '容器因内存超限被终止'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('mem-container-oomkilled', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    return [
      failureVerdict(failure, {
        subject: failureSubject(failure),
        title: text(
          `A container was killed for using too much memory (${times(failure).en})`,
          `容器因内存超限被终止（${times(failure)['zh-CN']}）`,
        ),
        summary: text(
          'The process took more than its container has, outside of what the JVM limits: native memory of RocksDB or libraries, thread stacks, fragmentation of malloc. The heap is not the cause: it ends with an OutOfMemoryError instead. Set MALLOC_ARENA_MAX=1 or use jemalloc where glibc allocates.',
          '进程占用超过容器限制，超出部分在 JVM 控制之外：RocksDB 或本地库的内存、线程栈、malloc 碎片。堆不是原因（堆耗尽会抛 OutOfMemoryError）。使用 glibc 时请设置 MALLOC_ARENA_MAX=1 或改用 jemalloc。',
        ),
      }),
    ];
  },
  advise(_finding, { job, history }) {
    const processBytes = processBytesOf(history);
    const { configuration } = history;
    const now = processBytes === undefined ? undefined : budgetFor(processBytes, configuration, job.flinkVersion);
    if (now === undefined) return [];
    const fromBytes = now.overheadBytes;
    return partAdvice(
      {
        keys: ['taskmanager.memory.jvm-overhead.min', 'taskmanager.memory.jvm-overhead.max'],
        fromBytes,
        toBytes: 2 * fromBytes,
        page: 'mem_trouble',
        title: text(
          `Leave ${bytes(2 * fromBytes)} instead of ${bytes(fromBytes)} to native memory`,
          `将本地内存余量从 ${bytes(fromBytes)} 增加到 ${bytes(2 * fromBytes)}`,
        ),
        rejected: [
          {
            alternative: text('more heap in the same container', '同一容器内增大堆'),
            why: text('it leaves even less to native memory', '留给本地内存的更少'),
          },
        ],
      },
      job,
      history,
    );
  },
});
