import type { VertexHistory } from '../../collector/model/index.js';
import type { ExplainedBottleneck } from '../graph/cause.js';
import type { VertexLoad } from '../signals/load.js';
import type { VertexSkew } from '../signals/skew.js';
import { max, present, sum } from '../numbers.js';
import { percent, text, type Text } from '../text.js';
import { busyAt, type VertexCapacity } from './parallelism.js';
import { servedAt, type Contention } from './scalability.js';
import { scaleOutWasFutile } from './scale-outs.js';

/** What is known of a vertex that decides whether more or fewer subtasks share its work. */
export interface VertexWork {
  readonly vertex: VertexHistory;
  readonly load: VertexLoad;
  readonly capacity: VertexCapacity;
  readonly isSource: boolean;
  readonly skew?: VertexSkew;
  readonly bottleneck?: ExplainedBottleneck;
  /** `capacity` reckons with it. */
  readonly contention?: Contention;
}

/** How the work of a vertex falls on its subtasks at another parallelism, or why that cannot be known. */
export type WorkAt =
  | {
      readonly known: true;
      /** Part of all work that the busiest subtask gets. */
      readonly share: number;
      /** Why more subtasks do not take anything off it. */
      readonly limit?: Text;
      /** What must hold for this to come true. */
      readonly assumption?: Text;
    }
  | { readonly known: false; readonly why: Text };

/** The same limits as the advice has: what Weir would not advise for its gain, it does not predict a gain from. */
export function workAt(work: VertexWork, parallelism: number): WorkAt {
  const from = work.capacity.parallelism;
  const now = measuredShare(work);
  if (parallelism === from) return { known: true, share: now };
  const { maxParallelism } = work.vertex;
  if (maxParallelism !== undefined && parallelism > maxParallelism) return unknown(beyondMax(maxParallelism));
  if (work.skew?.kind === 'data-hash' || work.skew?.kind === 'few-keys') return unknown(KEYS_FALL_ANEW);
  if (work.skew?.kind === 'hot-key') return hotKeyAt(work.skew, work.capacity, now, parallelism);
  return parallelism < from ? evenAt(work, now, parallelism) : moreAt(work, now, parallelism);
}

function moreAt(work: VertexWork, now: number, parallelism: number): WorkAt {
  const { bottleneck, vertex, isSource, load, contention } = work;
  const readers = load.subtasks.filter(({ recordsOutPerSecond }) => (recordsOutPerSecond ?? 0) > 0).length;
  if (isSource && readers > 0 && readers < work.capacity.parallelism) {
    return { known: true, share: now, limit: noMoreSplits(readers) };
  }
  const even = evenAt(work, now, parallelism);
  switch (bottleneck?.cause.kind) {
    case 'gc':
      return unknown(COLLECTS);
    case 'cpu-saturated':
      return unknown(NO_CORE);
    case 'unclear':
      return unknown(UNCLEAR[bottleneck.cause.why]);
    case 'external-wait':
      return scaleOutWasFutile(vertex)
        ? { known: true, share: now, limit: FUTILE }
        : {
            ...even,
            assumption: contention === undefined ? outsideKeepsUp(vertex.name) : asSeen(vertex.name, contention),
          };
    default:
      return isSource ? { ...even, assumption: enoughSplits(vertex.name, parallelism) } : even;
  }
}

/** What the busiest subtask has beyond an even split today it is taken to have then: unevenness is not planned away. */
function evenAt({ capacity }: VertexWork, now: number, parallelism: number) {
  const unevenness = Math.max(1, now / evenShare(capacity, capacity.parallelism));
  return { known: true as const, share: Math.min(1, evenShare(capacity, parallelism) * unevenness) };
}

/** One key is always one subtask. With fewer subtasks more of the others come to sit beside it. */
function hotKeyAt({ hotKeyShare }: VertexSkew, capacity: VertexCapacity, now: number, parallelism: number): WorkAt {
  if (parallelism > capacity.parallelism) return { known: true, share: now, limit: oneKey(hotKeyShare) };
  const beside = (1 - hotKeyShare) * evenShare(capacity, parallelism);
  return { known: true, share: Math.min(1, Math.max(now, hotKeyShare + beside)) };
}

/** By key groups where the vertex is keyed. */
function evenShare(capacity: VertexCapacity, parallelism: number): number {
  return busyAt(capacity, parallelism, 1) / capacity.secondsPerRecord;
}

function measuredShare({ load, capacity }: VertexWork): number {
  const busy = present(load.subtasks.map(({ busyRatio }) => busyRatio));
  const measured = (max(busy) ?? 0) / sum(busy);
  return Math.max(measured, evenShare(capacity, capacity.parallelism));
}

function unknown(why: Text): WorkAt {
  return { known: false, why };
}

function beyondMax(maxParallelism: number): Text {
  return text(
    `its max parallelism is ${maxParallelism}; Flink refuses more`,
    `其最大并行度为 ${maxParallelism}，Flink 会拒绝更大的值`,
  );
}
function oneKey(share: number): Text {
  return text(
    `one key carries about ${percent(share)} of its records, and a key is always on one subtask`,
    `约 ${percent(share)} 的记录集中在一个键上，而一个键只在一个子任务上`,
  );
}
function noMoreSplits(readers: number): Text {
  return text(
    `only ${readers} of its subtasks read anything: there are no more splits (Kafka: partitions) to share`,
    `只有 ${readers} 个子任务在读取：没有更多 split（Kafka：分区）可分`,
  );
}
function outsideKeepsUp(name: string): Text {
  return text(
    `what ${name} waits for takes the additional requests as fast as those of today`,
    `${name} 所等待的外部系统能以同样的速度承受更多请求`,
  );
}
function asSeen(name: string, contention: Contention): Text {
  const seen = servedAt(contention);
  return text(
    `subtasks of ${name} hold one another up as they did before: when full ${seen.en}`,
    `${name} 的子任务仍像以前一样相互牵制：满负荷时 ${seen['zh-CN']}`,
  );
}
function enoughSplits(name: string, parallelism: number): Text {
  return text(
    `${name} has at least ${parallelism} splits (Kafka: partitions)`,
    `${name} 至少有 ${parallelism} 个 split（Kafka：分区）`,
  );
}
const KEYS_FALL_ANEW = text(
  'its keys are spread unevenly, and how they fall on another number of subtasks is not known',
  '其键分布不均，换一个子任务数后如何分布无从得知',
);
const COLLECTS = text(
  'its time goes into garbage collection; what more subtasks on the same heap do to that is not known',
  '其时间耗在垃圾回收上；在同一个堆上增加子任务会怎样无从得知',
);
const NO_CORE = text(
  'no core of its machine is free: what more subtasks bring depends on where they run',
  '其所在机器没有空闲的核：增加子任务的效果取决于它们运行在哪里',
);
const FUTILE = text(
  'it was given more subtasks before and served no more for it: what it waits for is at its own limit',
  '此前增加过子任务却没有处理更多：它所等待的外部系统已到极限',
);
const UNCLEAR: Readonly<Record<'host-starved' | 'no-cpu-time' | 'mixed' | 'uneven', Text>> = {
  'host-starved': text(
    'others on its machine take the cores, so what more subtasks bring is not known',
    '同一机器上的其他进程占用了核，增加子任务的效果无从得知',
  ),
  'no-cpu-time': text(
    'Flink tells no CPU time, so whether it computes or waits is not known',
    'Flink 没有提供 CPU 时间，无法得知它是在计算还是在等待',
  ),
  uneven: text(
    'only some of its subtasks are full, and their records do not tell why',
    '只有部分子任务满负荷，而其记录数说明不了原因',
  ),
  mixed: text(
    'it partly computes and partly waits, and what holds it back is not known',
    '它一部分时间在计算、一部分在等待，瓶颈所在无从得知',
  ),
};
