import { labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice, Change } from '../../analyzer/engine/recommendation.js';
import type { JobHistory } from '../../collector/model/index.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { max, present } from '../../analyzer/numbers.js';
import { diffsFor } from '../../analyzer/tuning/advice.js';
import { mebibytes, parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, text, type Text } from '../../analyzer/text.js';

export const MIB = 1024 * 1024;
const PROCESS = 'taskmanager.memory.process.size';
const MEMORY_DOCS = 'https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/memory/';

/** The process size of the TaskManagers, as they tell it or as it is configured. */
export function processBytesOf({ taskManagers, configuration }: JobHistory): number | undefined {
  return (
    max(present(taskManagers.map(({ memory }) => memory.totalProcessBytes))) ??
    parseMemorySize(configuration[PROCESS] ?? '')
  );
}

export interface MemoryPart {
  /** Options to set, all to the same size: a part with its lower and upper bound has two. */
  readonly keys: readonly string[];
  /** What holds today: configured or Flink's default. */
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly title: Text;
  readonly page: 'mem_setup_tm' | 'mem_trouble' | 'mem_tuning' | 'network_mem_tuning';
  readonly rejected?: Advice['rejected'];
  readonly confidence?: number;
  /** What it is expected to bring; default: no more of these failures. */
  readonly expected?: Advice['expected'];
  readonly verify?: Advice['verify'];
}

/**
 * One part of a TaskManager's memory made larger, and the process by as much, so that no other part pays for it.
 * Nothing is advised where the process size is not known: then the part would take from heap or managed memory.
 */
export function partAdvice(part: MemoryPart, job: JobFacts, history: JobHistory): readonly Advice[] {
  const processBytes = processBytesOf(history);
  const extra = part.toBytes - part.fromBytes;
  if (processBytes === undefined || extra <= 0) return [];
  const { configuration } = history;
  const change = (key: string, from: string | null, to: string): Change => ({
    scope: 'taskmanager',
    key,
    from,
    to,
    unit: 'bytes',
  });
  const changes = [
    ...part.keys.map((key) => change(key, configuration[key] ?? null, mebibytes(part.toBytes))),
    change(PROCESS, configuration[PROCESS] ?? mebibytes(processBytes), mebibytes(processBytes + extra)),
  ];
  const alive = history.taskManagers.filter(({ goneMs }) => goneMs === undefined).length;
  return [
    {
      kind: 'memory',
      title: part.title,
      changes,
      diffs: diffsFor(changes, { job, history }),
      expected: [{ metric: 'failures', label: labelOf('failures'), from: 1, to: 0, low: 0, high: 0, unit: 'count' }],
      cost: { slots: 0, taskManagers: 0, memoryBytes: extra * Math.max(1, alive) },
      prerequisites: [
        text(`each machine or container has ${bytes(extra)} more memory`, `每台机器或容器还有 ${bytes(extra)} 内存`),
      ],
      risk: {
        restart: 'cluster',
        stateLoss: false,
        note: text(
          'TaskManagers restart; jobs resume from their last checkpoint',
          'TaskManager 重启，作业从最近检查点恢复',
        ),
      },
      verify: part.verify ?? [
        { metric: 'failures', label: labelOf('failures'), comparison: '=', target: 0, unit: 'count' },
      ],
      rejected: part.rejected ?? [],
      confidence: part.confidence ?? 0.75,
      sources: [`${MEMORY_DOCS}${part.page}/`],
    },
  ];
}
