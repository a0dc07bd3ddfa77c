import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice, Change } from '../../analyzer/engine/recommendation.js';
import { CPU_UTILISATION_MIN, utilisationOf } from '../../analyzer/graph/cause.js';
import type { LoadSignal } from '../../analyzer/signals/load.js';
import { placementsOf, type Placement } from '../../analyzer/signals/placement.js';
import type { VertexSkew } from '../../analyzer/signals/skew.js';
import { sharesOneGroup } from '../../analyzer/signals/slots.js';
import { runningHere, type TaskManagerLoad } from '../../analyzer/signals/task-managers.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { max, mean, min } from '../../analyzer/numbers.js';
import { listed, percent, text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import { CPU_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';

export const skewSlotPlacement = defineRule({
  id: 'skew-slot-placement',
  category: 'skew',
  title: text('Tasks are stacked on one TaskManager', '任务堆叠在一个 TaskManager 上'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew', 'taskManagers', 'history'],
  options: {
    busyShare: {
      default: CPU_UTILISATION_MIN,
      unit: 'ratio',
      description: 'CPU of the machine from which it is full',
    },
    maxOverMean: {
      // Diagnosis §5.2.
      default: 1.3,
      unit: 'ratio',
      description: 'CPU and busy time of the fullest TaskManager over the mean from which it stands out',
    },
    tasks: {
      // With the tasks spread the difference is one at most, says Flink of its own balancing.
      default: 2,
      unit: 'count',
      description: 'tasks more than on the TaskManager with fewest',
    },
  },
  detect({ job, load, skew, taskManagers, history }, limits) {
    const found = stackedOf(history, load, skew, taskManagers, limits);
    if (found === undefined) {
      const running = runningHere(taskManagers);
      const isUntold = running.length > 1 && running.every(({ cpuCoresUsed }) => cpuCoresUsed === undefined);
      return isUntold ? { notEvaluated: CPU_NOT_TOLD } : [];
    }
    const { full, fewest, utilisation, meanUtilisation, windowMs } = found;
    const { taskManagerId } = full;
    const names = listed(full.stacked.map((vertexId) => job.vertexName(vertexId)));
    return [
      {
        severity: 'warning' as const,
        confidence: 0.75,
        subject: { kind: 'taskmanager' as const, taskManagerId },
        title: text(
          `${taskManagerId} runs ${full.tasks} tasks of the job and is full; another runs ${fewest}`,
          `${taskManagerId} 运行该作业的 ${full.tasks} 个任务且已满载；另一个只有 ${fewest} 个`,
        ),
        summary: text(
          `The slots in use are spread, but subtasks of ${names.en} are put together in a few of them: a vertex with fewer subtasks than slots goes into the first ones. The machine is at ${percent(utilisation)}, the mean of all at ${percent(meanUtilisation)}.`,
          `使用的 slot 是分散的，但 ${names['zh-CN']} 的子任务集中在少数 slot 中：子任务数少于 slot 数的顶点会先占用靠前的 slot。该机器使用率为 ${percent(utilisation)}，平均为 ${percent(meanUtilisation)}。`,
        ),
        evidence: [
          ...evidence('cpuUtilisation', utilisation, windowMs, ['>=', limits.busyShare]),
          ...evidence('cpuMaxOverMean', utilisation / meanUtilisation, windowMs, ['>=', limits.maxOverMean]),
          ...evidence('tasksOnTaskManager', full.tasks, windowMs, ['>=', fewest + limits.tasks]),
        ],
        wouldChange: [text('the machines are loaded alike', '各机器负载相近')],
      },
    ];
  },
  advise(_finding, { job, load, skew, taskManagers, history }, limits) {
    const found = stackedOf(history, load, skew, taskManagers, limits);
    if (found === undefined) return [];
    const option = optionKeys.spreadTasks(job.flinkVersion);
    const changes =
      option === undefined
        ? widened(found.full, history)
        : [optionChange('jobmanager', option[0], option[1], history.configuration)];
    return settingAdvice(
      {
        kind: option === undefined ? 'parallelism' : 'slots',
        title:
          option === undefined
            ? text(
                'Give every vertex as many subtasks as there are slots in use',
                '让每个顶点的子任务数等于使用的 slot 数',
              )
            : text('Spread the tasks over the TaskManagers', '将任务分散到各 TaskManager'),
        changes,
        effect: {
          metric: 'cpuUtilisation',
          label: labelOf('cpuUtilisation'),
          from: found.utilisation,
          to: found.meanUtilisation,
          low: found.meanUtilisation,
          high: found.utilisation,
          unit: 'ratio',
        },
        verify: ['<', limits.busyShare],
        restart: option === undefined ? 'job' : 'cluster',
        note: text('the job restarts from its last checkpoint', '作业从最近的检查点重启'),
        rejected: rejectedBeside(option !== undefined),
        confidence: 0.65,
        source: 'deployment/tasks-scheduling/balanced_tasks_scheduling/',
      },
      { job, history },
    );
  },
});

interface Stacked {
  readonly full: Placement;
  readonly fewest: number;
  readonly utilisation: number;
  readonly meanUtilisation: number;
  readonly windowMs: number;
}

/**
 * The fullest TaskManager, if its place in the job is why. Unevenly used slots are left to `slots-not-spread`, vertices
 * with unevenly spread records to the rules of skew, and several sharing groups to whoever made them.
 */
function stackedOf(
  history: JobHistory,
  load: LoadSignal,
  skew: readonly VertexSkew[],
  taskManagers: readonly TaskManagerLoad[],
  limits: { readonly busyShare: number; readonly maxOverMean: number; readonly tasks: number },
): Stacked | undefined {
  const running = runningHere(taskManagers);
  const used = running.map(({ slots, slotsFree }) => slots - slotsFree);
  if (!standApart(running) || !sharesOneGroup(history) || (max(used) ?? 0) - (min(used) ?? 0) > 1) return undefined;
  // To see where each task of a thousand vertices is takes a while, and hardly ever is a machine full.
  if (!running.some((tm) => utilisationOf(tm, taskManagers) >= limits.busyShare)) return undefined;
  const placements = placementsOf(history, load);
  const [full] = placements;
  const tm = running.find(({ taskManagerId }) => taskManagerId === full?.taskManagerId);
  if (full === undefined || tm === undefined) return undefined;
  const fewest = min(placements.map(({ tasks }) => tasks)) ?? full.tasks;
  const utilisation = utilisationOf(tm, taskManagers);
  const loads = placements.flatMap(({ taskManagerId }) => running.filter((one) => one.taskManagerId === taskManagerId));
  const meanUtilisation = mean(loads.map((each) => utilisationOf(each, taskManagers))) ?? utilisation;
  const meanBusy = mean(placements.map(({ busySum }) => busySum)) ?? full.busySum;
  const isSkewed = skew.some(({ vertexId, kind }) => kind !== 'even' && full.stacked.includes(vertexId));
  const isStacked =
    full.stacked.length > 0 &&
    !isSkewed &&
    full.tasks - fewest >= limits.tasks &&
    utilisation >= limits.busyShare &&
    utilisation >= limits.maxOverMean * meanUtilisation &&
    full.busySum >= limits.maxOverMean * meanBusy;
  return isStacked ? { full, fewest, utilisation, meanUtilisation, windowMs: Math.max(1, tm.windowMs) } : undefined;
}

/** At least two of them, each on a machine of its own and with a CPU time that is told. */
function standApart(loads: readonly TaskManagerLoad[]): boolean {
  const hosts = new Set(loads.map(({ host }) => host));
  return loads.length > 1 && hosts.size === loads.length && loads.every((tm) => tm.cpuCoresUsed !== undefined);
}

/** As many subtasks as the widest vertex has cost no slot; keyed vertices have no more than their max parallelism. */
function widened({ stacked }: Placement, { vertices }: JobHistory): readonly Change[] {
  const widest = max(vertices.map(({ parallelism = 1 }) => parallelism)) ?? 1;
  return vertices
    .filter(({ vertexId }) => stacked.includes(vertexId))
    .flatMap(({ vertexId, name, parallelism = 1, maxParallelism = widest }): Change[] => {
      const to = Math.min(widest, maxParallelism);
      return to <= parallelism
        ? []
        : [{ scope: 'vertex', vertexId, vertexName: name, from: parallelism, to, unit: 'subtasks' }];
    });
}

function rejectedBeside(canSpreadTasks: boolean): Advice['rejected'] {
  return [
    {
      alternative: text('spreading the slots', '分散 slot'),
      why: text('they are spread: it is what runs in them that is not', 'slot 已经分散，不均的是其中运行的任务'),
    },
    ...(canSpreadTasks
      ? []
      : [
          {
            alternative: text('taskmanager.load-balance.mode: TASKS', 'taskmanager.load-balance.mode: TASKS'),
            why: text('this Flink does not have it: it came with 2.2', '此版本 Flink 没有该模式：自 2.2 起提供'),
          },
        ]),
  ];
}
