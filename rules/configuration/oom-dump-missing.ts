import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { present } from '../../analyzer/numbers.js';
import { text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, toldFailure } from '../support/failure-verdict.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf } from '../support/settings.js';

export const oomDumpMissing = defineRule({
  id: 'oom-dump-missing',
  category: 'configuration',
  title: text('The heap ran out and nothing tells with what', '堆耗尽但没有留下证据'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'any-state',
  needs: ['exceptions', 'configuration', 'history'],
  options: {},
  detect({ job, exceptions, configuration, nowMs }) {
    const failure = toldFailure('mem-heap-oom', exceptions, job, nowMs, FAILURE_OPTIONS.warningCount.default);
    if (failure === undefined || writesDumps(configuration)) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text('The heap ran out and left no heap dump', '堆耗尽，但没有留下堆转储'),
        summary: text(
          'Only a dump from that moment tells a leak from a heap that is too small. The JVM writes one when it is told to.',
          '只有当时的转储才能区分内存泄漏与堆过小。JVM 需要开启才会写出。',
        ),
        evidence: evidence('failures', failure.falls, failure.windowMs, ['>=', 1]),
        wouldChange: [text('the JVM is told to write one', '让 JVM 写出转储')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const set = settingOf(configuration, KEY);
    return settingAdvice(
      {
        kind: 'config',
        title: text('Write a heap dump when the heap runs out', '堆耗尽时写出堆转储'),
        changes: [optionChange('taskmanager', KEY, set === undefined ? FLAG : `${set} ${FLAG}`, configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 0, to: 1, unit: 'count' },
        verify: ['=', 1],
        restart: 'cluster',
        note: text('a dump is as large as the heap', '转储与堆一样大'),
        prerequisites: [
          text(
            'the working directory is on a volume that outlives the container, or -XX:HeapDumpPath names one',
            '工作目录位于容器外的卷上，或用 -XX:HeapDumpPath 指定',
          ),
        ],
        source: 'deployment/config/#env-java-opts-taskmanager',
      },
      { job, history },
    );
  },
});

const KEY = 'env.java.opts.taskmanager';
const FLAG = '-XX:+HeapDumpOnOutOfMemoryError';
/** Options for all processes, for TaskManagers, and the defaults that 1.18 brought for both. */
const PLACES = ['env.java.opts', 'env.java.opts.all', 'env.java.default-opts.all', 'env.java.default-opts.taskmanager'];

function writesDumps(configuration: Readonly<Record<string, string>>): boolean {
  return present([KEY, ...PLACES].map((key) => configuration[key])).some((options) => options.includes(FLAG));
}
