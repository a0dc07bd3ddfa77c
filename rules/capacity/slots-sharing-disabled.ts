import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { max } from '../../analyzer/numbers.js';
import { percent, text } from '../../analyzer/text.js';
import { isCalm } from '../support/calm.js';
import { remark } from '../support/remark.js';

export const slotsSharingDisabled = defineRule({
  id: 'slots-sharing-disabled',
  category: 'capacity',
  title: text('Slots are not shared', 'slot 没有共享'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['slots', 'lag', 'peakLoad', 'history'],
  options: {
    factor: {
      default: 1.5,
      unit: 'times',
      description: 'slots needed over the highest parallelism, from which it is said',
    },
    busyRatio: {
      default: 0.3,
      unit: 'ratio',
      description: 'busy of any subtask in the busiest minute, below which one slot could hold them all',
    },
  },
  detect({ job, slots, lag, peakLoad, history }, { factor, busyRatio }) {
    // Before 1.20 Flink does not tell the groups, and then nothing is needed beyond the highest parallelism.
    if (slots.needed < factor * job.parallelism || !isCalm(lag, peakLoad)) return [];
    const busiest = max([...peakLoad.values()].map(({ busyMax }) => busyMax));
    if (busiest === undefined || busiest >= busyRatio || peakLoad.size < history.vertices.length) return [];
    const groups = new Set(history.vertices.map(({ slotSharingGroupId }) => slotSharingGroupId)).size;
    const windowMs = Math.min(...[...peakLoad.values()].map((peak) => peak.windowMs));
    return [
      remark({
        confidence: 0.7,
        title: text(
          `${groups} slot sharing groups take ${slots.needed} slots where ${job.parallelism} would do`,
          `${groups} 个 slot 共享组占用 ${slots.needed} 个 slot，而 ${job.parallelism} 个就够`,
        ),
        summary: text(
          `No subtask was more than ${percent(busiest)} busy, so subtasks of different groups could share a slot. A group of its own is right for an operator that needs the memory of a slot for itself.`,
          `没有子任务的繁忙率超过 ${percent(busiest)}，不同组的子任务可以共用 slot。只有需要独占 slot 内存的算子才应单独成组。`,
        ),
        evidence: [
          ...evidence('sharingGroups', groups, windowMs, ['>=', 2]),
          ...evidence('slotsNeeded', slots.needed, windowMs, ['>=', factor * job.parallelism]),
          ...evidence('busyRatio', busiest, windowMs, ['<', busyRatio]),
        ],
        until: text('one group, or a load that needs them apart', '只用一个组，或负载需要分开'),
      }),
    ];
  },
  // The groups are set in code, by slotSharingGroup(): why they are apart only its author knows.
  advise: () => [],
});
