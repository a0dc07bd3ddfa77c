import { lastSampleOf } from '../../collector/model/index.js';
import { neverEmittedMs } from '../../analyzer/signals/event-time.js';
import { max, min, present, sum } from '../../analyzer/numbers.js';
import { oncePerReading } from '../../analyzer/signals/per-reading.js';

/** What the readers of a source did since they began to run. */
export interface Readers {
  readonly parallelism: number;
  /** Subtasks that never emitted a record, and of which none waits. */
  readonly unused: readonly number[];
  /** They tell no waiting records while others do: a reader registers that with its first partition. */
  readonly isCertain: boolean;
  /** Records of all readers together. */
  readonly records: number;
  /** For how long all of the unused ones have been running. */
  readonly silentMs: number;
}

/** Undefined while a reader is not running, or too young to say that it never emits. */
export const readersOf = oncePerReading((vertex): Readers | undefined => {
  const { subtasks, parallelism = 0 } = vertex;
  const latest = present(
    subtasks
      .filter(({ subtask }) => subtask < parallelism)
      .map(({ subtask }) => {
        const sample = lastSampleOf(vertex, subtask);
        return sample?.state === 'RUNNING' ? { subtask, sample } : undefined;
      }),
  );
  if (parallelism < 2 || latest.length < parallelism) return undefined;
  // A count that is not told is no count of 0.
  if (latest.some(({ sample }) => sample.recordsOut === undefined && sample.recordsIn === undefined)) return undefined;
  const read = latest.map(({ subtask, sample }) => ({
    subtask,
    pending: sample.pendingRecords,
    records: Math.max(sample.recordsIn ?? 0, sample.recordsOut ?? 0),
    runsMs: sample.atMs - (sample.runningSinceMs ?? sample.startMs ?? sample.atMs),
  }));
  const unused = read.filter(({ records, pending }) => records === 0 && (pending ?? 0) === 0);
  const silentMs = min(unused.map(({ runsMs }) => runsMs)) ?? 0;
  const othersTell = read.some(({ pending }) => pending !== undefined);
  const isCertain = othersTell && unused.every(({ pending }) => pending === undefined);
  if (unused.length > 0 && silentMs < neverEmittedMs(!isCertain)) return undefined;
  return {
    parallelism,
    unused: unused.map(({ subtask }) => subtask),
    isCertain,
    records: sum(read.map(({ records }) => records)),
    silentMs: max([silentMs, 1]) ?? 1,
  };
});
