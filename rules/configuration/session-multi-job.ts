import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { percent, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { runningHere } from '../../analyzer/signals/task-managers.js';

/** From here on `gc-pressure` tells of it, and `restart-loop` of so many restarts within ten minutes. */
const GC_RATIO = 0.1;
const RESTARTS = 3;

export const sessionMultiJob = defineRule({
  id: 'session-multi-job',
  category: 'configuration',
  title: text('A job in trouble shares its processes with others', '故障作业与其他作业共用进程'),
  severityMax: 'info',
  // How the job is deployed; what it does to the others is not measured.
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'restarts', 'taskManagers'],
  options: {
    jobs: { default: 2, unit: 'count', description: 'jobs of the cluster from which it is said' },
  },
  detect({ history, restarts, taskManagers }, { jobs }) {
    if (history.jobsOnCluster < jobs) return [];
    const collecting = runningHere(taskManagers).find(({ gcRatio = 0 }) => gcRatio >= GC_RATIO);
    if (collecting === undefined && restarts.restarts < RESTARTS) return [];
    const windowMs = Math.max(1, restarts.windowMs);
    const isLoop = restarts.restarts >= RESTARTS;
    return [
      remark({
        confidence: 0.7,
        title: isLoop
          ? text(
              `This job restarts, and ${history.jobsOnCluster - 1} others share its TaskManagers`,
              `该作业不断重启，而另有 ${history.jobsOnCluster - 1} 个作业与其共用 TaskManager`,
            )
          : text(
              `A TaskManager of this job collects ${percent(collecting?.gcRatio ?? 0)} of the time, and ${history.jobsOnCluster} jobs share the cluster`,
              `该作业的 TaskManager 有 ${percent(collecting?.gcRatio ?? 0)} 时间在回收，且集群由 ${history.jobsOnCluster} 个作业共用`,
            ),
        summary: text(
          'Heap, metaspace, network and CPU of a TaskManager are shared by all jobs on it: what one does the others feel, and which one did it no metric of the process says. A critical job belongs on a cluster of its own (application mode).',
          'TaskManager 的堆、Metaspace、网络与 CPU 由其上所有作业共享：一个作业的问题会波及其他，且进程指标无法区分。关键作业应独占集群（application 模式）。',
        ),
        evidence: [
          ...evidence('jobsOnCluster', history.jobsOnCluster, windowMs, ['>=', jobs]),
          ...(isLoop
            ? evidence('restarts', restarts.restarts, windowMs, ['>=', RESTARTS])
            : evidence('gcRatio', collecting?.gcRatio, Math.max(1, collecting?.windowMs ?? 1), ['>=', GC_RATIO])),
        ],
        until: text('a cluster of its own, or no trouble', '独占集群或故障消失'),
      }),
    ];
  },
  // How jobs are deployed is a decision of their owner.
  advise: () => [],
});
