import { defineRule } from '../../analyzer/engine/rule.js';
import { parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';
import { MIB, partAdvice } from '../support/memory-advice.js';

/** 0 by default: whatever a connector allocates directly must fit into the framework's 128 MiB. */
const KEY = 'taskmanager.memory.task.off-heap.size';
const STEP_BYTES = 256 * MIB;

export const memDirectOom = defineRule({
  id: 'mem-direct-oom',
  category: 'memory',
  title: text('Direct memory ran out', '直接内存耗尽'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('mem-direct-oom', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    return [
      failureVerdict(failure, {
        subject: failureSubject(failure),
        title: text(`Direct memory ran out (${times(failure).en})`, `直接内存耗尽（${times(failure)['zh-CN']}）`),
        summary: text(
          `Buffers outside the heap: a client or connector (Netty, Kafka, file systems) takes more than Flink reserved for it${failure.taskName === undefined ? '' : `; ${failure.taskName} fell`}. Flink reserves nothing for user code unless told so. If it still runs out after a larger size, a client leaks.`,
          `堆外缓冲区：某个客户端或连接器（Netty、Kafka、文件系统）占用超过 Flink 的预留${failure.taskName === undefined ? '' : `；失败的任务是 ${failure.taskName}`}。默认不为用户代码预留。若增大后仍耗尽，则有客户端泄漏。`,
        ),
      }),
    ];
  },
  advise(_finding, { job, history }) {
    const fromBytes = parseMemorySize(history.configuration[KEY] ?? '') ?? 0;
    const toBytes = fromBytes + Math.max(STEP_BYTES, fromBytes / 2);
    return partAdvice(
      {
        keys: [KEY],
        fromBytes,
        toBytes,
        page: 'mem_trouble',
        title: text(
          `Reserve ${bytes(toBytes)} of direct memory for user code`,
          `为用户代码预留 ${bytes(toBytes)} 直接内存`,
        ),
        rejected: [
          {
            alternative: text('more heap', '增大堆'),
            why: text('direct buffers are outside of it', '直接缓冲区不在堆中'),
          },
        ],
      },
      job,
      history,
    );
  },
});
