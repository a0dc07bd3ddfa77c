import type { SubtaskSample } from '../model/index.js';
import type { SubtaskExtras } from './subtask-metrics.js';

/** Where a vertex stands in the job graph. */
export interface VertexPlace {
  readonly isSource: boolean;
  readonly isSink: boolean;
}

/**
 * A task counts only what crosses its network edges. So a source says 0 records in and a sink 0 records out, whatever
 * they do (1.13 to 1.20; 2.x counts some): that 0 means "not counted" and is left out. What a source read is taken from
 * its source operator instead.
 */
export function withReportedCounts(sample: SubtaskSample, place: VertexPlace, extras: SubtaskExtras): SubtaskSample {
  const { recordsIn, bytesIn, recordsOut, bytesOut } = sample;
  const read = place.isSource ? sourceRecordsIn(recordsIn, extras.recordsIn) : recordsIn;
  // Field by field, because of a fleet's million subtasks copies in between are a tenth of all that is allocated.
  const reported = phaseAndLoadOf(sample);
  if (extras.watermarkMs !== undefined) reported.watermarkMs = extras.watermarkMs;
  if (extras.pendingRecords !== undefined) reported.pendingRecords = extras.pendingRecords;
  if (read !== undefined) reported.recordsIn = read;
  if (isCounted(bytesIn, place.isSource)) reported.bytesIn = bytesIn;
  if (isCounted(recordsOut, place.isSink)) reported.recordsOut = recordsOut;
  if (isCounted(bytesOut, place.isSink)) reported.bytesOut = bytesOut;
  return reported;
}

type Writable = { -readonly [K in keyof SubtaskSample]: SubtaskSample[K] };

function phaseAndLoadOf(sample: SubtaskSample): Writable {
  const { atMs, state, attempt, startMs, runningSinceMs, taskManagerId, busyMs, idleMs, backPressuredMs } = sample;
  const copy: Writable = { atMs, state, attempt };
  if (startMs !== undefined) copy.startMs = startMs;
  if (runningSinceMs !== undefined) copy.runningSinceMs = runningSinceMs;
  if (taskManagerId !== undefined) copy.taskManagerId = taskManagerId;
  if (busyMs !== undefined) copy.busyMs = busyMs;
  if (idleMs !== undefined) copy.idleMs = idleMs;
  if (backPressuredMs !== undefined) copy.backPressuredMs = backPressuredMs;
  return copy;
}

const isCounted = (value: number | undefined, atEdge: boolean): value is number =>
  value !== undefined && (value > 0 || !atEdge);

function sourceRecordsIn(taskRecords: number | undefined, operatorRecords: number | undefined): number | undefined {
  const isTold = operatorRecords !== undefined || (taskRecords ?? 0) > 0;
  return isTold ? Math.max(taskRecords ?? 0, operatorRecords ?? 0) : undefined;
}
