import type { JobHistory } from '../../collector/model/index.js';
import type { LoadSignal } from './load.js';

/** What of a job runs on one TaskManager. */
export interface Placement {
  readonly taskManagerId: string;
  readonly tasks: number;
  /** Busy ratios of its tasks, added up. */
  readonly busySum: number;
  /** Vertices with more subtasks here than an even spread would give any TaskManager. */
  readonly stacked: readonly string[];
}

/** TaskManagers that run the job, fullest first; the order of the cluster's list among equals. */
export function placementsOf({ taskManagers }: JobHistory, load: LoadSignal): readonly Placement[] {
  const here = new Map<string, { tasks: number; busySum: number; readonly stacked: string[] }>();
  for (const { goneMs, taskManagerId } of taskManagers)
    if (goneMs === undefined) here.set(taskManagerId, { tasks: 0, busySum: 0, stacked: [] });
  const used = new Set<string>();
  for (const vertex of load.values()) for (const id of vertex.byTaskManager().keys()) if (here.has(id)) used.add(id);
  for (const vertex of load.values()) {
    for (const [id, { tasks, busySum }] of vertex.byTaskManager()) {
      const place = here.get(id);
      if (place === undefined) continue;
      place.tasks += tasks;
      place.busySum += busySum;
      if (tasks > Math.ceil(vertex.parallelism / used.size)) place.stacked.push(vertex.vertexId);
    }
  }
  return [...here]
    .filter(([id]) => used.has(id))
    .map(([taskManagerId, place]): Placement => ({ taskManagerId, ...place }))
    .sort((a, b) => b.busySum - a.busySum);
}
