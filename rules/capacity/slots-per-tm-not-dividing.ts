import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { listed, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';

/** From this share of free slots on `slots-idle` tells of it. */
const IDLE_SHARE = 0.25;

export const slotsPerTmNotDividing = defineRule({
  id: 'slots-per-tm-not-dividing',
  category: 'capacity',
  title: text(
    'The slots of a TaskManager do not divide those that are needed',
    '每个 TaskManager 的 slot 数不能整除所需数',
  ),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['slots', 'history'],
  options: {
    share: {
      default: 0.5,
      unit: 'ratio',
      description: 'free slots over those of one TaskManager, from which it is said',
    },
    ms: { default: 3_600_000, unit: 'ms', description: 'how long they must have been free' },
  },
  detect({ slots, history, nowMs }, { share, ms }) {
    const { needed, perTaskManager = 0, available = 0, total = 0, taskManagers = 0, availableSinceMs = nowMs } = slots;
    if (perTaskManager < 2 || available === 0 || history.jobsOnCluster !== 1) return [];
    // Exactly as many TaskManagers as the job needs, and the last of them half empty; more is idle, fewer no remainder.
    const isRemainder = taskManagers === Math.ceil(needed / perTaskManager) && available === total - needed;
    const heldMs = nowMs - availableSinceMs;
    if (!isRemainder || available < share * perTaskManager || available >= IDLE_SHARE * total || heldMs < ms) return [];
    const fitting = divisorsOf(needed).filter((size) => size >= 2 && size <= 2 * perTaskManager);
    const sizes = listed(fitting);
    return [
      remark({
        subject: { kind: 'cluster' },
        title: text(
          `${needed} slots are needed in steps of ${perTaskManager}: ${available} are left over`,
          `需要 ${needed} 个 slot，每个 TaskManager 提供 ${perTaskManager} 个：多出 ${available} 个`,
        ),
        summary:
          fitting.length === 0
            ? text(
                'No number of slots divides it: another parallelism would.',
                '没有合适的 slot 数能整除：可调整并行度。',
              )
            : text(
                `TaskManagers of ${sizes.en} slots would be full.`,
                `每个 TaskManager 设 ${sizes['zh-CN']} 个 slot 则可占满。`,
              ),
        evidence: [
          ...evidence('slotsNeeded', needed, heldMs),
          ...evidence('slotsPerTaskManager', perTaskManager, heldMs),
          ...evidence('slotsAvailable', available, heldMs, ['>=', Math.ceil(share * perTaskManager)]),
        ],
        until: text('a number of slots that divides those that are needed', 'slot 数能整除所需数'),
      }),
    ];
  },
  // Slots, memory and cores of a process belong together: one of them alone is no advice.
  advise: () => [],
});

function divisorsOf(number: number): readonly number[] {
  return Array.from({ length: number }, (_, i) => i + 1).filter((divisor) => number % divisor === 0);
}
