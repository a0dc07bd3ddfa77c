import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { percent, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { runningMs } from '../support/facts.js';

export const tmTooLarge = defineRule({
  id: 'tm-too-large',
  category: 'capacity',
  title: text('One TaskManager holds much of the job', '单个 TaskManager 承载作业的大部分'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['slots'],
  options: {
    slots: { default: 16, unit: 'slots', description: 'slots of a TaskManager above which it is said' },
    lostShare: {
      default: 0.5,
      unit: 'ratio',
      description: 'slots that fall with one TaskManager, of all, from which it is said',
    },
  },
  detect({ job, nowMs, slots: { perTaskManager = 0, total = 0, needed } }, limits) {
    if (perTaskManager <= limits.slots || total === 0 || needed <= limits.slots) return [];
    const share = perTaskManager / total;
    if (share < limits.lostShare) return [];
    const heldMs = runningMs(job, nowMs);
    return [
      remark({
        subject: { kind: 'cluster' },
        title: text(
          `${percent(share)} of all slots are on one TaskManager of ${perTaskManager}`,
          `一个有 ${perTaskManager} 个 slot 的 TaskManager 占全部 slot 的 ${percent(share)}`,
        ),
        summary: text(
          'All its tasks share one heap and one collector, and fall together: after a failure as many slots must be free elsewhere. Up to eight slots and 31 GiB of heap is a usual size.',
          '其全部任务共用一个堆和回收器，并会同时失败：故障后需要别处有同样多的空闲 slot。通常以 8 个 slot、31 GiB 堆以内为宜。',
        ),
        evidence: [
          ...evidence('slotsPerTaskManager', perTaskManager, heldMs, ['>', limits.slots]),
          ...evidence('slotsTotal', total, heldMs),
        ],
        until: text('smaller TaskManagers, or more of them', '更小或更多的 TaskManager'),
      }),
    ];
  },
  // Into how many processes a machine is cut only its owner can decide.
  advise: () => [],
});
