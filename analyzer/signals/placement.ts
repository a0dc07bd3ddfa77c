import type { JobHistory } from '../../collector/model/index.js';
import { sum } from '../numbers.js';
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
  const tasks = [...load.values()].flatMap(({ vertexId, subtasks }) =>
    subtasks.map(({ taskManagerId, busyRatio = 0 }) => ({ vertexId, taskManagerId, busyRatio })),
  );
  const ids = taskManagers
    .filter(({ goneMs, taskManagerId }) => {
      return goneMs === undefined && tasks.some((task) => task.taskManagerId === taskManagerId);
    })
    .map(({ taskManagerId }) => taskManagerId);
  const placements = ids.map((taskManagerId): Placement => {
    const here = tasks.filter((task) => task.taskManagerId === taskManagerId);
    const stacked = [...load.values()].filter(({ vertexId, parallelism }) => {
      return here.filter((task) => task.vertexId === vertexId).length > Math.ceil(parallelism / ids.length);
    });
    return {
      taskManagerId,
      tasks: here.length,
      busySum: sum(here.map(({ busyRatio }) => busyRatio)),
      stacked: stacked.map(({ vertexId }) => vertexId),
    };
  });
  return placements.sort((a, b) => b.busySum - a.busySum);
}
