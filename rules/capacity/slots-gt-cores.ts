import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { utilisationOf } from '../../analyzer/graph/cause.js';
import { percent, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { runningHere } from '../../analyzer/signals/task-managers.js';

/** Diagnosis §5.10: a machine this full is short of CPU, and each more slot takes from the others. */
const FULL = 0.8;

export const slotsGtCores = defineRule({
  id: 'slots-gt-cores',
  category: 'capacity',
  title: text('TaskManagers have more slots than cores', 'TaskManager 的 slot 多于核数'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers'],
  options: {
    // Jobs that wait for others do well with two slots on a core (diagnosis §5.10).
    factor: { default: 2, unit: 'times', description: 'slots over cores above which it is said whatever the load' },
  },
  detect({ taskManagers }, { factor }) {
    const here = runningHere(taskManagers).filter(({ cpuCores }) => cpuCores > 0);
    const crowded = here.find(({ slots, cpuCores }) => slots > factor * cpuCores);
    const found = crowded ?? here.find((tm) => tm.slots > tm.cpuCores && utilisationOf(tm, taskManagers) >= FULL);
    if (found === undefined) return [];
    const { slots, cpuCores } = found;
    const utilisation = utilisationOf(found, taskManagers);
    const windowMs = Math.max(1, found.windowMs);
    return [
      remark({
        subject: { kind: 'cluster' },
        title: text(`${slots} slots share ${cpuCores} cores`, `${slots} 个 slot 共用 ${cpuCores} 个核`),
        summary: text(
          `A slot is a share of memory, not of CPU: tasks of all of them compete for the cores (${percent(utilisation)} used now). One slot for each core is the usual size, two where tasks wait for other systems.`,
          `slot 划分的是内存而不是 CPU：所有任务争用这些核（当前使用 ${percent(utilisation)}）。通常每核一个 slot，等待外部系统的作业可为两个。`,
        ),
        evidence: [
          ...evidence('slotsPerTaskManager', slots, windowMs, [
            '>',
            crowded === undefined ? cpuCores : factor * cpuCores,
          ]),
          ...evidence('cpuCores', cpuCores, windowMs),
          ...evidence('cpuUtilisation', utilisation, windowMs),
        ],
        until: text('as many slots as cores', 'slot 数与核数相当'),
      }),
    ];
  },
  // Fewer slots need more TaskManagers: whether there are machines for them only the owner of the cluster knows.
  advise: () => [],
});
