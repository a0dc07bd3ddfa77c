import type { JobHistory, TaskState } from '../../collector/model/index.js';
import { max, present, sum } from '../numbers.js';
import type { JobFacts } from './job-facts.js';

const WAITING: readonly TaskState[] = ['CREATED', 'SCHEDULED'];

export interface SlotSignal {
  /** Slots the job needs: the highest parallelism of each slot sharing group, added up (F13). */
  readonly needed: number;
  readonly total?: number;
  readonly available?: number;
  /** Slots of one TaskManager, where all have the same number. */
  readonly perTaskManager?: number;
  readonly taskManagers?: number;
  /** Tasks without a slot, and since when there are any. */
  readonly waitingTasks: number;
  readonly waitingSinceMs?: number;
  /** How long the present number of free slots has held. */
  readonly availableSinceMs?: number;
}

export function slotsOf(history: JobHistory, facts: JobFacts): SlotSignal {
  const now = history.clusterSamples.at(-1);
  const waitingTasks = sum(history.vertices.map((vertex) => sum(WAITING.map((state) => vertex.tasks[state] ?? 0))));
  const waitingSince = waitingTasks === 0 ? undefined : waitingSinceOf(history, facts);
  const sizes = new Set(history.taskManagers.filter((tm) => tm.goneMs === undefined).map((tm) => tm.slots));
  const [size] = sizes;
  const firstOfRun = [...history.clusterSamples]
    .reverse()
    .findIndex((sample) => sample.slotsAvailable !== now?.slotsAvailable);
  const run = firstOfRun === -1 ? history.clusterSamples : history.clusterSamples.slice(-firstOfRun);
  return {
    needed: slotsNeeded(history),
    waitingTasks,
    ...(waitingSince === undefined ? {} : { waitingSinceMs: waitingSince }),
    ...(now === undefined
      ? {}
      : { total: now.slotsTotal, available: now.slotsAvailable, taskManagers: now.taskManagers }),
    ...(sizes.size === 1 && size !== undefined ? { perTaskManager: size } : {}),
    ...(run[0] === undefined ? {} : { availableSinceMs: run[0].atMs }),
  };
}

/** Every slot may hold a subtask of every vertex. Before 1.20 Flink does not tell the groups, and one is what jobs have. */
export function sharesOneGroup({ vertices }: Pick<JobHistory, 'vertices'>): boolean {
  return new Set(vertices.map(({ slotSharingGroupId }) => slotSharingGroupId)).size === 1;
}

function slotsNeeded(history: JobHistory): number {
  const groups = new Map<string, number>();
  for (const vertex of history.vertices) {
    const group = vertex.slotSharingGroupId ?? 'default';
    groups.set(group, Math.max(groups.get(group) ?? 0, vertex.parallelism ?? 0));
  }
  return sum([...groups.values()]);
}

/** Since the job entered its state, or since a task last ran, whichever is later. */
function waitingSinceOf(history: JobHistory, facts: JobFacts): number | undefined {
  const lastRanMs = max(
    present(
      history.vertices.flatMap((vertex) =>
        vertex.subtasks.map(({ samples }) => samples.findLast((sample) => sample.state === 'RUNNING')?.atMs),
      ),
    ),
  );
  return max(present([facts.stateSinceMs, lastRanMs, history.detail.startMs]));
}
