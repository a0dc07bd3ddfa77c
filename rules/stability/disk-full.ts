import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';
import { causeNamedBy } from '../../analyzer/signals/failure-causes.js';
import { counted, text, type Text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';

const WHAT_TO_DO = text(
  'Look at the file systems of the machine: where RocksDB and spills live (state.backend.rocksdb.localdir, io.tmp.dirs), the logs, and the checkpoint directory. Free space or give it a larger disk; state that only grows fills that one too.',
  '请检查该机器的文件系统：RocksDB 与溢写目录（state.backend.rocksdb.localdir、io.tmp.dirs）、日志和检查点目录。释放空间或换更大的磁盘；只增不减的状态也会填满它。',
);

export const diskFull = defineRule({
  id: 'disk-full',
  category: 'stability',
  title: text('A disk is full', '磁盘已满'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, history, nowMs }, { warningCount }) {
    const failure = toldFailure('disk-full', exceptions, job, nowMs, warningCount);
    if (failure !== undefined) {
      const title = text(
        `A disk is full: the job fell of it ${times(failure).en}`,
        `磁盘已满：作业因此失败 ${times(failure)['zh-CN']}`,
      );
      return [failureVerdict(failure, { subject: failureSubject(failure), title, summary: WHAT_TO_DO })];
    }
    // Tolerated checkpoints fail of it without the job falling.
    const failed = history.checkpoints.filter(
      ({ status, failureMessage, triggerMs }) =>
        status === 'FAILED' &&
        triggerMs >= nowMs - RESTART_WINDOW_MS &&
        causeNamedBy(failureMessage ?? '')?.cause === 'disk-full',
    );
    if (failed.length === 0) return [];
    return [
      {
        severity: failed.length >= warningCount ? 'warning' : 'info',
        confidence: 0.95,
        subject: { kind: 'job' },
        failure: 'disk-full',
        title: checkpointTitle(failed.length),
        summary: WHAT_TO_DO,
        evidence: evidence('failedCheckpoints', failed.length, RESTART_WINDOW_MS, ['>=', 1]),
        wouldChange: [text('ten minutes without this failure', '十分钟内不再出现')],
      },
    ];
  },
  // Which disk, and what may go from it, no option of Flink knows.
  advise: () => [],
});

function checkpointTitle(count: number): Text {
  return text(`A disk is full: ${counted(count, 'checkpoint')} failed of it`, `磁盘已满：${count} 个检查点因此失败`);
}
