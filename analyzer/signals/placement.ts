import type { JobHistory } from '../../collector/model/index.js';
import { sum } from '../numbers.js';
import type { LoadSignal } from './load.js';
import { busyByTaskManager } from './task-managers.js';

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
  const vertices = [...load.values()].map((vertex) => ({ vertex, places: busyByTaskManager(vertex) }));
  const ids = taskManagers
    .filter(
      ({ goneMs, taskManagerId }) => goneMs === undefined && vertices.some(({ places }) => places.has(taskManagerId)),
    )
    .map(({ taskManagerId }) => taskManagerId);
  const placements = ids.map((taskManagerId): Placement => {
    const here = vertices.map(({ vertex, places }) => ({ vertex, ...(places.get(taskManagerId) ?? NOTHING) }));
    const stacked = here.filter(({ vertex, tasks }) => tasks > Math.ceil(vertex.parallelism / ids.length));
    return {
      taskManagerId,
      tasks: sum(here.map(({ tasks }) => tasks)),
      busySum: sum(here.map(({ busySum }) => busySum)),
      stacked: stacked.map(({ vertex }) => vertex.vertexId),
    };
  });
  return placements.sort((a, b) => b.busySum - a.busySum);
}

const NOTHING = { tasks: 0, busySum: 0 };
