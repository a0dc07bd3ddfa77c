import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';
import { MIB, partAdvice } from '../support/memory-advice.js';

const KEY = 'taskmanager.memory.jvm-metaspace.size';
/** Flink's default, all versions. */
const DEFAULT_BYTES = 256 * MIB;

export const memMetaspace = defineRule({
  id: 'mem-metaspace',
  category: 'memory',
  title: text('Metaspace is full', 'Metaspace 已满'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: {
    ...FAILURE_OPTIONS,
    // Diagnosis §5.4. Metaspace does not breathe as a heap does: what is used stays used until class loaders go.
    usedRatio: {
      default: 0.9,
      unit: 'ratio',
      description: 'metaspace in use, of its size, from which it is a warning',
    },
  },
  detect({ job, exceptions, history, nowMs }, { warningCount, usedRatio }) {
    const failure = toldFailure('mem-metaspace', exceptions, job, nowMs, warningCount);
    if (failure !== undefined) {
      return [
        failureVerdict(failure, {
          subject: failureSubject(failure),
          title: text(`Metaspace ran out (${times(failure).en})`, `Metaspace 耗尽（${times(failure)['zh-CN']}）`),
          summary: text(
            'Either the job has more classes than fit, or class loaders of earlier submissions stay: each restart then loads the classes once more. Drivers that register themselves (JDBC) and threads that user code leaves behind keep a class loader; put such jars into lib/ or end the threads in close().',
            '要么作业的类太多，要么之前提交的类加载器没有释放，每次重启都会再加载一遍。会自行注册的驱动（JDBC）和用户代码遗留的线程会持有类加载器：把这类 jar 放入 lib/，或在 close() 中结束线程。',
          ),
        }),
      ];
    }
    return history.taskManagers.flatMap(({ taskManagerId, goneMs, samples }): Verdict[] => {
      const last = samples.at(-1);
      const used = last?.metaspaceUsedBytes;
      const size = last?.metaspaceMaxBytes;
      if (goneMs !== undefined || used === undefined || size === undefined || size <= 0) return [];
      if (used / size < usedRatio) return [];
      return [
        {
          severity: 'warning',
          confidence: 0.8,
          subject: { kind: 'taskmanager', taskManagerId },
          title: text(`Metaspace is ${percent(used / size)} full`, `Metaspace 已使用 ${percent(used / size)}`),
          summary: text(
            `${bytes(used)} of ${bytes(size)} on ${taskManagerId} are classes. The next job or restart there may not find room for its own.`,
            `${taskManagerId} 的 ${bytes(size)} 中有 ${bytes(used)} 被类占用，下一个作业或下一次重启可能没有空间。`,
          ),
          evidence: evidence('metaspaceRatio', used / size, 60_000, ['>=', usedRatio], {
            metric: 'metaspaceUsedRatio',
            taskManagerId,
          }),
          wouldChange: [text('less of it is in use', '占用下降')],
        },
      ];
    });
  },
  advise(_finding, { job, history }) {
    const fromBytes = parseMemorySize(history.configuration[KEY] ?? '') ?? DEFAULT_BYTES;
    return partAdvice(
      {
        keys: [KEY],
        fromBytes,
        toBytes: 2 * fromBytes,
        page: 'mem_setup_tm',
        title: text(`Double the metaspace to ${bytes(2 * fromBytes)}`, `将 Metaspace 加倍到 ${bytes(2 * fromBytes)}`),
        rejected: [
          {
            alternative: text('more heap', '增大堆'),
            why: text('classes do not live there', '类不在堆中'),
          },
        ],
        confidence: 0.6,
      },
      job,
      history,
    );
  },
});
