import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { collectorNames } from '../../analyzer/signals/collections.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { bytes, percent, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { historiesOf, runningHere } from '../../analyzer/signals/task-managers.js';

/** Bean names of the serial collector. */
const SERIAL = /^(Copy|MarkSweepCompact)$/;
const GIB = 1024 ** 3;
const KEY = 'env.java.opts.taskmanager';
const FLAG = '-XX:+UseG1GC';

export const gcSerial = defineRule({
  id: 'gc-serial',
  category: 'memory',
  title: text('One thread collects the garbage', '仅单线程进行垃圾回收'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'history', 'configuration'],
  options: {
    // Healthy jobs showed .000–.004, also with this collector (L26: .002); faults .03 and more (CALIBRATION §2).
    gcRatio: {
      default: 0.03,
      unit: 'ratio',
      description: 'time in collections from which another collector is advised: below it hurts nobody yet',
    },
    warningRatio: { default: 0.05, unit: 'ratio', description: 'the same, from which it is a warning' },
  },
  detect({ taskManagers, history }, { warningRatio }) {
    const here = runningHere(taskManagers);
    if (here.every((tm) => tm.gcRatio === undefined)) return { notEvaluated: GC_NOT_TOLD };
    return here.flatMap((tm): Verdict[] => {
      const [kept] = historiesOf(history, [tm]);
      const isSerial = kept !== undefined && collectorNames(kept).some((name) => SERIAL.test(name));
      const hasRoom = tm.cpuCores >= 2 || (tm.heapMaxBytes ?? 0) > GIB;
      if (!isSerial || !hasRoom) return [];
      const isWarning = (tm.gcRatio ?? 0) >= warningRatio;
      return [
        {
          severity: isWarning ? 'warning' : 'info',
          confidence: 0.9,
          subject: { kind: 'taskmanager', taskManagerId: tm.taskManagerId },
          title: text(
            `A TaskManager collects garbage with one thread, ${percent(tm.gcRatio ?? 0)} of its time`,
            `TaskManager 用单线程回收垃圾，占 ${percent(tm.gcRatio ?? 0)} 的时间`,
          ),
          summary: text(
            `${tm.taskManagerId} has ${tm.cpuCores} cores and ${bytes(tm.heapMaxBytes ?? 0)} of heap, and the JVM chose the serial collector: it does so in containers with less than two CPUs or 1.8 GB. Name another one.`,
            `${tm.taskManagerId} 有 ${tm.cpuCores} 核、${bytes(tm.heapMaxBytes ?? 0)} 堆，而 JVM 选择了串行回收器（容器少于 2 个 CPU 或 1.8 GB 时如此）。请指定其他回收器。`,
          ),
          evidence: [
            ...evidence('gcRatio', tm.gcRatio, tm.windowMs, isWarning ? ['>=', warningRatio] : undefined),
            ...evidence('heapMaxBytes', tm.heapMaxBytes, tm.windowMs),
          ],
          wouldChange: [text('another collector', '更换回收器')],
        },
      ];
    });
  },
  advise(finding, { job, history, configuration, taskManagers }, { gcRatio }) {
    const set = configuration[KEY] ?? '';
    const ratio = taskManagers.find((tm) => tm.taskManagerId === finding.subject.taskManagerId)?.gcRatio;
    if (/-XX:\+Use\w+GC/.test(set) || ratio === undefined || ratio < gcRatio) return [];
    const changes = [optionChange('taskmanager', KEY, set === '' ? FLAG : `${set} ${FLAG}`, configuration)];
    return [
      {
        kind: 'memory',
        title: text('Collect with G1, on all cores', '改用 G1 并行回收'),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'gcTimeRatio',
            label: labelOf('gcRatio'),
            from: ratio,
            to: ratio / 2,
            low: ratio / 5,
            high: ratio,
            unit: 'ratio',
          },
        ],
        cost: NO_COST,
        prerequisites: [text('the container has two CPUs or more', '容器至少有 2 个 CPU')],
        risk: {
          restart: 'cluster',
          stateLoss: false,
          note: text('TaskManagers restart', 'TaskManager 重启'),
        },
        verify: [{ metric: 'gcTimeRatio', label: labelOf('gcRatio'), comparison: '<', target: 0.03, unit: 'ratio' }],
        rejected: [],
        confidence: 0.7,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/#env-java-opts-taskmanager',
        ],
      },
    ];
  },
});
