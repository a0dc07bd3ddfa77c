import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { max } from '../../analyzer/numbers.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { coresGiven, isCalm, peakCoresOf } from '../support/calm.js';
import { CPU_NOT_TOLD } from '../support/not-told.js';
import { A_DAY, remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { runningMs } from '../support/facts.js';

export const slotsLtCores = defineRule({
  id: 'slots-lt-cores',
  category: 'capacity',
  title: text('TaskManagers have more cores than their slots use', 'TaskManager 的核多于其 slot 所用'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'slots', 'lag', 'peakLoad', 'history'],
  options: {
    factor: { default: 2, unit: 'times', description: 'cores over slots from which it is said' },
    utilisation: {
      default: 0.4,
      unit: 'ratio',
      description: 'share of the cores used in the busiest minute, below which it is said',
    },
    runningMs: A_DAY,
  },
  detect({ job, nowMs, configuration, slots: { perTaskManager }, lag, peakLoad, history }, limits) {
    const cores = coresGiven(configuration);
    if (cores === undefined) return { notEvaluated: CORES_NOT_TOLD };
    if (perTaskManager === undefined || cores < limits.factor * perTaskManager) return [];
    if (runningMs(job, nowMs) < limits.runningMs || !isCalm(lag, peakLoad)) return [];
    const alive = history.taskManagers.filter(({ goneMs }) => goneMs === undefined);
    const peaks = alive.map(peakCoresOf);
    if (peaks.length === 0 || peaks.some((peak) => peak === undefined)) return { notEvaluated: CPU_NOT_TOLD };
    const used = max(peaks.flatMap((peak) => (peak === undefined ? [] : [peak.cores]))) ?? 0;
    const windowMs = peaks[0]?.windowMs ?? 1;
    if (used / cores >= limits.utilisation) return [];
    return [
      remark({
        subject: { kind: 'cluster' },
        confidence: 0.6,
        title: text(
          `${compact(cores)} cores for ${perTaskManager} slots, and ${compact(used)} are used at most`,
          `${perTaskManager} 个 slot 配 ${compact(cores)} 个核，最多使用 ${compact(used)} 个`,
        ),
        summary: text(
          `A slot runs about one core of work. With as many slots as cores the same machines would hold more, or fewer would do. In its busiest minute the fullest TaskManager used ${percent(used / cores)}.`,
          `一个 slot 大约用满一个核。若 slot 数与核数相同，同样的机器能容纳更多，或可减少机器。最忙的一分钟里最满的 TaskManager 使用了 ${percent(used / cores)}。`,
        ),
        evidence: [
          ...evidence('slotsPerTaskManager', perTaskManager, windowMs),
          ...evidence('cpuCores', cores, windowMs, ['>=', limits.factor * perTaskManager]),
          ...evidence('cpuCoresUsed', used, windowMs, ['<', limits.utilisation * cores]),
        ],
        until: text('as many slots as cores, or a load that uses them', 'slot 数与核数相同，或负载用到这些核'),
      }),
    ];
  },
  advise(_finding, { job, history, configuration, slots: { perTaskManager } }) {
    const cores = Math.floor(coresGiven(configuration) ?? 0);
    if (perTaskManager === undefined || cores <= perTaskManager) return [];
    return settingAdvice(
      {
        kind: 'slots',
        title: text(`Give each TaskManager ${cores} slots`, `每个 TaskManager 设 ${cores} 个 slot`),
        changes: [optionChange('taskmanager', 'taskmanager.numberOfTaskSlots', cores, configuration)],
        effect: {
          metric: 'slotsPerTaskManager',
          label: labelOf('slotsPerTaskManager'),
          from: perTaskManager,
          to: cores,
          unit: 'slots',
        },
        verify: ['=', cores],
        restart: 'cluster',
        note: text(
          'memory of a slot shrinks with their number: raise the process size with it',
          '每个 slot 的内存随数量减少，需同时增大进程内存',
        ),
        prerequisites: [text('user code does not start threads of its own', '用户代码没有自建线程')],
        confidence: 0.6,
        source: 'concepts/flink-architecture/#task-slots-and-resources',
      },
      { job, history },
    );
  },
});

const CORES_NOT_TOLD = text(
  'the cores of a TaskManager are not told by kubernetes.taskmanager.cpu.amount or yarn.containers.vcores, and without a limit the JVM sees those of its machine',
  'kubernetes.taskmanager.cpu.amount 与 yarn.containers.vcores 均未给出 TaskManager 的核数；没有限制时 JVM 看到的是整台机器的核',
);
