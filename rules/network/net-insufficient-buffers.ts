import { defineRule } from '../../analyzer/engine/rule.js';
import { compact, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';
import { networkMemoryAdvice } from '../support/network-memory.js';

export const netInsufficientBuffers = defineRule({
  id: 'net-insufficient-buffers',
  category: 'network',
  title: text('Too few network buffers to start', '网络缓冲区不足，无法启动'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: FAILURE_OPTIONS,
  detect({ job, exceptions, nowMs }, { warningCount }) {
    const failure = toldFailure('net-insufficient-buffers', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    const asked = buffersIn(failure.words);
    return [
      failureVerdict(failure, {
        title: text(
          `Network buffers ran out at the start of a task (${times(failure).en})`,
          `任务启动时网络缓冲区不足（${times(failure)['zh-CN']}）`,
        ),
        summary: text(
          `${asked === undefined ? '' : `A task needs ${compact(asked.required)} buffers and ${compact(asked.available)} of ${compact(asked.total)} are free. `}Each exchange needs buffers for every pair of subtasks: parallelism, subtasks per TaskManager and the number of exchanges drive it.`,
          `${asked === undefined ? '' : `某任务需要 ${compact(asked.required)} 个缓冲区，${compact(asked.total)} 个中只有 ${compact(asked.available)} 个空闲。`}每个数据交换的每对子任务都需要缓冲区：取决于并行度、每个 TaskManager 的子任务数和交换数。`,
        ),
      }),
    ];
  },
  advise(_finding, { job, exceptions, history }) {
    const words = exceptions.named.find(({ cause }) => cause === 'net-insufficient-buffers')?.words;
    const asked = words === undefined ? undefined : buffersIn(words);
    if (asked === undefined) return [];
    const needed = asked.total - asked.available + asked.required;
    return networkMemoryAdvice({ ...asked, needed }, job, history);
  },
});

/** `required 65, but only 24 available. The total number of network buffers is currently set to 2048 of 32768 bytes each.` */
function buffersIn(
  words: string,
):
  | { readonly required: number; readonly available: number; readonly total: number; readonly segmentBytes: number }
  | undefined {
  const [, required, available, total, segmentBytes] =
    /required (\d+), but only (\d+) available.*currently set to (\d+) of (\d+) bytes/s.exec(words) ?? [];
  if (required === undefined) return undefined;
  return {
    required: Number(required),
    available: Number(available),
    total: Number(total),
    segmentBytes: Number(segmentBytes),
  };
}
