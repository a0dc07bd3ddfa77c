import type { JobHistory } from '../../collector/model/index.js';
import { present } from '../numbers.js';
import { text, type Text } from '../text.js';
import { NO_WHOLE_NUMBER, wholeNumber, type AskedChange, type NotPredicted } from './what-if-change.js';
import { workAt, type VertexWork } from './what-if-work.js';

export const PARALLELISM_KEY = 'parallelism.default';

export function isVertexChange(change: AskedChange): boolean {
  return change.scope === 'vertex' && change.vertexId !== undefined && change.key === undefined;
}
export function isDefaultChange({ scope, key }: AskedChange): boolean {
  return scope === 'job' && key === PARALLELISM_KEY;
}
export interface Parallelisms {
  readonly to: ReadonlyMap<string, number>;
  readonly assumptions: readonly Text[];
}

/** What parallelism each changed vertex gets; changes whose effect is not known go to `refused`. */
export function parallelismsOf<C extends AskedChange>(
  changes: readonly C[],
  history: JobHistory,
  works: ReadonlyMap<string, VertexWork>,
  noLoad: Text | undefined,
  refused: NotPredicted<C>[],
): Parallelisms {
  const to = new Map<string, number>();
  const assumptions: Text[] = [];
  const explicit = new Set(present(changes.filter(isVertexChange).map(({ vertexId }) => vertexId)));
  let more = false;
  for (const change of changes.filter((each) => isVertexChange(each) || isDefaultChange(each))) {
    const parallelism = wholeNumber(change.to);
    const vertexIds = isVertexChange(change)
      ? present([change.vertexId])
      : followers(history).filter((vertexId) => !explicit.has(vertexId));
    const planned = vertexIds.map((vertexId) => plannedFor(vertexId, parallelism, history, works, noLoad));
    const why =
      parallelism === undefined
        ? NO_WHOLE_NUMBER
        : vertexIds.length === 0
          ? NO_FOLLOWERS
          : planned.find((plan) => 'why' in plan)?.why;
    if (why !== undefined || parallelism === undefined) {
      refused.push({ change, why: why ?? NO_WHOLE_NUMBER });
      continue;
    }
    for (const plan of planned) {
      if ('why' in plan) continue;
      to.set(plan.vertexId, parallelism);
      more ||= parallelism > plan.from;
      if (plan.assumption !== undefined) assumptions.push(plan.assumption);
    }
    if (isDefaultChange(change)) assumptions.push(defaultFollowed(vertexIds.length));
  }
  return { to, assumptions: [...assumptions, ...(more ? [CORES_FOR_SUBTASKS] : [])] };
}

interface Planned {
  readonly vertexId: string;
  readonly from: number;
  readonly assumption?: Text;
  readonly why?: never;
}

function plannedFor(
  vertexId: string,
  parallelism: number | undefined,
  history: JobHistory,
  works: ReadonlyMap<string, VertexWork>,
  noLoad: Text | undefined,
): Planned | { readonly why: Text } {
  const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
  if (vertex === undefined) return { why: noVertex(vertexId) };
  if (noLoad !== undefined) return { why: noLoad };
  const work = works.get(vertexId);
  if (work === undefined) return { why: costUnknown(vertex.name) };
  const after = workAt(work, parallelism ?? work.capacity.parallelism);
  if (!after.known) return { why: named(vertex.name, after.why) };
  return {
    vertexId,
    from: work.capacity.parallelism,
    ...(after.assumption === undefined ? {} : { assumption: after.assumption }),
  };
}

/** Vertices that run with the job's default parallelism today; one whose maximum is 1 can never follow it. */
function followers({ vertices, configuration }: JobHistory): readonly string[] {
  const today = Number(configuration[PARALLELISM_KEY] ?? NaN);
  return vertices
    .filter(({ parallelism, maxParallelism }) => parallelism === today && maxParallelism !== 1)
    .map(({ vertexId }) => vertexId);
}

function noVertex(vertexId: string): Text {
  return text(`the job has no vertex ${vertexId}`, `作业中没有顶点 ${vertexId}`);
}
function costUnknown(name: string): Text {
  return text(
    `${name} serves nothing or tells no busy time now, so what one of its records costs is not known`,
    `${name} 目前没有处理记录或没有繁忙时间，单条记录的成本无从得知`,
  );
}
function named(name: string, why: Text): Text {
  return text(`${name}: ${why.en}`, `${name}：${why['zh-CN']}`);
}
function defaultFollowed(count: number): Text {
  return text(
    `of the vertices, the ${count} that now run with the default parallelism follow it`,
    `目前以默认并行度运行的 ${count} 个顶点会随之改变`,
  );
}
const NO_FOLLOWERS = text(
  `the default parallelism is not known, or no vertex runs with it: name the vertices`,
  `默认并行度未知，或没有顶点以它运行：请指明顶点`,
);
const CORES_FOR_SUBTASKS = text('the new subtasks find free cores', '新增的子任务有空闲的核可用');
