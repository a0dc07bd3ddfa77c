import type { JobHistory } from '../../collector/model/index.js';
import { sum } from '../numbers.js';
import type { SlotSignal } from '../signals/slots.js';

/** F13: slots a job needs when some vertices get another parallelism: the highest of each sharing group, added up. */
export function slotsNeededFor(history: JobHistory, changed: ReadonlyMap<string, number>): number {
  const groups = new Map<string, number>();
  for (const vertex of history.vertices) {
    const group = vertex.slotSharingGroupId ?? 'default';
    const parallelism = changed.get(vertex.vertexId) ?? vertex.parallelism ?? 0;
    groups.set(group, Math.max(groups.get(group) ?? 0, parallelism));
  }
  return sum([...groups.values()]);
}

/** What more slots cost beyond those that are free: TaskManagers and their memory. */
export function slotCost(
  extraSlots: number,
  slots: SlotSignal,
  processBytes: number | undefined,
): { slots: number; taskManagers: number; memoryBytes: number } {
  const missing = Math.max(0, extraSlots - (slots.available ?? 0));
  const taskManagers = slots.perTaskManager === undefined ? 0 : Math.ceil(missing / slots.perTaskManager);
  return { slots: extraSlots, taskManagers, memoryBytes: taskManagers * (processBytes ?? 0) };
}
