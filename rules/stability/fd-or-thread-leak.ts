import { defineRule } from '../../analyzer/engine/rule.js';
import { text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';

export const fdOrThreadLeak = defineRule({
  id: 'fd-or-thread-leak',
  category: 'stability',
  title: text('Open files or threads ran out', '文件句柄或线程耗尽'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('fd-or-thread-leak', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    const isFiles = failure.words.includes('Too many open files');
    return [
      failureVerdict(failure, {
        subject: failureSubject(failure),
        title: isFiles
          ? text(
              `A process ran out of open files (${times(failure).en})`,
              `进程文件句柄耗尽（${times(failure)['zh-CN']}）`,
            )
          : text(
              `A process could not start another thread (${times(failure).en})`,
              `进程无法创建新线程（${times(failure)['zh-CN']}）`,
            ),
        summary: isFiles
          ? text(
              'Either the limit is low for RocksDB and many connections (ulimit -n 65536 and more), or clients are opened and never closed: close them in close(), which also runs on a restart.',
              '要么限制对 RocksDB 与大量连接而言过低（ulimit -n 至少 65536），要么客户端只开不关：请在 close() 中关闭，重启时也会调用。',
            )
          : text(
              'Each client and executor that user code makes has threads; those not ended in close() stay over every restart. Else the limit of the container or user (ulimit -u, pids) is low.',
              '用户代码创建的客户端与线程池都有线程；未在 close() 中结束的会在每次重启后残留。否则是容器或用户的限制（ulimit -u、pids）过低。',
            ),
      }),
    ];
  },
  // The code, or a limit of the operating system.
  advise: () => [],
});
