import { duration, percent, text, type Text } from '../../text.js';
import type { VertexLoad } from '../../signals/load.js';
import { RESTART_MS } from '../parallelism.js';
import { isOutside, type EvaluatedVertex } from './metrics.js';
import type { AutoscalerOptions } from './options.js';

export interface Difference {
  readonly from: number;
  readonly to: number;
  readonly own: number;
  readonly vertex: EvaluatedVertex;
  readonly load: VertexLoad;
  readonly options: AutoscalerOptions;
  readonly slots: { readonly from: number; readonly to: number };
  /** What its rates alone come to, before key groups or partitions are shared out. */
  readonly unaligned: number;
  /** What it would give the vertex if the job were changed; missing where it leaves the vertex out. */
  readonly sized: number | undefined;
  readonly cause: Text | undefined;
  /** It changes some vertex of the job. */
  readonly acts: boolean;
}

/** Busiest and mean this far apart: one subtask does not stand for all. */
const UNEVEN = 0.2;

/** Why the autoscaler comes to another parallelism of a vertex than Weir. */
export function whyItDiffers(difference: Difference): Text {
  const { from, to, own } = difference;
  if (to === from) return joined(whyItStays(difference));
  if (to < from) return joined(own < from ? whyAnotherStepDown(difference) : whyItShrinks(difference));
  return joined(to > own ? whyMore(difference) : whyLess(difference));
}

function whyMore(difference: Difference): readonly Text[] {
  const { cause, from, own, to } = difference;
  if (cause !== undefined)
    return [
      ...busiestStandsForAll(difference),
      text(
        `It expects the rate to grow with the parallelism and adds subtasks; Weir adds none, for more of them do not remove the cause: ${cause.en}.`,
        `它假定处理速率随并行度增长，因此增加子任务；Weir 不增加，因为更多子任务无法消除原因：${cause['zh-CN']}。`,
      ),
    ];
  const parts = [
    ...resizedWithTheJob(difference),
    ...busiestStandsForAll(difference),
    ...aligned(difference),
    ...backlogFirst(difference),
    ...longRestart(difference),
  ];
  if (parts.length > 0) return parts;
  return own === from
    ? [
        text(
          `It sizes every vertex for ${percent(difference.options.utilizationTarget)} busy; Weir changes only what holds the job back.`,
          `它按 ${percent(difference.options.utilizationTarget)} 的繁忙度为每个顶点定容；Weir 只调整限制作业的顶点。`,
        ),
      ]
    : [text(`It comes to ${to} from the rates alone, Weir to ${own}.`, `它仅由速率得出 ${to}，Weir 得出 ${own}。`)];
}

function whyLess({ to, own }: Difference): readonly Text[] {
  return [
    text(
      `It comes to ${to} from the rates alone; Weir to ${own}, for the subtask with the most key groups has to keep up as well.`,
      `它仅由速率得出 ${to}；Weir 得出 ${own}，因为键组最多的子任务也必须跟得上。`,
    ),
  ];
}

function whyItStays(difference: Difference): readonly Text[] {
  const { from, sized, vertex, options, acts, unaligned } = difference;
  if (sized === undefined)
    return [
      text(
        'It is told to leave this vertex alone (vertex.exclude.ids).',
        '配置要求它不处理该顶点（vertex.exclude.ids）。',
      ),
    ];
  if (!acts) return withinBounds(difference);
  const limit = Math.min(vertex.maxParallelism, Math.max(from, options.vertexMaxParallelism));
  if (from === limit && isOutside(vertex))
    return [
      text(
        `Its limit is ${limit} subtasks (vertex.max-parallelism, or the vertex's own max parallelism).`,
        `它的上限是 ${limit} 个子任务（vertex.max-parallelism 或顶点自身的最大并行度）。`,
      ),
    ];
  if (unaligned === from)
    return [text('Its rates come to the parallelism that it has.', '按速率计算，它得出的正是当前并行度。')];
  const pieces = piecesOf(difference);
  return [
    text(
      `It comes to ${unaligned}, finds no parallelism in this direction that shares out ${pieces.en} and stays.`,
      `它得出 ${unaligned}，但在这个方向上找不到能均分${pieces['zh-CN']}的并行度，因此不变。`,
    ),
  ];
}

function whyItShrinks({ load, slots, vertex }: Difference): readonly Text[] {
  const busy = load.busyMax ?? vertex.load ?? 0;
  const idle = text(
    `With its busiest subtask ${percent(busy)} busy the vertex is larger than needed to it.`,
    `该顶点最繁忙的子任务只有 ${percent(busy)} 的繁忙度，它认为顶点偏大。`,
  );
  if (slots.to >= slots.from)
    return [
      idle,
      text(
        `Weir leaves it: vertices share slots, and the job would need ${slots.to} after as ${slots.from} before, for a restart.`,
        `Weir 保持不变：各顶点共享槽位，作业重启后仍需 ${slots.to} 个槽位（此前 ${slots.from} 个）。`,
      ),
    ];
  return [
    idle,
    text(
      'Weir takes nothing away below what the highest load that it saw needs.',
      'Weir 不会降到已观测到的最高负载所需的规模以下。',
    ),
  ];
}

function whyAnotherStepDown({ own, to, options }: Difference): readonly Text[] {
  return to > own
    ? [
        text(
          `One step takes away ${percent(options.scaleDownMaxFactor)} at most (scale-down.max-factor).`,
          `每一步最多缩减 ${percent(options.scaleDownMaxFactor)}（scale-down.max-factor）。`,
        ),
      ]
    : [
        text(
          'It sizes for the load of its window; Weir keeps what the highest load that it saw needs.',
          '它按窗口内的负载定容；Weir 保留已观测到的最高负载所需的规模。',
        ),
      ];
}

/** The bounds in the terms of a busy share; backlog and restarts move them a little. */
function withinBounds({ options }: Difference): readonly Text[] {
  const low = options.utilizationMin ?? options.utilizationTarget - options.utilizationBoundary;
  const high = options.utilizationMax ?? options.utilizationTarget + options.utilizationBoundary;
  const [from, to] = [percent(Math.max(0, low)), percent(Math.min(1, high))];
  return [
    text(
      `It lets a vertex be between about ${from} and ${to} busy, and no vertex of the job is outside.`,
      `它允许顶点的繁忙度在约 ${from} 到 ${to} 之间，而作业中没有顶点超出。`,
    ),
  ];
}

function resizedWithTheJob({ vertex }: Difference): readonly Text[] {
  if (isOutside(vertex)) return [];
  return [
    text(
      'This vertex is within its bounds, but another is not, and then it resizes all of them.',
      '该顶点在允许范围内，但另有顶点超出，此时它会调整所有顶点。',
    ),
  ];
}

function busiestStandsForAll({ load, options }: Difference): readonly Text[] {
  const { busyMax, busyMean } = load;
  if (options.busyAggregator !== 'MAX' || busyMax === undefined || busyMean === undefined) return [];
  if (busyMax - busyMean < UNEVEN) return [];
  return [
    text(
      `It takes the busiest subtask (${percent(busyMax)}) for all of them (${percent(busyMean)} on average).`,
      `它用最繁忙的子任务（${percent(busyMax)}）代表全部子任务（平均 ${percent(busyMean)}）。`,
    ),
  ];
}

function aligned(difference: Difference): readonly Text[] {
  const { unaligned, to } = difference;
  if (unaligned >= to) return [];
  const pieces = piecesOf(difference);
  return [
    text(
      `It goes from ${unaligned} up to ${to} to share out ${pieces.en} evenly.`,
      `为均分${pieces['zh-CN']}，它把 ${unaligned} 提高到 ${to}。`,
    ),
  ];
}

function piecesOf({ vertex: { sourcePartitions, maxParallelism } }: Difference): Text {
  return sourcePartitions > 0
    ? text(`${sourcePartitions} partitions`, ` ${sourcePartitions} 个分区`)
    : text(`${maxParallelism} key groups`, ` ${maxParallelism} 个键组`);
}

/** Weir gives the backlog at most the demand once more (`requiredPerSecond`). */
function backlogFirst({ vertex: { catchUpPerSecond = 0, targetPerSecond = 0 }, options }: Difference): readonly Text[] {
  if (catchUpPerSecond <= targetPerSecond) return [];
  const within = duration(options.catchUpSeconds * 1000);
  return [
    text(
      `It sizes for the backlog to be gone within ${within}, whatever that takes; Weir at most doubles the demand for it.`,
      `它按在 ${within} 内消除积压定容，不设上限；Weir 为此最多按需求的两倍定容。`,
    ),
  ];
}

function longRestart({ options: { restartSeconds, catchUpSeconds } }: Difference): readonly Text[] {
  if (catchUpSeconds === 0 || restartSeconds * 1000 <= RESTART_MS) return [];
  const [theirs, ours] = [duration(restartSeconds * 1000), duration(RESTART_MS)];
  return [
    text(`It allows for restarts of ${theirs}, Weir for ${ours}.`, `它按 ${theirs} 的重启时间预留，Weir 按 ${ours}。`),
  ];
}

function joined(parts: readonly Text[]): Text {
  return text(parts.map(({ en }) => en).join(' '), parts.map((part) => part['zh-CN']).join(''));
}
