import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { collectorNames } from '../../analyzer/signals/collections.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { processSizeForHeap } from '../../analyzer/tuning/memory/budget.js';
import { mebibytes } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';
import { historiesOf, runningHere } from '../../analyzer/signals/task-managers.js';

const GIB = 1024 ** 3;
const PROCESS = 'taskmanager.memory.process.size';
/** The largest whole GiB with which references stay short on every JVM. */
const SHORT_BYTES = 31 * GIB;

export const memXmx31g = defineRule({
  id: 'mem-xmx-31g',
  category: 'memory',
  title: text('A heap just too large for short references', '堆略大于压缩指针的上限'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'history', 'configuration'],
  options: {
    // The first is the JVM's limit of compressed references; both are those of diagnosis §5.4.
    fromBytes: { default: 32 * GIB, unit: 'bytes', description: 'heap from which references take eight bytes' },
    toBytes: { default: 40 * GIB, unit: 'bytes', description: 'heap from which what it gains is more than that costs' },
  },
  detect({ taskManagers, history }, { fromBytes, toBytes }) {
    const here = runningHere(taskManagers);
    if (here.every((tm) => tm.heapMaxBytes === undefined)) return { notEvaluated: GC_NOT_TOLD };
    const tm = here.find((candidate) => {
      const heap = candidate.heapMaxBytes ?? 0;
      return heap >= fromBytes && heap < toBytes;
    });
    const [kept] = tm === undefined ? [] : historiesOf(history, [tm]);
    // ZGC never compresses them.
    const isLong = kept !== undefined && collectorNames(kept).some((name) => /^ZGC/.test(name));
    if (tm?.heapMaxBytes === undefined || isLong) return [];
    return [
      {
        severity: 'info',
        confidence: 0.8,
        subject: { kind: 'job' },
        title: text(
          `A heap of ${bytes(tm.heapMaxBytes)} holds less than one of 31 GiB`,
          `${bytes(tm.heapMaxBytes)} 的堆能容纳的对象反而少于 31 GiB 的堆`,
        ),
        summary: text(
          'From 32 GiB on the JVM needs eight bytes for each reference instead of four: objects grow, and caches hold fewer of them.',
          '堆达到 32 GiB 后，JVM 的每个引用占 8 字节而非 4 字节：对象变大，缓存命中变差。',
        ),
        evidence: evidence('heapMaxBytes', tm.heapMaxBytes, Math.max(1, tm.windowMs), ['>=', fromBytes]),
        wouldChange: [text('a heap of at most 31 GiB, or one far beyond', '堆不超过 31 GiB，或远大于 32 GiB')],
      } satisfies Verdict,
    ];
  },
  advise(_finding, { job, taskManagers, history, configuration }) {
    const tm = taskManagers.find(({ gone, heapMaxBytes = 0 }) => !gone && heapMaxBytes > SHORT_BYTES);
    const processBytes = tm?.memory.totalProcessBytes;
    const wanted = processSizeForHeap(SHORT_BYTES, configuration, job.flinkVersion);
    if (tm?.heapMaxBytes === undefined || processBytes === undefined || wanted === undefined) return [];
    if (wanted >= processBytes || !(PROCESS in configuration)) return [];
    return settingAdvice(
      {
        kind: 'memory',
        title: text(
          `Run TaskManagers with ${bytes(wanted)}: a heap of 31 GiB`,
          `TaskManager 内存设为 ${bytes(wanted)}：堆为 31 GiB`,
        ),
        changes: [optionChange('taskmanager', PROCESS, mebibytes(wanted), configuration, 'bytes')],
        effect: {
          metric: 'heapMaxBytes',
          label: labelOf('heapMaxBytes'),
          from: tm.heapMaxBytes,
          to: SHORT_BYTES,
          low: SHORT_BYTES - GIB,
          high: SHORT_BYTES,
          unit: 'bytes',
        },
        verify: ['<=', SHORT_BYTES],
        restart: 'cluster',
        note: text('managed and network memory shrink along with it', '托管内存与网络内存随之减小'),
        rejected: [
          {
            alternative: text('a heap of 48 GiB', '48 GiB 的堆'),
            why: text('right when that much is needed: it costs the memory', '确有需要时可行，但要付出内存'),
          },
        ],
        confidence: 0.6,
        source: 'deployment/memory/mem_tuning/',
      },
      { job, history },
    );
  },
});
